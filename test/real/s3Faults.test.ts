// S3 through a proxy that misbehaves as S3, and what stands before it, do: what was known stays, the reason says what to do, all comes back.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import type { CatalogChange } from '../../server/catalog/change.ts';
import type { ConnectionConfig } from '../../server/protocol/connection.ts';
import { on, rewritten } from '../faults/answers.ts';
import { type Fault, faultProxy } from '../faults/proxy.ts';
import { certificates } from '../support/web.ts';
import {
  arranged,
  awsFaults,
  lists,
  motoOfFile,
  polls,
  type Row,
  resting,
  type Suffering,
  storeRows,
  xml,
} from './awsFaults.ts';
import { connectedTo } from './motoServer.ts';

const minute = 60_000;
const signal = new AbortController().signal;
const watch = ['acme-models/churn/', 'acme-versions/', 'acme-lake/events/', 'acme-lake/strange/'];
const moto = motoOfFile((started) => started.script('s3_fill.py'));

const rows: readonly Row[] = [
  ...storeRows,
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

const suffering: Suffering = {
  config: { tool: 's3', region: 'eu-west-1', watch },
  known: (catalog) =>
    (['path', 'model', 'version'] as const).flatMap((kind) =>
      catalog.list(kind, 1_000).flatMap(({ id, goneAt }) => (goneAt === undefined ? [id] : [])),
    ),
  least: 8,
  mostAtRandom: 300,
};

awsFaults(rows, moto, suffering);

test('an idle hour costs the same however many places there are', { timeout: 120_000 }, async (context) => {
  const hours: number[] = [];
  for (const count of [25, 100]) {
    const many = Array.from({ length: count }, (_, n) => `acme-lake/events/dt=2026-11-${String(n).padStart(3, '0')}/`);
    const bench = await arranged(context, moto(), suffering);
    bench.window.side.attend({ focused: false, ids: [] });
    bench.connect(bench.proxy.url, { watch: many });
    await bench.window.pass(10 * minute);
    bench.proxy.clear();
    await bench.window.pass(60 * minute);
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
  const proxy = await faultProxy({ target: moto().url });
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
  const secure = await faultProxy({ target: moto().url, tls });
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
  const size = (await connectedTo(moto().url).connector.logs?.stat(key, signal))?.size ?? 0;
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
