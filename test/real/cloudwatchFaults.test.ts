// CloudWatch Logs through a proxy that misbehaves as AWS, and what stands before it, do: what was known stays, the reason says what to do, all comes back.
import assert from 'node:assert/strict';
import { after, before, type TestContext, test } from 'node:test';
import { html, json, rewritten } from '../faults/answers.ts';
import { type Asked, type Fault, type FaultProxy, faultProxy, type Reply } from '../faults/proxy.ts';
import { passed } from '../faults/table.ts';
import { LiveWindow } from '../support/liveWindow.ts';
import { SimulatedClock } from '../support/simulatedClock.ts';
import { type Moto, motoServer } from './motoServer.ts';

const minute = 60_000;
let moto: Moto | undefined;
const stops: (() => Promise<void>)[] = [];

before(async () => {
  // The hooks of a file have no context of a test; what must be stopped is stopped in `after`.
  moto = await motoServer({ after: (stop) => void stops.push(stop), diagnostic: () => undefined });
  await moto.script('cloudwatch_fill.py');
});

after(async () => {
  for (const stop of stops) await stop();
});

function refused(status: number, type: string): Reply {
  return json(
    status,
    { __type: type, message: `What ${type} says.` },
    { 'content-type': 'application/x-amz-json-1.1' },
  );
}

/** Of one group, which the question names in its body. */
function onGroup(group: string, fault: Fault): Fault {
  return (asked: Asked, pass) => (asked.body.includes(`"${group}"`) ? fault(asked, pass) : passed(pass));
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
    fault: () => () => refused(400, 'ExpiredTokenException'),
    health: ['forbidden', 'failing'],
    says: /ExpiredToken.*is over.*Store another key/,
    most: resting,
  },
  {
    name: 'the key is not known',
    fault: () => () => refused(400, 'UnrecognizedClientException'),
    health: ['forbidden', 'failing'],
    says: /UnrecognizedClient/,
    most: resting,
  },
  {
    name: 'nothing may be listed',
    fault: () => () => refused(400, 'AccessDeniedException'),
    health: ['forbidden', 'failing'],
    says: /AccessDenied.*logs:DescribeLogGroups/,
    most: resting,
  },
  {
    name: 'the streams of one group may not be listed',
    fault: () => onGroup('/ec2/scoring', () => refused(400, 'AccessDeniedException')),
    health: ['fresh', 'forbidden', 'failing'],
    says: /AccessDenied/,
    most: polls,
  },
  {
    name: 'one group is gone',
    fault: () => onGroup('/ec2/scoring', () => refused(400, 'ResourceNotFoundException')),
    health: ['fresh', 'failing'],
    says: /\/ec2\/scoring/,
    most: polls,
  },
  {
    name: 'asked too often',
    fault: () => () => refused(400, 'ThrottlingException'),
    health: ['failing'],
    says: /Throttling/,
    most: resting,
  },
  { name: '500', fault: () => () => refused(500, 'InternalFailure'), health: ['failing'], says: /500/, most: resting },
  {
    name: '503',
    fault: () => () => refused(503, 'ServiceUnavailableException'),
    health: ['failing'],
    says: /503/,
    most: resting,
  },
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
    fault: () => async (_asked, pass) => ({ kind: 'cut', answer: await pass(), bytes: 20 }),
    health: ['failing'],
    says: /127\.0\.0\.1/,
    most: resting,
  },
  {
    name: 'half an answer',
    fault: () => rewritten((body) => body.slice(0, body.length / 2)),
    health: ['failing'],
    says: /127\.0\.0\.1/,
    most: resting,
  },
  {
    name: 'a page to log in',
    fault: () => () => html(200, '<html><head><title>Sign in</title></head><body>Please sign in</body></html>'),
    health: ['failing'],
    says: /127\.0\.0\.1/,
    most: resting,
  },
  {
    name: 'a page that comes again and again',
    fault: () => rewritten((body) => body.replace(/"logStreams":/, '"nextToken":"again","logStreams":')),
    health: ['fresh'],
    most: polls,
  },
  {
    name: 'times and sizes that are none',
    fault: () =>
      rewritten((body) => body.replace(/"(\w*[tT]ime\w*|storedBytes|retentionInDays)":\s*\d+/g, '"$1":"yesterday"')),
    health: ['fresh', 'failing'],
    most: polls,
  },
  {
    name: 'another program answers with JSON',
    fault: () => () => json(200, { logGroups: { of: 'somebody else' }, logStreams: 7, events: 'none' }),
    health: ['fresh', 'failing'],
    most: polls,
  },
];

interface Bench {
  readonly window: LiveWindow;
  readonly proxy: FaultProxy;
  known(): readonly string[];
}

async function arranged(context: TestContext, isImpatient = false): Promise<Bench> {
  const proxy = await faultProxy({ target: moto?.url ?? '' });
  const window = new LiveWindow({
    ...{ file: ':memory:', clock: new SimulatedClock(Date.now()) },
    config: {
      ...{ name: 'first', tool: 'cloudwatch', url: proxy.url, region: 'eu-west-1', credential: 'stored' },
      watch: ['/ec2/scoring', 'airflow-Prod'],
    },
    secret: { kind: 'basic', username: 'AKIDEXAMPLE', password: 'secret-of-the-test' },
    ...(isImpatient ? { timeouts: { connectMs: 2_000, idleMs: 1_200, totalMs: 3_000 } } : {}),
  });
  context.after(async () => {
    await window.close();
    await proxy.close();
  });
  const patience = AbortSignal.timeout(120_000);
  // A busy machine may let one fail that is impatient.
  while (window.status?.health !== 'fresh') {
    patience.throwIfAborted();
    await window.pass(minute);
  }
  assert.deepEqual([window.status?.health, window.status?.reason], ['fresh', undefined]);
  const known = () => {
    const catalog = window.store.snapshot();
    const hosts = catalog.list('host', 100).flatMap(({ id, goneAt }) => (goneAt === undefined ? [id] : []));
    return [...hosts, ...hosts.flatMap((id) => catalog.runs(id, { limit: 100 }).map((run) => run.id))].sort();
  };
  const [shown] = known();
  window.side.attend({ focused: true, ids: shown === undefined ? [] : [shown] });
  await window.pass(minute);
  return { window, proxy, known };
}

async function heals({ window, proxy, known }: Bench, before: readonly string[]): Promise<void> {
  proxy.break(undefined);
  const isWell = () => window.status?.health === 'fresh' && window.status.reason === undefined;
  for (let waited = 0; waited < 8 && !isWell(); waited += 1) await window.pass(minute);
  assert.deepEqual([window.status?.health, window.status?.reason], ['fresh', undefined], 'it comes back');
  assert.deepEqual(known(), before);
}

for (const row of rows) {
  test(row.name, { timeout: 120_000 }, async (context) => {
    const bench = await arranged(context, row.impatient);
    const { window, proxy } = bench;
    const before = bench.known();
    assert.ok(before.length > 3);
    proxy.break(row.fault());
    proxy.clear();
    await window.pass(4 * minute);
    const { health = '', reason = '' } = window.status ?? {};
    assert.ok(row.health.includes(health), `health is ${health}: ${reason}`);
    if (row.says) assert.match(reason, row.says);
    if (health !== 'fresh') assert.match(reason, /^first: /, 'it names the connection');
    assert.doesNotMatch(reason, /secret-of-the-test|AKIDEXAMPLE|Signature=/);
    assert.deepEqual(
      before.filter((id) => !bench.known().includes(id)),
      [],
      'what was known stays',
    );
    assert.ok(proxy.asked.length > 0 && proxy.asked.length <= row.most, `${proxy.asked.length} requests`);
    await heals(bench, before);
  });
}

test('ten minutes of every fault at random: nothing is lost, nobody is bothered, all comes back', {
  timeout: 240_000,
}, async (context) => {
  const bench = await arranged(context, true);
  const before = bench.known();
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
    return fault ? fault(asked, pass) : passed(pass);
  });
  await bench.window.pass(10 * minute);
  assert.deepEqual(
    before.filter((id) => !bench.known().includes(id)),
    [],
  );
  const { length } = bench.proxy.asked;
  assert.ok(length > 5 && length <= 200, `${length} requests in ten minutes`);
  await heals(bench, before);
});
