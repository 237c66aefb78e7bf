// A real Ray head with a token is read whole: jobs that succeed, fail and run, Serve, a search of Tune, every log; and what changes.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { environment } from '../../../scripts/python/environments.mjs';
import type { CatalogChange } from '../../../server/catalog/change.ts';
import { parseRemoteLog, type Run } from '../../../server/catalog/run.ts';
import { CatalogStore } from '../../../server/catalog/store.ts';
import type { LiveConnector, LiveHost } from '../../../server/connectors/connector.ts';
import { HttpError } from '../../../server/connectors/httpError.ts';
import { ray } from '../../../server/connectors/ray/index.ts';
import { incidents } from '../../../server/incidents/list.ts';
import type { ConnectionConfig } from '../../../server/protocol/connection.ts';
import { identityOf } from '../../../server/sync/pass.ts';
import { emptyConfig } from '../../../server/workspace/plumblineFile.ts';
import { createHttp } from '../../../server/world/http/client.ts';
import { memoryLog } from '../../support/log.ts';
import { hostAt, type Scanned, scanned } from '../../support/scan.ts';
import { RayHead } from './head.ts';

const signal = new AbortController().signal;
let head: RayHead;
/** Of the first scan, before anything changed. */
let whole: Scanned;
let live: ReturnType<typeof connected>;

function connected(token: string | undefined, store?: CatalogStore) {
  const connection: ConnectionConfig = { name: 'live', tool: 'ray', url: head.url, instance: 'head' };
  const http = createHttp({ connection });
  const asked: string[] = [];
  const host: LiveHost = {
    fetch: (request, inner, expected) => {
      asked.push(request.path);
      return http(request, inner, expected);
    },
    secret: async () => (token === undefined ? undefined : { kind: 'token', token }),
    skewMs: 0,
    log: memoryLog(),
    now: Date.now,
  };
  const connector = ray.connect?.(connection, host, store?.snapshot());
  assert.ok(connector);
  return { connector, asked };
}

before(
  async () => {
    head = await RayHead.make(await environment('ray', (message) => console.error(message)));
    await head.start();
    await head.fill();
    live = connected(head.token);
    whole = await scanned(live.connector);
  },
  { timeout: 600_000 },
);

after(() => head.remove());

const run = (name: string): Run => {
  const found = whole.runs.find(({ id }) => id === `run:ray://head/${name}`);
  assert.ok(found, `${name} is among ${whole.runs.map(({ id }) => id).join(', ')}`);
  return found;
};

describe('a real head', () => {
  test('says who it is, and what is wrong with a token', async () => {
    assert.match(await live.connector.greet(signal), /^Ray 2\.\d+\.\d+, 6 jobs$/);
    const wrong = { kind: 'unauthorized', message: /refuses this token .*ray get-auth-token/ };
    await assert.rejects(connected('wrong').connector.greet(signal), wrong);
    await assert.rejects(connected(undefined).connector.greet(signal), { message: /wants a token \(401\)/ });
  });

  test('jobs', () => {
    assert.deepEqual(whole.problems, []);
    const train = run('raysubmit_train');
    assert.deepEqual([train.status, train.name, train.user], ['success', 'churn_training', 'ml-team']);
    assert.deepEqual(train.of, ['job:ray://head/churn_training']);
    assert.equal(train.commit, '5be1f0aa'.repeat(5));
    assert.ok((train.endedAt ?? 0) > (train.startedAt ?? Number.POSITIVE_INFINITY));
    const fail = run('raysubmit_fail');
    assert.deepEqual([fail.status, fail.message], ['failed', 'ValueError: rows must be positive, not 0']);
    assert.deepEqual(fail.of, [fail.id], 'nobody is named: it stands alone');
    assert.deepEqual([run('raysubmit_wait').status, run('raysubmit_wait').endedAt], ['running', undefined]);
    const driver = whole.runs.find(({ name }) => /^driver \w{8}$/.test(name));
    assert.match(driver?.id ?? '', /^run:ray:\/\/head\/session_\d{4}-[\w-]+\/[0-9a-f]{8}$/);
    assert.equal(driver?.status, 'success');
  });

  test('tasks that failed, with their error', () => {
    const failed = whole.runs.filter(({ parent }) => parent !== undefined);
    assert.deepEqual(failed.map(({ name, message, parent }) => [name, message, parent]).sort(), [
      ['objective.train', 'RuntimeError: the loss is not a number', 'run:ray://head/raysubmit_search'],
      ['score', 'ValueError: rows must be positive, not 0', 'run:ray://head/raysubmit_fail'],
    ]);
  });

  test('applications and deployments of Serve', () => {
    const endpoints = new Map(
      whole.entities.filter(({ kind }) => kind === 'endpoint').map((each) => [each.name, each]),
    );
    assert.deepEqual([...endpoints.keys()].sort(), ['broken', 'broken/Broken', 'churn', 'churn/ChurnModel']);
    assert.deepEqual(endpoints.get('churn')?.facts?.tags, ['status=RUNNING', 'route=/churn']);
    assert.deepEqual(endpoints.get('churn/ChurnModel')?.aliases, ['ChurnModel']);
    assert.equal(endpoints.get('broken')?.facts?.broken, 'Broken: RuntimeError: no weights at s3://models/churn/9');
    const deployed = whole.runs.filter(({ id }) => id.startsWith('run:ray://head/serve/'));
    assert.deepEqual(deployed.map(({ name, status }) => [name, status]).sort(), [
      ['deployment of broken', 'failed'],
      ['deployment of churn', 'success'],
    ]);
    assert.deepEqual(whole.covered, [{ kind: 'endpoint', scope: 'ray://head' }]);
  });

  test('nothing secret is told', () => {
    const told = JSON.stringify(whole);
    assert.doesNotMatch(told, /is-secret/);
    assert.match(told, /API_TOKEN, MODE/, 'variables are told by name');
  });

  test('a second scan asks four questions, whatever there is', async () => {
    live.asked.length = 0;
    const second = await scanned(live.connector, signal, whole.cursor);
    assert.deepEqual(live.asked, ['/api/version', '/api/jobs/', '/api/v0/tasks', '/api/serve/applications/']);
    assert.deepEqual(
      second.runs.filter(({ id }) => /raysubmit_\w+$/.test(id)).map(({ name }) => name),
      ['raysubmit_wait'],
      'what has ended is not told again',
    );
  });

  test('every log can be read, and of one that grows only the end is asked for', async () => {
    const logs = await shown(
      live.connector,
      whole.runs.map(({ id }) => id),
    );
    const titled = (of: RegExp, title: RegExp) => logs.filter((log) => of.test(log.run) && title.test(log.title));
    assert.match(titled(/raysubmit_train$/, /^driver$/)[0]?.text ?? '', /\nsum 3\n$/);
    assert.ok(titled(/raysubmit_train$/, /^worker \d+$/).some(({ text }) => /epoch 1 in a worker/.test(text)));
    assert.match(titled(/raysubmit_fail\//, /^task$/)[0]?.text ?? '', /(?:^|\n)scoring in a worker\n$/);
    assert.match(titled(/raysubmit_search\//, /^actor$/)[0]?.text ?? '', /trial with lr 5/);
    assert.ok(titled(/serve\/churn/, /^replica/).some(({ text }) => /initializing replica/.test(text)));
    await grows();
  });

  test('a search of Tune is read from its folder', async () => {
    const source = { name: 'ray results', tool: 'ray', path: head.results, workspaceFolder: head.results };
    const tune = await scanned(await ray.create(source, hostAt('2026-11-23T12:00:00Z')));
    assert.deepEqual(tune.problems, []);
    const [search, ...trials] = tune.runs;
    assert.match(search?.params[0]?.value ?? '', /^objective_\w+_00001$/);
    assert.deepEqual(search?.metrics.map(({ name }) => name).sort(), ['auc', 'loss']);
    assert.deepEqual(trials.map(({ status }) => status).sort(), ['failed', 'success', 'success']);
    const auc = tune.series.filter(({ metric }) => metric.endsWith('/churn_search/auc'));
    assert.deepEqual(
      auc.map(({ points }) => points.map(({ step }) => step)),
      [
        [1, 2, 3],
        [1, 2, 3],
      ],
    );
  });

  test('after a new start old failures are known and no trouble any more', { timeout: 300_000 }, async () => {
    const store = CatalogStore.open(':memory:').store;
    const scan = async () => {
      const { connector } = connected(head.token, store);
      const writing = store.writer().startScan(identityOf(connector), Date.now(), { coveredDecides: true });
      for await (const page of connector.scan(signal, writing.before.cursor)) writing.apply(page);
      writing.finish();
      return incidents(store.snapshot(), emptyConfig, Date.now()).map(({ title }) => title);
    };
    assert.deepEqual((await scan()).sort(), ['broken failed', 'raysubmit_fail failed']);
    head.finish();
    await head.kill();
    await assert.rejects(scan(), /live: .*127\.0\.0\.1/);
    await head.start();
    assert.deepEqual(await scan(), []);
    assert.equal(store.snapshot().run('run:ray://head/raysubmit_fail')?.status, 'failed');
    store.close();
  });
});

interface ShownLog {
  readonly run: string;
  readonly title: string;
  readonly text: string;
}

async function shown(connector: LiveConnector, ids: readonly string[]): Promise<readonly ShownLog[]> {
  const pages: CatalogChange[] = [];
  for await (const page of connector.describe(ids, signal)) pages.push(page);
  const runs = pages.flatMap((page) => page.runs ?? []);
  const logs: ShownLog[] = [];
  for (const { id, logs: places } of runs) {
    for (const { file, title } of places) {
      logs.push({ run: id, title, text: await written(connector, parseRemoteLog(file)?.key ?? '') });
    }
  }
  return logs;
}

/** Workers tell the head of their logs, and write them, a little later than they end. */
async function written({ readLog }: LiveConnector, key: string): Promise<string> {
  assert.ok(readLog);
  const end = Date.now() + 60_000;
  for (;;) {
    try {
      return (await readLog(key, signal)).text;
    } catch (error) {
      if (!(error instanceof HttpError) || error.kind !== 'missing' || Date.now() > end) throw error;
      await pause(500);
    }
  }
}

async function grows(): Promise<void> {
  const { connector, asked } = connected(head.token);
  const key = parseRemoteLog(run('raysubmit_wait').logs[0]?.file ?? '')?.key ?? '';
  const read = async () => {
    const log = await connector.readLog?.(key, signal);
    assert.equal(log?.complete, false);
    return (log?.text ?? '').split('\n').filter((line) => line.startsWith('line '));
  };
  let lines = await read();
  for (let round = 0; round < 100 && lines.length < 80; round++) lines = await read();
  asked.length = 0;
  const before = lines.length;
  for (let round = 0; round < 100 && lines.length === before; round++) lines = await read();
  assert.ok(lines.length > before);
  assert.ok(
    lines.every((line, index) => line === `line ${index}`),
    'no line is lost or doubled',
  );
  assert.ok(asked.every((path) => path === '/api/jobs/raysubmit_wait' || path === '/api/v0/logs/file'));
}
