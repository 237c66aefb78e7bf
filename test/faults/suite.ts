// The suite of faults: one live connector against its real server, through a proxy that misbehaves in every way of the table.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, type TestContext, test } from 'node:test';
import { certificates } from '../support/web.ts';
import { type Known, LiveBench, type LiveTarget } from './liveBench.ts';
import { type FaultProxy, faultProxy } from './proxy.ts';
import { type FaultRow, type FaultTool, faults, passed, redirect } from './table.ts';

const minute = 60_000;

interface Arranged {
  readonly bench: LiveBench;
  readonly proxy: FaultProxy;
}

/** Everything has been read once, through a proxy that does nothing yet. */
async function arranged(context: TestContext, target: LiveTarget, isImpatient = false): Promise<Arranged> {
  const proxy = await faultProxy({ target: target.url });
  const bench = new LiveBench(target, isImpatient);
  context.after(async () => {
    await bench.close();
    await proxy.close();
  });
  bench.connect(proxy.url);
  const patience = AbortSignal.timeout(120_000);
  // A busy machine may let one fail that is impatient.
  while ((['first', 'other'] as const).some((name) => bench.status(name).health !== 'fresh')) {
    patience.throwIfAborted();
    await bench.pass(minute);
  }
  assert.equal(bench.status('first').health, 'fresh', bench.status('first').reason);
  bench.look();
  return { bench, proxy };
}

async function survives(context: TestContext, tool: FaultTool, row: FaultRow, target: LiveTarget): Promise<void> {
  const { bench, proxy } = await arranged(context, target, row.impatient);
  const before = bench.known('first');
  assert.ok(before.entities.size > 5 && (tool.hasNoRuns || before.runs.size > 5) && before.covered.length > 0);
  proxy.break(row.fault(tool));
  proxy.clear();
  await bench.pass(4 * minute);

  const { health, reason = '' } = bench.status('first');
  assert.ok(row.health.includes(health), `health is ${health}: ${reason}`);
  if (row.says) assert.match(reason, row.says);
  if (health === 'failing' || health === 'forbidden') assert.match(reason, /first/, 'it names the connection');
  const broken = bench.known('first');
  if (row.keeps !== false) {
    assert.deepEqual(missing(before.entities, broken.entities), [], 'old facts stay');
    assert.deepEqual(missing(before.runs, broken.runs), [], 'old runs stay');
  }
  if (row.covers !== 'any') assert.deepEqual(broken.covered, expected(row, tool, before.covered), 'coverage');
  assert.ok(proxy.asked.length <= row.most, `${proxy.asked.length} requests in four minutes`);
  assert.ok(proxy.asked.length > 0);
  assert.deepEqual([bench.status('other').health, bench.status('other').reason], ['fresh', undefined]);

  proxy.break(undefined);
  await heals(bench, before);
}

/** Soon after the server is well again everything is as it was. */
async function heals(bench: LiveBench, before: Known): Promise<void> {
  const isWell = (): boolean => {
    const { health, reason } = bench.status('first');
    const isCovered = JSON.stringify(bench.known('first').covered) === JSON.stringify(before.covered);
    return health === 'fresh' && reason === undefined && isCovered;
  };
  for (let waited = 0; waited < 8 && !isWell(); waited += 1) await bench.pass(minute);
  const { health, reason } = bench.status('first');
  assert.deepEqual([health, reason], ['fresh', undefined], 'it comes back');
  assert.deepEqual(bench.known('first').covered, before.covered);
}

function expected({ covers }: FaultRow, { one }: FaultTool, before: readonly string[]): readonly string[] {
  if (covers === 'none') return [];
  return covers === 'all' ? before : before.filter((kind) => !one.kinds.some((lost) => lost === kind));
}

function missing(before: ReadonlySet<string>, now: ReadonlySet<string>): readonly string[] {
  return [...before].filter((id) => !now.has(id));
}

/** The same numbers in [0, 1) in every run: a linear congruential generator. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return state / 2 ** 31;
  };
}

/** Tells the runner its tests; `targetOf` is asked when they run, after what the file did before them. */
export function faultSuite(tool: FaultTool, targetOf: () => LiveTarget): void {
  describe(tool.tool, () => {
    for (const row of faults) test(row.name, (context) => survives(context, tool, row, targetOf()));

    test('ten minutes of every fault at random: nothing is lost, nobody is bothered, all comes back', async (context) => {
      const { bench, proxy } = await arranged(context, targetOf(), true);
      const before = bench.known('first');
      const usable = faults.filter(({ keeps, isHuge }) => keeps !== false && !isHuge).map(({ fault }) => fault(tool));
      const random = seeded(20_261_123);
      proxy.clear();
      proxy.break((asked, pass) => {
        const fault = random() < 0.5 ? undefined : usable[Math.floor(random() * usable.length)];
        return fault ? fault(asked, pass) : passed(pass);
      });
      await bench.pass(10 * minute);
      const broken = bench.known('first');
      assert.deepEqual(missing(before.entities, broken.entities), []);
      assert.deepEqual(missing(before.runs, broken.runs), []);
      assert.ok(proxy.asked.length <= 400, `${proxy.asked.length} requests in ten minutes`);
      assert.equal(bench.status('other').health, 'fresh');
      proxy.break(undefined);
      await heals(bench, before);
    });

    test('a redirect to another host gets nothing there', async (context) => {
      const { bench, proxy } = await arranged(context, targetOf());
      const other = await faultProxy({});
      context.after(() => other.close());
      proxy.break((asked) => redirect(`${other.url}${asked.path}`));
      await bench.pass(10 * minute);
      assert.equal(bench.status('first').health, 'failing');
      assert.match(bench.status('first').reason ?? '', /redirect|sends/i);
      assert.deepEqual(other.asked, []);
    });

    test('a certificate that nobody vouches for is refused, until the user accepts it', async (context) => {
      const { bench } = await arranged(context, targetOf());
      const { selfSigned } = certificates();
      const tls = { key: readFileSync(selfSigned.key, 'utf8'), cert: readFileSync(selfSigned.certificate, 'utf8') };
      const secure = await faultProxy({ target: targetOf().url, tls });
      context.after(() => secure.close());
      bench.connect(secure.url);
      await bench.pass(minute);
      assert.equal(bench.status('first').health, 'failing');
      assert.match(bench.status('first').reason ?? '', /certificate/i);
      assert.deepEqual(secure.asked, []);
      bench.connect(secure.url, { allowSelfSigned: true });
      await bench.pass(minute);
      assert.equal(bench.status('first').health, 'fresh', bench.status('first').reason);
    });

    test('a host that no name server knows', async (context) => {
      const { bench } = await arranged(context, targetOf());
      const before = bench.known('first');
      bench.connect('http://nowhere.invalid:8080');
      await bench.pass(5 * minute);
      assert.equal(bench.status('first').health, 'failing');
      assert.match(bench.status('first').reason ?? '', /nowhere\.invalid/);
      assert.deepEqual(bench.known('first').entities, before.entities);
      assert.deepEqual(bench.known('first').covered, []);
    });
  });
}
