// Shown: how commands write places and tables.
import path from 'node:path';

/** Relative to the current folder, with `/`. */
export function shownPath(file: string, folder: string): string {
  return path.relative(folder, file).split(path.sep).join('/') || '.';
}

/** Columns as wide as their widest cell; control characters of tools become spaces. */
export function columns(rows: readonly (readonly string[])[]): string {
  const plain = rows.map((row) => row.map((cell) => cell.replace(/[\u0000-\u001f\u007f-\u009f]/g, ' ')));
  const widths = plain[0]?.map((_, column) => Math.max(...plain.map((row) => row[column]?.length ?? 0))) ?? [];
  return plain
    .map(
      (row) =>
        `${row
          .map((cell, column) => cell.padEnd(widths[column] ?? 0))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('');
}
