// Columns of a table, asked of the server on the sample: in the details at once, in a hover as soon as its SQL has been read.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import type { DetailsResult, EntityAtResult } from '../../server/protocol/lsp.ts';
import { until } from '../support/clock.ts';
import { memoryServer, placeOf, type Served } from '../support/server.ts';
import { freshSample, type Sample } from '../vscode/support/sample.ts';

let sample: Sample;
let server: Served;
let uri: string;
let text: string;

before(async () => {
  sample = await freshSample();
  server = memoryServer();
  await server.start([sample.folder], { storeFolder: path.join(sample.folder, '..', 'store') });
  await server.ready();
  const file = path.join(sample.folder, 'dbt/models/marts/churn_features.sql');
  text = readFileSync(file, 'utf8');
  uri = await server.open(file, text);
});
after(async () => {
  await server.client.close();
  await sample.remove();
});

test('the hover of a dbt table says what its columns are made of', async () => {
  const at = placeOf(text, 'stg_customers');
  let hover = '';
  await until(
    'the SQL to be read',
    async () => {
      hover = await server.hover(uri, at);
      return hover.includes('By its SQL');
    },
    120_000,
  );
  assert.match(hover, /By its SQL: `customer_id` ← `[^`]*customers\.[^`]+`/);
});

test('the details wait for it', async () => {
  const found = await server.ask<EntityAtResult>('plumbline/entityAt', { uri, ...placeOf(text, 'stg_events') });
  const details = await server.ask<DetailsResult>('plumbline/details', { id: found?.id });
  const said = details?.rows.find(({ label }) => label === 'By its SQL')?.value;
  assert.match(String(said), /^customer_id ← .*events\./m);
});
