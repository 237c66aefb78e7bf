// AWS faults: what the fault tests of tools that speak to AWS share: moto behind a proxy, a window on it, each row suffered and healed, and all of them at random.
import assert from 'node:assert/strict';
import { after, before, type TestContext, test } from 'node:test';
import type { Catalog } from '../../server/catalog/catalog.ts';
import type { ConnectionConfig } from '../../server/protocol/connection.ts';
import { html, on, rewritten, text } from '../faults/answers.ts';
import { type Fault, type FaultProxy, faultProxy, type Reply } from '../faults/proxy.ts';
import { passed } from '../faults/table.ts';
import { LiveWindow } from '../support/liveWindow.ts';
import { SimulatedClock } from '../support/simulatedClock.ts';
import { type Moto, motoServer } from './motoServer.ts';

const minute = 60_000;
/** Requests at most in four minutes: of one that goes on asking, and of one that rests. */
export const polls = 60;
export const resting = 30;
export const lists = /list-type=2/;

export interface Row {
  readonly name: string;
  readonly fault: () => Fault;
  readonly health: readonly string[];
  readonly says?: RegExp;
  readonly impatient?: true;
  /** Requests at most in four minutes. */
  readonly most: number;
}

export interface Suffering {
  readonly config: Omit<ConnectionConfig, 'name' | 'url'>;
  /** What is known, in order; more than `least` before anything is broken. */
  known(catalog: Catalog): readonly string[];
  readonly least: number;
  /** Requests at most in ten minutes of everything. */
  readonly mostAtRandom: number;
}

export interface Bench {
  readonly window: LiveWindow;
  readonly proxy: FaultProxy;
  connect(url: string, more?: Partial<ConnectionConfig>): void;
  known(): readonly string[];
}

/** An error as S3 says it. */
export function xml(status: number, code: string, more = '', headers = {}): Reply {
  const body = `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>What ${code} says.</Message>${more}</Error>`;
  return text(status, body, { 'content-type': 'application/xml', ...headers });
}

/** Of everything that lists objects. */
export const storeRows: readonly Row[] = [
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
];

/** A moto server while the tests of the file run. */
export function motoOfFile(fill: (moto: Moto) => Promise<unknown>): () => Moto {
  let moto: Moto | undefined;
  const stops: (() => Promise<void>)[] = [];
  before(async () => {
    // The hooks of a file have no context of a test; what must be stopped is stopped in `after`.
    moto = await motoServer({ after: (stop) => void stops.push(stop), diagnostic: () => undefined });
    await fill(moto);
  });
  after(async () => {
    for (const stop of stops) await stop();
  });
  return () => {
    assert.ok(moto);
    return moto;
  };
}

/** Everything has been read once, through a proxy that does nothing yet, and something of it is looked at. */
export async function arranged(
  context: TestContext,
  moto: Moto,
  { config, known }: Suffering,
  isImpatient = false,
): Promise<Bench> {
  const proxy = await faultProxy({ target: moto.url });
  const at = (url: string, more = {}) => ({ ...config, name: 'first', url, credential: 'stored' as const, ...more });
  const window = new LiveWindow({
    ...{ file: ':memory:', clock: new SimulatedClock(Date.now()), config: at(proxy.url) },
    secret: { kind: 'basic', username: 'AKIDEXAMPLE', password: 'secret-of-the-test' },
    ...(isImpatient ? { timeouts: { connectMs: 2_000, idleMs: 1_200, totalMs: 3_000 } } : {}),
  });
  context.after(async () => {
    await window.close();
    await proxy.close();
  });
  const bench: Bench = {
    ...{ window, proxy },
    connect: (url, more) => window.side.setConnections([at(url, more)]),
    known: () => known(window.store.snapshot()),
  };
  const patience = AbortSignal.timeout(120_000);
  // A busy machine may let one fail that is impatient.
  while (!isWell(bench)) {
    patience.throwIfAborted();
    await window.pass(minute);
  }
  const [shown] = bench.known();
  window.side.attend({ focused: true, ids: shown === undefined ? [] : [shown] });
  await window.pass(minute);
  return bench;
}

function isWell({ window }: Bench): boolean {
  return window.status?.health === 'fresh' && window.status.reason === undefined;
}

async function heals(bench: Bench, before: readonly string[]): Promise<void> {
  bench.proxy.break(undefined);
  for (let waited = 0; waited < 8 && !isWell(bench); waited += 1) await bench.window.pass(minute);
  const { health, reason } = bench.window.status ?? {};
  assert.deepEqual([health, reason], ['fresh', undefined], 'it comes back');
  assert.deepEqual(missing(bench, before), []);
}

function missing(bench: Bench, before: readonly string[]): readonly string[] {
  const now = new Set(bench.known());
  return before.filter((id) => !now.has(id));
}

/** Tells the runner a test for each row, and one of all of them. */
export function awsFaults(rows: readonly Row[], motoOf: () => Moto, suffering: Suffering): void {
  for (const row of rows) {
    test(row.name, { timeout: 120_000 }, async (context) => {
      const bench = await arranged(context, motoOf(), suffering, row.impatient);
      const { window, proxy } = bench;
      const before = bench.known();
      assert.ok(before.length > suffering.least, `${before.length} are known`);
      proxy.break(row.fault());
      proxy.clear();
      await window.pass(4 * minute);
      const { health = '', reason = '' } = window.status ?? {};
      assert.ok(row.health.includes(health), `health is ${health}: ${reason}`);
      if (row.says) assert.match(reason, row.says);
      if (health !== 'fresh') assert.match(reason, /^first: /, 'it names the connection');
      assert.doesNotMatch(reason, /secret-of-the-test|AKIDEXAMPLE|Signature=/);
      assert.deepEqual(missing(bench, before), [], 'what was known stays');
      assert.ok(proxy.asked.length > 0 && proxy.asked.length <= row.most, `${proxy.asked.length} requests`);
      await heals(bench, before);
    });
  }

  test('ten minutes of every fault at random: nothing is lost, nobody is bothered, all comes back', {
    timeout: 240_000,
  }, async (context) => {
    const bench = await arranged(context, motoOf(), suffering, true);
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
    assert.deepEqual(missing(bench, before), [], 'what was known stays');
    const { length } = bench.proxy.asked;
    assert.ok(length > 5 && length <= suffering.mostAtRandom, `${length} requests in ten minutes`);
    await heals(bench, before);
  });
}
