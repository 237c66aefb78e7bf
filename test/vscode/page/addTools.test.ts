// Adding each tool that knows nobody without a credential, in real VS Code by keys: the wrong one is said, the right one connects, a hover shows what it says, sign out.
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { openWorkspace, type Workspace } from '../../../scripts/vscode/page.ts';
import { accessKey, type FakeCloudWatch, fakeCloudWatch } from '../../fakes/cloudwatch.ts';
import { personalToken as databricksToken, fakeDatabricks } from '../../fakes/databricks/server.ts';
import { keys as datadogKeys, fakeDatadog } from '../../fakes/datadog/server.ts';
import { fakeDbtCloud, serviceToken } from '../../fakes/dbtCloud/server.ts';
import { fakeMarquez } from '../../fakes/marquez/server.ts';
import { fakeSnowflake, personalToken } from '../../fakes/snowflake/server.ts';
import { contrast } from '../support/contrast.ts';
import { doorBefore } from '../support/door.ts';

const marquezToken = 'marquez-key-of-the-test';

/** Each names one thing that its tool knows. */
const made: Readonly<Record<string, string>> = {
  'warehouse.sql': 'SELECT user_id, score FROM prod.ml.churn_predictions;\n',
  'emit.py': 'from datadog import statsd\n\nstatsd.gauge("churn.auc", 0.81)\n',
  'dbt_project.yml': 'name: shop\nversion: "1.0"\n',
  'models/orders.sql': 'select 1 as id\n',
  'models/daily.sql': "select * from {{ ref('orders') }}\n",
  'features.py': 'import pandas as pd\n\nrows = pd.read_parquet("s3://acme-lake/churn/features/")\n',
  'bundle/databricks.yml': 'bundle:\n  name: churn\nresources:\n  jobs:\n    score:\n      name: score_churn\n',
};

interface Tool {
  readonly title: string;
  readonly name: string;
  /** The first of the questions about how it knows you. */
  readonly way: string;
  /** Its questions, and what is answered wrongly and rightly. */
  readonly secrets: readonly (readonly [question: string | RegExp, wrong: string, right: string])[];
  readonly connected: RegExp;
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly hover: RegExp;
  /** What else is tried while it is connected, with the hover open. */
  readonly more?: () => Promise<void>;
}

const tools: readonly Tool[] = [
  {
    ...{ title: 'Snowflake', name: 'warehouse', way: 'Token', connected: /warehouse is connected: Snowflake/ },
    secrets: [[/Token\. Kept/, 'pat-wrong', personalToken]],
    ...{ file: 'warehouse.sql', line: 1, column: 45, hover: /1,000 rows/ },
    more: column,
  },
  {
    ...{ title: 'dbt Cloud', name: 'cloud', way: 'Token', connected: /cloud is connected: dbt Cloud/ },
    secrets: [[/Token\. Kept/, 'dbtc_wrong', serviceToken]],
    ...{ file: 'daily.sql', line: 1, column: 24, hover: /nightly/ },
  },
  {
    ...{ title: 'Marquez', name: 'lineage', way: 'Token', connected: /lineage is connected: Marquez/ },
    secrets: [[/Token\. Kept/, 'nobody', marquezToken]],
    ...{ file: 'features.py', line: 3, column: 40, hover: /build_features/ },
  },
  {
    ...{ title: 'Databricks', name: 'lakehouse', way: 'Token', connected: /lakehouse is connected: Databricks/ },
    secrets: [[/Token\. Kept/, 'dapi-wrong', databricksToken]],
    ...{ file: 'databricks.yml', line: 6, column: 15, hover: /score_churn/ },
  },
  {
    ...{ title: 'Datadog', name: 'alerts', way: 'API key', connected: /alerts is connected: Datadog/ },
    secrets: [
      ['API key at', datadogKeys.api, datadogKeys.api],
      [/Application key\. Kept/, 'c'.repeat(40), datadogKeys.application],
    ],
    ...{ file: 'emit.py', line: 3, column: 18, hover: /last value|Said by alerts/ },
    more: charts,
  },
];

let folder: string;
let config: string;
let workspace: Workspace;
const urls = new Map<string, string>();
let cloudwatch: FakeCloudWatch;
const ends: (() => Promise<unknown>)[] = [];

before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'plumbline-tools-'));
  config = await mkdtemp(path.join(tmpdir(), 'plumbline-config-'));
  for (const [name, text] of Object.entries(made)) {
    await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
    await writeFile(path.join(folder, name), text);
  }
  await servers();
  workspace = await openWorkspace({
    folder,
    theme: 'Default Dark Modern',
    environment: { PLUMBLINE_CONFIG_DIR: config },
  });
  await workspace.openFile('emit.py');
});

after(async () => {
  await workspace?.close();
  for (const end of ends) await end();
  for (const one of [folder, config]) if (one) await rm(one, { recursive: true, force: true, maxRetries: 5 });
});

async function servers(): Promise<void> {
  const now = Date.now();
  const fakes = {
    Snowflake: await fakeSnowflake(now),
    Datadog: await fakeDatadog(now),
    'dbt Cloud': await fakeDbtCloud(now),
    Databricks: await fakeDatabricks(now),
  };
  for (const [title, fake] of Object.entries(fakes)) {
    urls.set(title, fake.url);
    ends.push(() => fake.close());
  }
  cloudwatch = await fakeCloudWatch(now);
  ends.push(() => cloudwatch.close());
  const marquez = await fakeMarquez();
  const eventTime = new Date(now - 3_600_000).toISOString();
  marquez.post({
    ...{ eventType: 'COMPLETE', eventTime, run: { runId: '01941f29-7c00-7000-8000-000000000001' } },
    ...{ job: { namespace: 'acme', name: 'churn.build_features' }, inputs: [] },
    outputs: [{ namespace: 's3://acme-lake', name: 'churn/features' }],
  });
  const door = doorBefore(Number(new URL(marquez.url).port), `Bearer ${marquezToken}`, 'Bearer');
  await new Promise<void>((resolve) => door.listen(0, '127.0.0.1', resolve));
  urls.set('Marquez', `http://127.0.0.1:${(door.address() as AddressInfo).port}`);
  ends.push(async () => {
    door.closeAllConnections();
    door.close();
    await marquez.close();
  });
}

const widget = (text: string | RegExp) => workspace.page.locator('.quick-input-widget:visible', { hasText: text });
const pane = () => workspace.page.locator('.pane', { hasText: 'Connections' });
const row = (text: string | RegExp) => pane().locator('.monaco-list-row', { hasText: text }).first();

/** Waits for the question, types into it, and goes on. */
async function answer(question: string | RegExp, text: string): Promise<void> {
  await workspace.shown(widget(question), `the question ${question}`);
  if (text) await widget(question).locator('input.input').fill(text);
  await workspace.page.keyboard.press('Enter');
}

const question = (step: number) => new RegExp(`Add Connection \\(${step}/\\d+\\)`);

async function asked({ title, name }: Tool): Promise<void> {
  await workspace.run('Plumbline: Add Connection');
  await workspace.shown(widget(question(1)), 'the question for the tool');
  await widget(question(1)).locator('input.input').fill(title);
  const rows = widget(question(1)).locator('.monaco-list-row');
  const one = rows.filter({ has: workspace.page.getByText(title, { exact: true }) });
  await (await workspace.shown(one.first(), `${title} among the tools`)).click();
  await answer(question(2), urls.get(title) ?? '');
  await answer('Name of the connection', name);
  await answer(question(4), 'qa');
}

/** The wrong ones first, and what is said of them; then the right ones. */
async function known({ name, title, way, secrets, connected }: Tool): Promise<void> {
  const ways = widget(question(5)).locator('.monaco-list-row');
  await workspace.shown(ways.first(), 'the question for the credential');
  assert.equal(await ways.filter({ hasText: 'answers anyone' }).count(), title === 'Marquez' ? 1 : 0);
  await workspace.screenshot(`add-${title}-way`);
  await answer(question(5), way);
  for (const [words, wrong] of secrets) await answer(words, wrong);
  const dialog = workspace.page.locator('.monaco-dialog-box', { hasText: 'could not be read' });
  await workspace.shown(dialog, 'that it was refused');
  await workspace.screenshot(`add-${title}-refused`);
  assert.match((await dialog.textContent()) ?? '', new RegExp(`${name}: `));
  await dialog.getByRole('button', { name: 'Change Credential' }).click();
  await answer(question(5), way);
  for (const [words, , right] of secrets) await answer(words, right);
  await workspace.text(connected);
  await workspace.shown(row(new RegExp(`${name}.*qa · fresh`)), 'the connection as fresh');
  await workspace.screenshot(`add-${title}-fresh`);
  const written = await readFile(path.join(config, 'connections.json'), 'utf8');
  assert.match(written, new RegExp(`"name": "${name}"`));
  for (const [, wrong, right] of secrets)
    for (const secret of [wrong, right]) assert.equal(written.includes(secret), false, 'a secret is in the file');
}

/** A single column of the table, in the same query; F12 leads to what is known of its table. */
async function column(): Promise<void> {
  await workspace.goto(1, 19);
  assert.match(await workspace.hover('Column'), /^Column SCORE FLOAT of table PROD\.ML\.CHURN_PREDICTIONS/);
  await workspace.screenshot('column-hover');
  await workspace.page.keyboard.press('Escape');
  await workspace.page.keyboard.press('F12');
  await workspace.shown(workspace.page.locator('.tab.active', { hasText: 'CHURN_PREDICTIONS' }), 'the facts page');
}

/** From the hover of a metric to its values and those of its monitor, by keys where keys can do it. */
async function charts(): Promise<void> {
  const { page } = workspace;
  await page.locator('.monaco-hover:visible').getByText('Open lineage').first().click();
  const panel = await workspace.webview('Lineage');
  await workspace.shown(panel.locator('.plot .series-0').first(), 'the values of the metric');
  const week = panel.getByRole('button', { name: 'the last 7 days' });
  await week.focus();
  await page.keyboard.press('Enter');
  await workspace.shown(panel.locator('.range[aria-pressed=true]', { hasText: /7/ }), 'seven days as chosen');
  await workspace.shown(panel.locator('.plot .series-0').first(), 'the values of seven days');
  await panel.locator('.chart summary').focus();
  await page.keyboard.press('Enter');
  await workspace.shown(panel.locator('.chart table'), 'the same values as a table');
  await workspace.screenshot('chart-metric');
  await panel.locator('aside.details').getByRole('button', { name: 'Churn AUC is low' }).first().click();
  await workspace.shown(panel.locator('aside.details h2', { hasText: 'Churn AUC is low' }), 'the monitor');
  await workspace.shown(panel.locator('.plot .series-0').first(), 'the values that the monitor watches');
  await workspace.theme('Dark High Contrast', 'hc-black');
  await workspace.screenshot('chart-monitor-hc-black');
  const said = panel.locator('.chart .lines li').first();
  const [text, behind] = await said.evaluate((one) => [
    getComputedStyle(one).color,
    getComputedStyle(one.ownerDocument.body).backgroundColor,
  ]);
  assert.ok(contrast(text ?? '', behind ?? '') >= 7, `${text} on ${behind}`);
}

for (const tool of tools) {
  test(`${tool.title}: the wrong credential is said, the right one connects, a hover shows it, sign out`, async () => {
    const { title, name } = tool;
    await asked(tool);
    await known(tool);
    await workspace.openFile(tool.file);
    await workspace.goto(tool.line, tool.column);
    assert.match(await workspace.hover(tool.hover), /ago|just now/);
    await workspace.screenshot(`add-${title}-hover`);
    await tool.more?.();
    await workspace.run('Plumbline: Sign Out of Connection');
    await answer('Which connection', name);
    await workspace.run('Plumbline: Focus on Connections View');
    await workspace.shown(row(new RegExp(`${name}.*sign in needed`)), 'that a sign-in is needed');
    await workspace.screenshot(`add-${title}-signed-out`);
  });
}

test("CloudWatch Logs at an endpoint of one's own: region, a wrong key and the right one, groups", async () => {
  const { page } = workspace;
  await workspace.run('Plumbline: Add Connection');
  await workspace.shown(widget(question(1)), 'the question for the tool');
  await answer(question(1), 'CloudWatch');
  await answer(question(2), 'Another endpoint');
  await answer('Address of the endpoint', cloudwatch.url);
  await answer('Region of that endpoint', 'Europe');
  await answer('A region, for example eu-west-1', 'eu-north-1');
  await answer('Name of the connection', 'hosts');
  await answer(question(6), 'qa');
  const keys = async (id: string): Promise<void> => {
    await answer(question(7), 'Access key');
    await answer('Access key id at', id);
    await answer(/Secret access key of \w+\. Kept/, accessKey.secret);
    await answer('Log groups, by the beginnings', '/ec2/');
  };
  await keys('AKIDNOBODY');
  const dialog = page.locator('.monaco-dialog-box', { hasText: 'could not be read' });
  await workspace.shown(dialog, 'that it was refused');
  await workspace.screenshot('add-CloudWatch-refused');
  assert.match((await dialog.textContent()) ?? '', /hosts: .* The stored access key is not known/);
  await dialog.getByRole('button', { name: 'Change Credential' }).click();
  await keys(accessKey.id);
  await workspace.text(/hosts is connected: CloudWatch Logs, 1 log group named \/ec2\//);
  await workspace.shown(row(/hosts.*qa · fresh/), 'the connection as fresh');
  await workspace.screenshot('add-CloudWatch-fresh');
  assert.deepEqual([...cloudwatch.regions], ['eu-north-1']);
});
