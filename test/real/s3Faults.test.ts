// S3 through a proxy that misbehaves as S3, and what stands before it, do: what was known stays, the reason says what to do, all comes back.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, type TestContext, test } from 'node:test';
import type { CatalogChange } from '../../server/catalog/change.ts';
import { CatalogStore } from '../../server/catalog/store.ts';
import { connectors } from '../../server/connectors/registry.ts';
import type { ConnectionConfig } from '../../server/protocol/connection.ts';
import { LiveSync } from '../../server/sync/live/liveSync.ts';
import { usualTiming } from '../../server/sync/live/timing.ts';
import { html, on, rewritten, text } from '../faults/answers.ts';
import { type Fault, type FaultProxy, faultProxy, type Reply } from '../faults/proxy.ts';
import { memoryLog } from '../support/log.ts';
import { quiet } from '../support/outgoing.ts';
import { SimulatedClock } from '../support/simulatedClock.ts';
import { certificates } from '../support/web.ts';
import { connectedTo, type Moto, motoServer } from './motoServer.ts';

const minute = 60_000;
const signal = new AbortController().signal;
const watch = ['acme-models/churn/', 'acme-versions/', 'acme-lake/events/', 'acme-lake/strange/'];
const lists = /list-type=2/;
let moto: Moto | undefined;
const stops: (() => void | Promise<void>)[] = [];

before(async () => {
  // The hooks of a file have no context of a test; what must be stopped is stopped in `after`.
  const own = { after: (stop: () => Promise<void>) => void stops.push(stop), diagnostic: () => {} };
  moto = await motoServer(own);
  await moto.script('s3_fill.py');
});

after(async () => {
  for (const stop of stops) await stop();
});

function xml(status: number, code: string, more = '', headers = {}): Reply {
  const body = `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>What ${code} says.</Message>${more}</Error>`;
  return text(status, body, { 'content-type': 'application/xml', ...headers });
}

interface Row {
  readonly name: string;
  readonly fault: () => Fault;
  readonly health: readonly string[];
  readonly says?: RegExp;
  readonly impatient?: true;
  /** Requests at most in four minutes. */
  readonly most: number;
}

const polls = 60;
const resting = 30;

const rows: readonly Row[] = [
  {
    name: 'the token has expired',
    fault: () => () => xml(400, 'ExpiredToken'),
    health: ['forbidden', 'failing'],
    says: /ExpiredToken.*is over.*Store another key/,
    most: resting,
  },
  {
    name: 'the key is not known',
    fault: () => () => xml(403, 'InvalidAccessKeyId'),
    health: ['forbidden', 'failing'],
    says: /InvalidAccessKeyId.*not known/,
    most: resting,
  },
  {
    name: 'the token expires in the middle of a scan',
    fault: () => (asked, pass) =>
      asked.before < 2 ? pass().then((answer) => ({ kind: 'answer', answer })) : xml(400, 'ExpiredToken'),
    health: ['forbidden', 'failing'],
    says: /ExpiredToken/,
    most: resting,
  },
  {
    name: 'listing is denied, reading is not',
    fault: () => on(lists, () => xml(403, 'AccessDenied')),
    health: ['fresh', 'forbidden'],
    says: /AccessDenied.*ask for s3:ListBucket/,
    most: polls,
  },
  {
    name: 'one bucket is gone',
    fault: () => on(/acme-lake/, () => xml(404, 'NoSuchBucket')),
    health: ['fresh'],
    says: /no such bucket acme-lake/,
    most: polls,
  },
  {
    name: 'another region, and which is not said',
    fault: () => () => xml(301, 'PermanentRedirect'),
    health: ['fresh', 'failing'],
    says: /PermanentRedirect.*in another region: set "region"/,
    most: polls,
  },
  {
    name: 'asked too often',
    fault: () => () => xml(503, 'SlowDown'),
    health: ['failing'],
    says: /503 \(SlowDown\)/,
    most: resting,
  },
  { name: '500', fault: () => () => xml(500, 'InternalError'), health: ['failing'], says: /500/, most: resting },
  {
    name: 'no answer at all',
    fault: () => () => ({ kind: 'hang' }),
    health: ['failing'],
    says: /sent nothing|did not finish/,
    impatient: true,
    most: resting,
  },
  {
    name: 'the connection is cut in the middle of an answer',
    fault: () => on(lists, async (_asked, pass) => ({ kind: 'cut', answer: await pass(), bytes: 120 })),
    health: ['failing'],
    says: /127\.0\.0\.1/,
    most: resting,
  },
  {
    name: 'half an XML',
    fault: () =>
      on(
        lists,
        rewritten((body) => body.slice(0, body.length / 2)),
      ),
    health: ['failing', 'fresh'],
    most: polls,
  },
  {
    name: 'a page to log in',
    fault: () => () => html(200, '<html><head><title>Sign in</title></head><body>Please sign in</body></html>'),
    health: ['failing'],
    says: /no list|XML/,
    most: polls,
  },
  {
    name: 'a page that comes again and again',
    fault: () =>
      on(lists, async (asked, pass) => {
        const answer = await pass({ path: asked.path.replace(/&?continuation-token=[^&]*/, ''), body: '' });
        const again = '<IsTruncated>true</IsTruncated><NextContinuationToken>again</NextContinuationToken>';
        const body = String(answer.body)
          .replace(/<IsTruncated>.*?<\/IsTruncated>/, '')
          .replace('</ListBucketResult>', `${again}</ListBucketResult>`);
        return { kind: 'answer', answer: { ...answer, body: Buffer.from(body) } };
      }),
    health: ['fresh'],
    most: polls * 6,
  },
  {
    name: 'times and sizes that are none',
    fault: () =>
      rewritten((body) =>
        body.replace(/<Size>\d+/g, '<Size>NaN').replace(/<LastModified>[^<]*/g, '<LastModified>yesterday'),
      ),
    health: ['fresh', 'failing'],
    most: polls,
  },
];

interface Bench {
  readonly store: CatalogStore;
  readonly proxy: FaultProxy;
  readonly sync: LiveSync;
  pass(ms: number): Promise<void>;
  connect(url: string, more?: Partial<ConnectionConfig>): void;
  ids(): readonly string[];
  status(): { readonly health?: string; readonly reason?: string };
}

async function arranged(context: TestContext, impatient = false): Promise<Bench> {
  const { store } = CatalogStore.open(':memory:');
  const clock = new SimulatedClock(Date.now());
  const proxy = await faultProxy({ target: moto?.url ?? '' });
  const sync = new LiveSync({
    ...{ connectors, clock, store, log: memoryLog(), random: () => 0.5, timing: usualTiming },
    secretOf: async () => ({ kind: 'basic', username: 'AKIDEXAMPLE', password: 'secret-of-the-test' }),
    ...(impatient ? { timeouts: { connectMs: 2_000, idleMs: 1_200, totalMs: 3_000 } } : {}),
    onChanged: () => undefined,
    onStatus: () => undefined,
    known: [store],
  });
  context.after(async () => {
    await sync.stop();
    await proxy.close();
    store.close();
  });
  const kinds = ['path', 'model', 'version'] as const;
  const bench: Bench = {
    ...{ store, proxy, sync },
    pass: (ms) => clock.pass(ms, quiet),
    connect: (url, more = {}) =>
      sync.setConnections([
        { name: 'first', tool: 's3', url, region: 'eu-west-1', credential: 'stored', watch, ...more },
      ]),
    ids: () =>
      kinds.flatMap((kind) => store.snapshot().list(kind, 1_000)).flatMap(({ id, goneAt }) => (goneAt ? [] : id)),
    status: () =>
      store
        .snapshot()
        .sources()
        .find(({ name }) => name === 'first') ?? {},
  };
  bench.connect(proxy.url);
  const patience = AbortSignal.timeout(120_000);
  // A busy machine may let one fail that is impatient.
  while (bench.status().health !== 'fresh' || bench.status().reason !== undefined) {
    patience.throwIfAborted();
    await bench.pass(minute);
  }
  assert.equal(bench.status().health, 'fresh', bench.status().reason);
  sync.attend([{ focused: true, ids: ['path:s3://acme-models/churn/'] }]);
  await bench.pass(minute);
  return bench;
}

for (const row of rows) {
  test(row.name, { timeout: 120_000 }, async (context) => {
    const bench = await arranged(context, row.impatient);
    const known = bench.ids();
    assert.ok(known.length > 8);
    bench.proxy.break(row.fault());
    bench.proxy.clear();
    await bench.pass(4 * minute);
    const { health, reason = '' } = bench.status();
    assert.ok(row.health.includes(health ?? ''), `health is ${health}: ${reason}`);
    if (row.says) assert.match(reason, row.says);
    assert.doesNotMatch(reason, /secret-of-the-test|AKIDEXAMPLE|Signature=/);
    const now = new Set(bench.ids());
    assert.deepEqual(
      known.filter((id) => !now.has(id)),
      [],
      'what was known stays',
    );
    assert.ok(
      bench.proxy.asked.length > 0 && bench.proxy.asked.length <= row.most,
      `${bench.proxy.asked.length} requests`,
    );
    bench.proxy.break(undefined);
    for (
      let waited = 0;
      waited < 8 && (bench.status().reason !== undefined || bench.status().health !== 'fresh');
      waited += 1
    )
      await bench.pass(minute);
    assert.deepEqual([bench.status().health, bench.status().reason], ['fresh', undefined], 'it comes back');
  });
}

test('ten minutes of every fault at random: nothing is lost, nobody is bothered, all comes back', {
  timeout: 240_000,
}, async (context) => {
  const bench = await arranged(context, true);
  const known = bench.ids();
  const usable = rows.map(({ fault }) => fault());
  // The same numbers in every run.
  let state = 20_261_123;
  const random = () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return state / 2 ** 31;
  };
  bench.proxy.clear();
  bench.proxy.break((asked, pass) => {
    const fault = random() < 0.5 ? undefined : usable[Math.floor(random() * usable.length)];
    return fault ? fault(asked, pass) : pass().then((answer) => ({ kind: 'answer', answer }));
  });
  await bench.pass(10 * minute);
  const now = new Set(bench.ids());
  assert.deepEqual(
    known.filter((id) => !now.has(id)),
    [],
    'what was known stays',
  );
  const { length } = bench.proxy.asked;
  assert.ok(length > 5 && length <= 300, `${length} requests in ten minutes`);
  bench.proxy.break(undefined);
  const isWell = () => bench.status().health === 'fresh' && bench.status().reason === undefined;
  for (let waited = 0; waited < 8 && !isWell(); waited += 1) await bench.pass(minute);
  assert.deepEqual([bench.status().health, bench.status().reason], ['fresh', undefined], 'it comes back');
});

test('an idle hour costs the same however many places there are', { timeout: 120_000 }, async (context) => {
  const hours: number[] = [];
  for (const count of [25, 100]) {
    const many = Array.from({ length: count }, (_, n) => `acme-lake/events/dt=2026-11-${String(n).padStart(3, '0')}/`);
    const bench = await arranged(context);
    bench.sync.attend([]);
    bench.connect(bench.proxy.url, { watch: many });
    await bench.pass(10 * minute);
    bench.proxy.clear();
    await bench.pass(60 * minute);
    hours.push(bench.proxy.asked.length);
  }
  const [few = 0, more = 0] = hours;
  assert.ok(few > 100 && more <= 13 * 20 && more - few <= 20, `${few} and ${more}`);
});

const entitiesOf = async (pages: AsyncIterable<CatalogChange>) => {
  const found = [];
  for await (const page of pages) {
    assert.deepEqual(page.problems ?? [], []);
    found.push(...(page.entities ?? []));
  }
  return found;
};

async function through(context: TestContext, fault: Fault, more: Partial<ConnectionConfig> = {}) {
  const proxy = await faultProxy({ target: moto?.url ?? '' });
  context.after(() => proxy.close());
  proxy.break(fault);
  return { proxy, ...connectedTo(proxy.url, { watch: ['acme-models/churn/'], ...more }) };
}

for (const [name, refused] of [
  ['301 PermanentRedirect', () => xml(301, 'PermanentRedirect', '', { 'x-amz-bucket-region': 'ap-south-1' })],
  ['400 AuthorizationHeaderMalformed', () => xml(400, 'AuthorizationHeaderMalformed', '<Region>ap-south-1</Region>')],
] as const) {
  test(`a bucket in another region is asked there: ${name}`, { timeout: 60_000 }, async (context) => {
    const { connector, proxy } = await through(context, (asked, pass) =>
      asked.authorization?.includes('/ap-south-1/') ? pass().then((answer) => ({ kind: 'answer', answer })) : refused(),
    );
    const found = await entitiesOf(connector.scan(signal));
    assert.ok(found.some(({ id }) => id === 'model:s3://acme-models/churn/'));
    assert.equal(proxy.asked.filter(({ authorization = '' }) => authorization.includes('/eu-west-1/')).length, 1);
  });
}

test('a clock that is wrong is put right by what the server says', { timeout: 60_000 }, async (context) => {
  const ahead = new Date(Date.now() + 3_600_000);
  const day = ahead.toISOString().slice(0, 13).replace(/[-:]/g, '');
  const { connector } = await through(context, async (asked, pass) => {
    const stamp = asked.amzDate ?? '';
    if (stamp.startsWith(day)) return { kind: 'answer', answer: await pass() };
    return xml(403, 'RequestTimeTooSkewed', `<ServerTime>${ahead.toISOString()}</ServerTime>`, {
      date: ahead.toUTCString(),
    });
  });
  const found = await entitiesOf(connector.scan(signal));
  assert.ok(found.some(({ id }) => id === 'model:s3://acme-models/churn/'));
});

test('a redirect to another host gets nothing there', { timeout: 60_000 }, async (context) => {
  const other = await faultProxy({});
  context.after(() => other.close());
  const { connector } = await through(context, () => xml(307, 'TemporaryRedirect', '', { location: `${other.url}/x` }));
  const problems = [];
  for await (const page of connector.scan(signal)) problems.push(...(page.problems ?? []));
  assert.match(problems[0]?.message ?? '', /307/);
  assert.deepEqual(other.asked, []);
});

test('nobody signs what is anonymous', { timeout: 60_000 }, async (context) => {
  const { connector, proxy } = await through(
    context,
    (_asked, pass) => pass().then((answer) => ({ kind: 'answer', answer })),
    {
      credential: 'none',
    },
  );
  await connector.greet(signal).catch(() => undefined);
  assert.ok(proxy.asked.length > 0 && proxy.asked.every(({ authorization }) => authorization === undefined));
});

test('a certificate that nobody vouches for is refused, until the user accepts it', {
  timeout: 60_000,
}, async (context) => {
  const { selfSigned } = certificates();
  const tls = { key: readFileSync(selfSigned.key, 'utf8'), cert: readFileSync(selfSigned.certificate, 'utf8') };
  const secure = await faultProxy({ target: moto?.url ?? '', tls });
  context.after(() => secure.close());
  const more = { watch: ['acme-models/churn/'] };
  await assert.rejects(connectedTo(secure.url, more).connector.greet(signal), { kind: 'tls', message: /certificate/ });
  assert.deepEqual(secure.asked, []);
  assert.match(
    await connectedTo(secure.url, { ...more, allowSelfSigned: true }).connector.greet(signal),
    /^S3, 1 place/,
  );
});

test('a host that no name server knows', { timeout: 60_000 }, async () => {
  const { connector } = connectedTo('http://nowhere.invalid:9000', { watch: ['acme-models/churn/'] });
  await assert.rejects(connector.greet(signal), { kind: 'unreachable', message: /nowhere\.invalid/ });
});

test('a log goes on where the connection was lost', { timeout: 60_000 }, async (context) => {
  let cuts = 0;
  const { connector } = await through(context, async (asked, pass) => {
    const answer = await pass();
    cuts += asked.method === 'GET' ? 1 : 0;
    return cuts === 1 ? { kind: 'cut', answer, bytes: 300_000 } : { kind: 'answer', answer };
  });
  const key =
    's3://acme-logs/airflow/dag_id=train_churn/run_id=manual__2026-11-20T03:00:00+00:00/task_id=fit/attempt=1.log';
  const size = (await connectedTo(moto?.url ?? '').connector.logs?.stat(key, signal))?.size ?? 0;
  const bytes = await connector.logs?.readRange(key, 0, size, signal);
  assert.deepEqual(
    [
      bytes?.length,
      Buffer.from(bytes ?? [])
        .toString()
        .split('\n').length,
    ],
    [size, 20_001],
  );
  assert.ok(cuts > 1);
});
