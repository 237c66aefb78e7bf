// OpenLineage datasets: `namespace` and `name` of a dataset are the address of files, or the name of a table.
import type { Expression } from '../expression.ts';
import type { ConfigRow } from '../rules/configs/row.ts';
import { asPattern } from './near.ts';
import type { Read } from './readings.ts';
import { type TemplateContext, valueExpression } from './templates.ts';
import { PlacedScalar, type Places } from './trees/scalar.ts';
import { entryOf, type MapNode, textAt } from './trees/tree.ts';

const stores = /^(?:s3|s3a|s3n|gs|gcs|abfss?|wasbs?|dbfs|hdfs):\/\//;

/** `s3://bucket` and `path/file` are `s3://bucket/path/file`; all other namespaces hold tables (OpenLineage, Naming, read 2026-11). */
export function datasetSite(
  node: MapNode,
  base: number,
  row: ConfigRow,
  places: Places,
  context: TemplateContext,
): Read | undefined {
  const entry = entryOf(node, 'name');
  const namespace = textAt(node, 'namespace');
  if (entry?.value.is !== 'scalar' || entry.value.value === '' || namespace === undefined) return undefined;
  if (namespace.startsWith('file')) return undefined;
  const scalar = new PlacedScalar(entry.value, base + (entry.shift ?? 0), places);
  const line = scalar.lineAt(0);
  const value: Expression = valueExpression(scalar, 0, scalar.value.length, line, context);
  const { role, id: via } = row;
  const store = stores.exec(namespace)?.[0];
  if (!store) {
    const tool = /^[a-z]+/i.exec(namespace)?.[0] ?? row.tool;
    return { line, sites: [{ site: 'name', kind: 'table', tool, value, role, via }] };
  }
  const prefix = `${asPattern(namespace).replace(/\/+$/, '')}${scalar.value.startsWith('/') ? '' : '/'}`;
  const tool = store.slice(0, -3).replace(/^s3[an]$/, 's3');
  return { line, sites: [{ site: 'name', kind: 'path', tool, value, prefix, role, via }] };
}
