// columns PATH…: where the columns that SQL makes come from.
import { pathOf } from '../context.ts';
import { ColumnClient } from '../lineage/columns/columnClient.ts';
import type { ColumnEdge } from '../lineage/columns/columnEdges.ts';
import { dbtModelOf } from '../references/sql/file.ts';
import { longestScanned } from '../syntax/document.ts';
import type { Answer, CommandContext } from './run.ts';
import { columns as inColumns, shownPath } from './shown.ts';

export interface ColumnJson extends Omit<ColumnEdge, 'line'> {
  readonly path: string;
  /** 1-based, of the query. */
  readonly line: number;
}

/** Of files of SQL; a query that no dialect can read says nothing. */
export async function columns({ session, uris, folder }: CommandContext): Promise<Answer> {
  const client = new ColumnClient();
  try {
    const found: ColumnJson[] = [];
    for (const uri of uris.toSorted()) {
      const file = pathOf(uri);
      if (file === undefined || !/\.sql$/i.test(file)) continue;
      const text = await session.host.readText(file).catch(() => '');
      const table = dbtModelOf(uri);
      const path = shownPath(file, folder);
      const edges = await client.edges(text.slice(0, longestScanned), table === undefined ? {} : { table });
      for (const { line, ...edge } of edges) found.push({ path, line: line + 1, ...edge });
    }
    const rows = found.map(({ path, line, to, from, change, open }) => [
      `${path}:${line}`,
      [to.table, to.column].filter((part) => part !== '').join('.'),
      '←',
      [...from.map((one) => `${one.table}.${one.column}`), ...open.map((name) => `?.${name}`)].join(', '),
      change,
    ]);
    return { json: found, words: inColumns(rows), exit: 0 };
  } finally {
    client.dispose();
  }
}
