// Shown: how commands write places and tables.
import path from 'node:path';
import type { Catalog } from '../catalog/catalog.ts';

/** Relative to the current folder, with `/`. */
export function shownPath(file: string, folder: string): string {
  return path.relative(folder, file).split(path.sep).join('/') || '.';
}

/** What a terminal would obey instead of showing: control characters but newline and tab, and marks that turn the direction of text. */
const commanding = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** Text that a terminal shows as it is; text of tools may hold anything. */
export function plain(text: string): string {
  return text.replace(commanding, ' ');
}

/** Columns as wide as their widest cell; a cell stays on its line. */
export function columns(rows: readonly (readonly string[])[]): string {
  const cells = rows.map((row) => row.map((cell) => plain(cell).replace(/[\n\t]/g, ' ')));
  const widths =
    cells[0]?.map((_, column) => cells.reduce((most, row) => Math.max(most, row[column]?.length ?? 0), 0)) ?? [];
  return cells
    .map(
      (row) =>
        `${row
          .map((cell, column) => cell.padEnd(widths[column] ?? 0))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('');
}

/** A line for each source that could not be read; empty when all could. */
export function unreadSources(catalog: Catalog): string {
  return catalog
    .sources()
    .filter(({ health }) => health === 'failing' || health === 'forbidden')
    .map(({ name, reason }) => `could not read ${name}: ${reason ?? ''}\n`)
    .join('');
}

/** Behind a path, of a place in a notebook. */
export function cellWords(cell: number | undefined): string {
  return cell === undefined ? '' : `:cell ${cell}`;
}
