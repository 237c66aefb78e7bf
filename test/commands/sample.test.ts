// The commands on the sample: what they print in words and as JSON, and how they exit.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import type { Edge } from '../../server/catalog/edge.ts';
import type { FindingJson } from '../../server/commands/check.ts';
import type { LogsJson } from '../../server/commands/logs.ts';
import type { ResolvedJson } from '../../server/commands/resolve.ts';
import { runCommand } from '../../server/commands/run.ts';
import type { Incident } from '../../server/protocol/incident.ts';
import type { LineageGraph } from '../../server/protocol/lineage.ts';
import type { ReferenceJson } from '../../server/references/json.ts';
import { testFolder } from '../support/folder.ts';
import { mlflowDatabase } from '../support/mlflowDatabase.ts';
import { freshSample, type Sample } from '../vscode/support/sample.ts';

const root = path.join(import.meta.dirname, '..', '..');
let sample: Sample;

before(async () => {
  sample = await freshSample();
});
after(() => sample.remove());

async function run(args: readonly string[], folder = sample.folder) {
  let out = '';
  let error = '';
  const exit = await runCommand(args, {
    out: (text) => {
      out += text;
    },
    error: (text) => {
      error += text;
    },
    folder,
    now: () => Date.now(),
  });
  return { exit, out, error };
}

/** The answer as data; fails if anything but JSON was printed. */
async function json<Shape>(args: readonly string[], folder = sample.folder): Promise<{ exit: number; data: Shape }> {
  const { exit, out } = await run([...args, '--json'], folder);
  return { exit, data: JSON.parse(out) };
}

test('refs', async () => {
  const { exit, data } = await json<ReferenceJson[]>(['refs', 'churn/settings.py']);
  assert.equal(exit, 0);
  assert.deepEqual(data[0], {
    path: 'churn/settings.py',
    line: 9,
    column: 24,
    endLine: 9,
    endColumn: 34,
    text: 'MODEL_NAME',
    kind: 'model',
    name: 'churn',
    role: 'mentions',
    detail: { alias: 'champion' },
    confidence: 'constant',
    via: 'mlflow.address',
  });
  const words = await run(['refs', 'churn']);
  assert.match(words.out, /^churn\/publish\.py:22:62 +writes +model +churn +constant +mlflow\.register_model$/m);
});

test('resolve', async () => {
  const { exit, data } = await json<ResolvedJson[]>(['resolve', 'churn', 'dags']);
  assert.equal(exit, 0);
  const scoring = data.find((one) => one.path === 'churn/scoring.py' && one.kind === 'model');
  assert.equal(scoring?.status, 'resolved');
  assert.match(scoring?.entities[0] ?? '', /^model:mlflow:\/\/[0-9a-f]{8}\/churn$/);
  const sent = data.find((one) => one.name === 'churn.auc');
  assert.deepEqual([sent?.status, sent?.entities, sent?.reason], ['unknown', [], 'noConnection']);
  assert.match(
    (await run(['resolve', 'churn'])).out,
    /^churn\/validation\.py:\d+:\d+ .* churn\.auc +unknown +noConnection$/m,
  );
});

test('from the alert to the training, and each step says who says so, with no declared join', async () => {
  // What plumbline.yaml declares must not be needed.
  const folder = await freshSample();
  writeFileSync(path.join(folder.folder, 'plumbline.yaml'), 'version: 1\n');
  const { exit, data } = await json<readonly Edge[]>(
    ['lineage', 'monitor:churn_auc_low', '--to', 'job:train_churn'],
    folder.folder,
  );
  folder.remove();
  assert.equal(exit, 0);
  const flow = data.filter(({ relation }) => relation !== 'contains' && relation !== 'same');
  const short = (id: string) => id.replace(/^code:/, '').replace(/:\/\/[^/]*/, '');
  assert.deepEqual(
    flow.map(({ from, relation, to, origin }) => `${short(to)} ${relation} ${short(from)} ${origin}`),
    [
      'monitor:churn_auc_low measures metric:churn.auc code',
      'metric:churn.auc writes task:airflow/validate_churn/emit_metrics code',
      'job:openlineage/validate_churn.join_labels reads table:snowflake/analytics/ml/churn_predictions reported',
      'table:snowflake/analytics/ml/churn_predictions writes job:openlineage/score_churn.load_predictions reported',
      'task:airflow/score_churn/wait_for_model reads model:mlflow/churn code',
      'model:mlflow/churn made job:airflow/train_churn matched',
    ],
  );
  assert.ok(data.every(({ evidence }) => evidence !== ''));
  assert.match((await run(['lineage', 'job:train_churn', '--to', 'job:train_churn'])).out, /are one and the same/);
  const none = await run(['lineage', 'monitor:churn_auc_low', '--to', 'model:nope']);
  assert.deepEqual([none.exit, /Nothing known is called model:nope/.test(none.out)], [1, true]);
});

test('lineage', async () => {
  const { exit, data } = await json<LineageGraph>(['lineage', 'model:churn']);
  assert.equal(exit, 0);
  assert.match(data.focus, /^model:mlflow:/);
  assert.deepEqual(Object.keys(data).sort(), ['edges', 'focus', 'height', 'leftOut', 'nodes', 'revision', 'width']);
  const train = data.nodes.find(({ label }) => label === 'train_churn')?.id;
  const made = data.edges.find(({ from, to }) => from === train && to === data.focus);
  assert.deepEqual(made?.origins, ['code', 'matched']);
  assert.match((await run(['lineage', 'model:churn'])).out, /^job train_churn +→ +model churn +made +code, matched +/m);
  const none = await run(['lineage', 'model:nope']);
  assert.deepEqual(
    [none.exit, none.out],
    [1, 'Nothing known is called model:nope. Ids look like model:churn or table:a.b.c.\n'],
  );
  assert.deepEqual(await json(['lineage', 'model:nope']), { exit: 1, data: null });
});

test('check finds nothing in the sample, and says what the editor underlines', async (context) => {
  const fine = await run(['check', '.']);
  assert.deepEqual([fine.exit, fine.out], [0, 'Every name that could be asked about is known.\n']);
  const copy = path.join(testFolder(context).path, 'churn');
  cpSync(sample.folder, copy, { recursive: true });
  writeFileSync(path.join(copy, 'churn/new.py'), 'import mlflow\nmlflow.pyfunc.load_model("models:/chrn/1")\n');
  const rules = path.join(copy, 'plumbline.yaml');
  writeFileSync(rules, `${readFileSync(rules, 'utf8')}ownrs: []\n`);
  const { exit, data } = await json<FindingJson[]>(['check', '.'], copy);
  assert.equal(exit, 1);
  const { message, ...place } = data[0] ?? assert.fail('no finding');
  const at = { path: 'churn/new.py', line: 2, column: 34, endLine: 2, endColumn: 38 };
  assert.deepEqual(place, { ...at, severity: 'information', code: 'missing' });
  assert.match(message, /^Model chrn does not exist: .* Did you mean churn\?$/);
  assert.deepEqual(
    data.slice(1).map((one) => [one.path, one.severity, one.message]),
    [['plumbline.yaml', 'error', 'this file: "ownrs" is not known. Did you mean "owners"?']],
  );
  assert.equal((await json<FindingJson[]>(['check', 'churn'], copy)).data.length, 1);
  assert.match((await run(['check', '.'], copy)).out, /^churn\/new\.py:2:35 +information +Model chrn does not exist/m);
});

test('incidents and the logs that explain them', async () => {
  const { exit, data } = await json<Incident[]>(['incidents']);
  assert.equal(exit, 1);
  const failed = data.find(({ title }) => title === 'validate_churn failed');
  assert.equal(failed?.kind, 'failedRun');
  assert.equal(failed?.summary, "evaluate: KeyError: 'churned'");
  assert.equal(data.find(({ title }) => title === 'churn AUC fell')?.owner, '@acme/growth-ml');
  const words = await run(['incidents']);
  assert.match(
    words.out,
    /^validate_churn failed +evaluate: KeyError: 'churned' +\d{4}-\d\d-\d\dT.*@acme\/growth-analytics$/m,
  );

  const logs = await json<LogsJson>(['logs', failed?.id ?? '']);
  assert.equal(logs.exit, 0);
  assert.equal(logs.data.chain?.log?.root?.text, "KeyError: 'churned'");
  assert.ok(logs.data.log?.frames.some(({ local }) => local?.file.endsWith('churn/validation.py')));
  const ofRun = await run(['logs', logs.data.chain?.run ?? '']);
  assert.equal(ofRun.exit, 0);
  assert.match(ofRun.out, /^> .*KeyError: 'churned'$/m);
  const unknown = await json<LogsJson>(['logs', 'run:airflow://nowhere/x']);
  assert.equal(unknown.exit, 3);
  assert.match(unknown.data.problem ?? '', /No source knows the run/);
});

test('usage is 2; a path where nothing is, 3', async () => {
  const wrong = await run(['reefs']);
  assert.deepEqual([wrong.exit, wrong.out], [2, '']);
  assert.match(wrong.error, /unknown command: reefs[\s\S]*usage: plumbline/);
  const nothing = await run(['refs', 'nowhere.py']);
  assert.deepEqual(
    [nothing.exit, nothing.out, nothing.error],
    [3, '', 'plumbline: there is no file or folder nowhere.py\n'],
  );
});

test('a corrupt mlflow.db: what could not be asked is 3, and said', async (context) => {
  const folder = testFolder(context, {
    'mlflow.db': `SQLite format 3\0${'not a page '.repeat(2000)}`,
    'load.py': 'import mlflow\nmlflow.pyfunc.load_model("models:/churn/1")\n',
  });
  const incidents = await run(['incidents'], folder.path);
  assert.equal(incidents.exit, 3);
  assert.match(incidents.out, /^No incidents\.\ncould not read mlflow mlflow\.db: .+/);
  const check = await run(['check', '.'], folder.path);
  assert.equal(check.exit, 3);
  assert.match(check.out, /^1 name could not be asked about\.\ncould not read mlflow mlflow\.db: .+/m);
  const resolve = await json<ResolvedJson[]>(['resolve', 'load.py'], folder.path);
  assert.deepEqual([resolve.exit, resolve.data[0]?.status, resolve.data[0]?.reason], [3, 'unknown', 'failing']);
  assert.equal((await run(['lineage', 'model:other'], folder.path)).exit, 3);
  assert.equal((await run(['refs', 'load.py'], folder.path)).exit, 0);
});

test('control characters of tools do not reach the terminal', async (context) => {
  const evil = 'a\u001b[2J\u001b]0;owned\u0007\u009b31m\u202eb\r\nc';
  const folder = testFolder(context, {
    'plumbline.yaml': `version: 1\nmetrics:\n  - name: ${JSON.stringify(evil)}\n    model: churn\n    metric: auc\n    below: 0.9\n`,
  });
  const database = mlflowDatabase(folder.at('mlflow.db'));
  database.insert('registered_models', { name: 'churn', creation_time: 1000, last_updated_time: 1000 });
  database.run('r1', { name: evil });
  database.metric('r1', 'auc', 0.5, 1500);
  const version = { name: 'churn', version: 1, creation_time: 1000, last_updated_time: 1000, run_id: 'r1' };
  database.insert('model_versions', { ...version, current_stage: 'None', source: 's', status: 'READY' });
  const { out, exit } = await run(['incidents'], folder.path);
  assert.equal(exit, 1);
  assert.match(out, /^a \[2J/);
  const lineage = await run(['lineage', 'model:churn'], folder.path);
  assert.match(lineage.out, /MLflow run a.\[2J/u);
  const logs = await run(['logs', `run:nowhere/${evil}`], folder.path);
  for (const text of [out, lineage.out, logs.out])
    assert.doesNotMatch(text, /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202e]/);
});

test('npm run -s plumbline prints JSON only, and paths are meant from where one stands', async () => {
  const args = ['--prefix', root, 'run', '-s', 'plumbline', '--', 'refs', 'settings.py', '--json'];
  const out = await new Promise<string>((resolve, reject) => {
    const options = {
      cwd: path.join(sample.folder, 'churn'),
      env: { ...process.env, INIT_CWD: undefined, PLUMBLINE_CWD: undefined },
    };
    execFile('npm', args, options, (error, stdout) => (error ? reject(error) : resolve(stdout)));
  });
  const data: ReferenceJson[] = JSON.parse(out);
  assert.equal(data[0]?.path, 'settings.py');
});
