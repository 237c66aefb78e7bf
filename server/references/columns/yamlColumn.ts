// YAML column: the column that `columns:` of a dbt file names at a place, and where the table above it is named.
import type { LineIndex } from '../../syntax/lines.ts';
import type { ColumnUse } from './sqlColumn.ts';

/** Farther up nobody looks; a hover must not take long. */
const farthest = 3_000;
const item = /^(\s*)((?:-\s+)?)name:(\s+)(["']?)([^\s"'#{}[\],:]+)\4\s*(?:#.*)?$/;

/** Undefined: no column is named there. `tables` has the name of its table, an entry with `columns:` below it. */
export function yamlColumnAt(text: string, lines: LineIndex, at: number): ColumnUse | undefined {
  const here = lines.lineAt(at);
  const lineAt = (line: number): string =>
    text.slice(lines.starts[line], lines.starts[line + 1] ?? text.length).replace(/[\r\n]+$/, '');
  const named = nameIn(lineAt(here), lines.starts[here] ?? 0);
  if (!named || at < named.from || at > named.to) return undefined;
  // Up to the key that the list is of, then up to the entry that has this key.
  let margin = named.isItem ? named.margin : undefined;
  let key: number | undefined;
  for (let line = here - 1; line >= 0 && here - line < farthest; line--) {
    const said = lineAt(line);
    const shape = /^(\s*)((?:-\s+)?)([^\s#][^:]*)?/.exec(said);
    if (!shape || shape[3] === undefined) continue;
    const [, indent = '', dash = '', word = ''] = shape;
    const column = indent.length + dash.length;
    if (margin === undefined) {
      if (dash !== '' && column === named.column) margin = indent.length;
      continue;
    }
    if (key === undefined) {
      if (indent.length > margin || (indent.length === margin && dash !== '')) continue;
      if (word.trimEnd() !== 'columns') return undefined;
      key = column;
      if (dash !== '') return undefined;
      continue;
    }
    if (column < key) return undefined;
    const table = column === key ? nameIn(said, lines.starts[line] ?? 0) : undefined;
    if (table) return { name: named.name, from: named.from, to: named.to, tables: [table] };
    if (column === key && dash !== '') return undefined;
  }
  return undefined;
}

function nameIn(line: string, start: number) {
  const [, indent = '', dash = '', gap = '', quote = '', name = ''] = item.exec(line) ?? [];
  if (name === '') return undefined;
  const column = indent.length + dash.length;
  const from = start + column + 'name:'.length + gap.length + quote.length;
  return { name, from, to: from + name.length, column, margin: indent.length, isItem: dash !== '' };
}
