// Adding S3 in real VS Code, by keys, to a store that answers anyone: endpoint, anonymous, buckets; what is typed wrong is said.
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { openWorkspace, type Workspace } from '../../../scripts/vscode/page.ts';

const listing = `<?xml version="1.0"?><ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>acme-models</Name><KeyCount>0</KeyCount><MaxKeys>1000</MaxKeys><IsTruncated>false</IsTruncated></ListBucketResult>`;

let folder: string;
let config: string;
let store: http.Server;
let url: string;
const signed: string[] = [];
let workspace: Workspace;

before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'plumbline-store-'));
  config = await mkdtemp(path.join(tmpdir(), 'plumbline-config-'));
  store = http.createServer((request, answer) => {
    if (request.headers.authorization !== undefined) signed.push(String(request.url));
    answer.writeHead(200, { 'content-type': 'application/xml' }).end(listing);
  });
  await new Promise<void>((resolve) => store.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(store.address() as AddressInfo).port}`;
  workspace = await openWorkspace({
    folder,
    theme: 'Default Dark Modern',
    environment: { PLUMBLINE_CONFIG_DIR: config },
  });
});

after(async () => {
  await workspace?.close();
  store?.closeAllConnections();
  store?.close();
  for (const one of [folder, config]) if (one) await rm(one, { recursive: true, force: true, maxRetries: 5 });
});

const widget = (text: string | RegExp) => workspace.page.locator('.quick-input-widget:visible', { hasText: text });

/** Waits for the question, types into it, and goes on. */
async function answer(question: string | RegExp, text: string): Promise<void> {
  await workspace.shown(widget(question), `the question ${question}`);
  if (text) await widget(question).locator('input.input').fill(text);
  await workspace.page.keyboard.press('Enter');
}

test('endpoint, anonymous and buckets are asked for and saved; nothing is signed', async () => {
  await workspace.run('Plumbline: Focus on Connections View');
  await workspace.run('Plumbline: Add Connection');
  const tools = widget(/Add Connection \(1\/\d\)/).locator('.monaco-list-row');
  const s3 = tools.filter({ has: workspace.page.getByText('S3', { exact: true }) });
  await (await workspace.shown(s3.first(), 'S3 among the tools')).click();
  await answer(/Add Connection \(2\/\d\)/, 'Another endpoint');
  await answer('Address of the endpoint', url);
  await answer('Name of the connection', 'store');
  await answer(/Add Connection \(5\/\d\)/, 'qa');
  await answer(/Add Connection \(6\/\d\)/, 'Anonymous');
  await workspace.shown(widget('Buckets to look at'), 'the question for the buckets');
  await widget('Buckets to look at').locator('input.input').fill('Acme_Models');
  await answer('no bucket is called so', 's3://acme-models/churn/');
  await workspace.text(/store is connected/);
  const written = await readFile(path.join(config, 'connections.json'), 'utf8');
  assert.deepEqual(JSON.parse(written), [
    { name: 'store', tool: 's3', url, environment: 'qa', credential: 'none', watch: ['acme-models/churn/'] },
  ]);
  const row = workspace.page.locator('.pane', { hasText: 'Connections' }).locator('.monaco-list-row');
  await workspace.shown(row.filter({ hasText: /store.*qa · fresh/ }).first(), 'the connection as fresh');
  assert.deepEqual(signed, []);
});
