// Bundles: what a deployment wrote down of jobs, endpoints and models, by its own engine and by Terraform.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CatalogStore } from '../../../server/catalog/store.ts';
import { fakeDatabricks } from '../../fakes/databricks/server.ts';
import { commit } from '../../fakes/databricks/stateWords.ts';
import { databricksOver, usualSecret } from './connected.ts';

const start = Date.parse('2026-11-23T12:00:00Z');
const signal = new AbortController().signal;
const folder = '/Workspace/Users/ana@example.com/.bundle/churn/prod/state/';
const ws = '4167890123456789';
const endpoint = `endpoint:databricks://${ws}/churn-live`;
const model = 'model:mlflow://11112222-3333-4444-5555-666677778888/main.ml.churn';
const told = ['bundle:churn/prod', `bundle-commit:${commit}`];

async function workspace(t: { after(run: () => unknown): void }) {
  const fake = await fakeDatabricks(start);
  t.after(() => fake.close());
  const { store } = CatalogStore.open(':memory:');
  const connect = () => databricksOver(fake, usualSecret, { now: () => start, catalog: store.snapshot() }).connector;
  const sync = async (connector = connect(), isWhole = true) => {
    const source = { name: 'live', tool: 'databricks', scope: connector.scope, kinds: connector.kinds };
    const scan = store.writer().startScan(source, start);
    for await (const page of connector.scan(signal, isWhole ? undefined : scan.before.cursor)) scan.apply(page);
    scan.finish();
  };
  const tags = (id: string) => (store.snapshot().facts(id).tags ?? []).filter((tag) => tag.startsWith('bundle'));
  return { fake, connect, sync, tags };
}

test('an endpoint and a model say which bundle made them, and from which commit; also for a process that begins later', async (t) => {
  const { fake, connect, sync, tags } = await workspace(t);
  await sync();
  assert.deepEqual([tags(endpoint), tags(model)], [told, told]);
  fake.asked.length = 0;
  await sync(connect(), false);
  assert.deepEqual(tags(endpoint), told);
  assert.ok(!fake.asked.some((asked) => asked.endsWith('/workspace/export')));
});

test('what a bundle makes no more is its own no more; what cannot be read stays as it was', async (t) => {
  const { fake, sync, tags } = await workspace(t);
  await sync();
  const state = fake.state.files.get(`${folder}resources.json`) ?? '';
  fake.state.files.delete(`${folder}resources.json`);
  await sync();
  assert.deepEqual(tags(endpoint), told);
  fake.state.files.set(`${folder}resources.json`, state.replace('model_serving_endpoints', 'apps'));
  await sync();
  assert.deepEqual([tags(endpoint), tags(model)], [[], told]);
});

test('a deployment by Terraform left another file', async (t) => {
  const { fake, sync, tags } = await workspace(t);
  fake.state.files.delete(`${folder}resources.json`);
  const resource = (type: string, id: string) => ({
    mode: 'managed',
    type,
    name: 'x',
    instances: [{ attributes: { id } }],
  });
  const resources = [
    resource('databricks_model_serving', 'churn-live'),
    resource('databricks_registered_model', 'main.ml.churn'),
    resource('databricks_job', '11'),
    { type: 'databricks_model_serving', instances: [null, {}, 7] },
  ];
  fake.state.files.set(`${folder}terraform.tfstate`, JSON.stringify({ version: 4, resources }));
  await sync();
  assert.deepEqual([tags(endpoint), tags(model)], [told, told]);
});

test('a bundle that stands elsewhere has no name, but its commit', async (t) => {
  const { fake, sync, tags } = await workspace(t);
  const elsewhere = '/Workspace/Shared/apps/state/metadata.json';
  fake.state.files.set(elsewhere, fake.state.files.get(`${folder}metadata.json`) ?? '');
  const job = fake.state.jobs[0] as { settings: { deployment: { metadata_file_path: string } } };
  job.settings.deployment.metadata_file_path = elsewhere;
  await sync();
  assert.deepEqual(tags(`job:databricks://${ws}/11`), [`bundle-commit:${commit}`, 'bundle-file:resources/score.yml']);
});
