// Sees page: every reference that the server sees in a file, what it resolves to, and who was asked; for reports and doubts.
import type { PageResult } from '../protocol/lsp.ts';
import type { Reference } from '../references/reference.ts';
import type { Resolution } from '../resolve/resolution.ts';
import { type CellPlace, cellAt, inCell } from '../syntax/notebook/cells.ts';
import type { FeatureContext } from './context.ts';
import { shortPath } from './hovers/usage.ts';
import { code, table, visible } from './markdown.ts';
import { age, count, reasonWords } from './words.ts';

/** `cells`: of a notebook. */
export function seesPage(context: FeatureContext, uri: string, cells: readonly CellPlace[] = []): PageResult {
  const references = context.references(uri);
  const title = `What the server sees in ${visible(shortPath(uri))}`;
  const rows = references.map((reference) => [
    placeWords(reference, cells),
    reference.role,
    reference.kind,
    code(reference.name),
    detailWords(reference),
    reference.confidence,
    code(reference.via),
    outcome(context, context.resolve(reference)),
  ]);
  const head = ['line:column', 'role', 'kind', 'name', 'detail', 'confidence', 'rule', 'is'];
  const parts = [
    `# What the server sees in ${code(shortPath(uri))}`,
    rows.length > 0
      ? `${count(rows.length, 'reference')}.\n\n${table(head, rows)}`
      : 'No reference. Python, SQL and dbt files are read; a name that is not known to any rule is not seen.',
    `## Sources\n\n${sourceTable(context)}`,
    `Catalog revision ${context.catalog.revision}.`,
  ];
  return { title, text: `${parts.join('\n\n')}\n` };
}

function placeWords({ range: { start } }: Reference, cells: readonly CellPlace[]): string {
  const cell = cellAt(cells, start.line);
  const { line, character } = cell ? inCell(cell, start) : start;
  return `${cell ? `cell ${cell.index}, ` : ''}${line + 1}:${character}`;
}

function detailWords({ detail, within }: Reference): string {
  const said = [
    ...Object.entries(detail),
    ...Object.entries(within).map(([key, value]) => [`in ${key}`, value] as const),
  ];
  return said.flatMap(([key, value]) => (typeof value === 'string' ? [`${key} ${code(value)}`] : [])).join(', ');
}

function outcome({ now }: FeatureContext, resolution: Resolution): string {
  switch (resolution.status) {
    case 'resolved':
      return code(resolution.entity.id);
    case 'ambiguous':
      return `any of ${resolution.candidates.map(({ id }) => code(id)).join(', ')}`;
    case 'matches':
      return `matches ${resolution.entities.length}`;
    case 'gone':
      return `gone ${age(resolution.until, now)}: ${code(resolution.entity.id)}`;
    case 'missing':
      return `missing, as of ${age(resolution.asOf, now)}`;
    case 'unknown':
      return `unknown, because ${reasonWords(resolution.reason, now, code)}`;
    case 'undeployed':
      return 'defined here, seen in no tool';
  }
}

function sourceTable({ catalog, now }: FeatureContext): string {
  const rows = catalog
    .sources()
    .map(({ name, tool, scope, health, scannedAt, reason }) => [
      code(name),
      code(tool),
      code(scope),
      health,
      scannedAt === undefined ? 'never' : age(scannedAt, now),
      reason ? code(reason) : '',
    ]);
  return rows.length > 0
    ? table(['source', 'tool', 'scope', 'health', 'last good read', 'says'], rows)
    : 'None: no MLflow store, Airflow log folder, dbt project or OpenLineage file was found in the workspace.';
}
