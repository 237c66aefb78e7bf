// Flows of columns into a table: which SQL is read for them, and which of its columns are meant.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { columnSources, flowsInto, sourcesOf } from '../../server/features/columnFlows.ts';
import { details } from '../../server/features/details.ts';
import { hover } from '../../server/features/hover.ts';
import type { ColumnEdge } from '../../server/lineage/columns/columnEdges.ts';
import { fixtureId } from '../support/catalog.ts';
import { feature } from '../support/feature.ts';

const labels = fixtureId('table', 'analytics.ml.churn_labels');
const edge = (table: string, column: string, ...from: readonly string[]): ColumnEdge => ({
  to: { table, column },
  from: from.map((one) => ({ table: one.slice(0, one.lastIndexOf('.')), column: one.slice(one.lastIndexOf('.') + 1) })),
  change: column === 'events' ? 'aggregation' : 'direct',
  open: [],
  line: 0,
});

test('the SQL that a tool compiled goes before the files that write it', () => {
  const compiled = feature(
    'table analytics.ml.churn_labels compiledSql="select id from raw.c"',
    'a.sql:1 writes table analytics.ml.churn_labels dbt',
  );
  assert.deepEqual(columnSources(compiled.context, [labels]), [
    { text: 'select id from raw.c', table: 'analytics.ml.churn_labels' },
  ]);
  const code =
    'a.sql:1 writes table analytics.ml.churn_labels dbt\nb.sql:1 reads table analytics.ml.churn_labels dbt\nc.py:1 writes table analytics.ml.churn_labels dbt\nd.sql:1 defines table analytics.ml.churn_labels dbt';
  const files = columnSources(feature('table analytics.ml.churn_labels', code).context, [labels]);
  assert.deepEqual(files, [
    { file: '/acme/churn/a.sql' },
    { file: '/acme/churn/d.sql', table: 'analytics.ml.churn_labels' },
  ]);
});

test('columns of this table, however far it is qualified; each once, none without a source', () => {
  const table = { id: labels, kind: 'table', name: 'analytics.ml.churn_labels', aliases: [] } as const;
  const edges = [
    edge('ML.Churn_Labels', 'id', 'raw.c.id'),
    edge('churn_labels', 'id', 'raw.d.id'),
    edge('other.churn_labels', 'x', 'raw.c.x'),
    edge('churn_labels', 'now'),
  ];
  const flows = flowsInto([table], edges);
  assert.deepEqual(
    flows.map((flow) => [flow.to.column, sourcesOf(flow)]),
    [['id', ['raw.c.id']]],
  );
});

test('a hover and the details say them as text; while they are read, the hover says so', () => {
  const columns = [
    edge('churn_labels', 'customer_id', 'raw.crm.customers.id'),
    edge('churn_labels', 'events', 'raw.crm.events.`[x](command:evil)'),
  ];
  const { context, document, at } = feature(
    'table analytics.ml.churn_labels',
    '$0 a.sql:1 writes table analytics.ml.churn_labels dbt',
  );
  const said = (known: readonly ColumnEdge[] | undefined): string => {
    const found = hover({ ...context, columnsInto: () => known }, document, at);
    assert.ok(found && typeof found.contents === 'object' && 'value' in found.contents);
    return found.contents.value;
  };
  assert.match(
    said(columns),
    /By its SQL: `customer_id` ← `raw\.crm\.customers\.id` · `events` ← ``.+`` \(aggregation\)/,
  );
  assert.match(said(undefined), /Where its columns come from is being read off its SQL; hover again\./);
  assert.doesNotMatch(said([]), /SQL/);
  const shown = details({ ...context, columnsInto: () => columns }, labels, [labels]);
  assert.deepEqual(shown?.rows.at(-1), {
    label: 'By its SQL',
    value: 'customer_id ← raw.crm.customers.id\nevents ← raw.crm.events.`[x](command:evil)',
  });
});
