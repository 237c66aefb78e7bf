// As of: what is answered for an earlier time, held against a plain list of everything that was seen.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type AsOf, asOf, changesOf, type Past, surest } from '../../server/catalog/asOf.ts';
import type { CatalogChange } from '../../server/catalog/change.ts';
import { CatalogStore, type SourceIdentity } from '../../server/catalog/store.ts';

const minute = 60_000;
const source: SourceIdentity = { name: 's', tool: 'mlflow', scope: 'mlflow://i', kinds: ['model', 'job', 'run'] };
const churn = 'model:mlflow://i/churn';
const longestGap = 30 * minute;

/** One step of a random life: time goes on, something may change, and somebody looks, or fails to. */
interface Step {
  readonly minutes: number;
  readonly change: 'none' | 'gone' | '1' | '2' | 'unset';
  readonly look: 'none' | 'whole' | 'fails' | 'breaks';
}

interface Look {
  readonly at: number;
  /** Undefined: not there at all; `''`: there, without the alias. */
  readonly value: string | undefined;
}

const step: fc.Arbitrary<Step> = fc.record({
  minutes: fc.constantFrom(1, 5, 20, 29, 45, 300),
  change: fc.constantFrom('none', 'none', 'none', 'gone', '1', '2', 'unset'),
  look: fc.constantFrom('none', 'whole', 'whole', 'whole', 'fails', 'breaks'),
});

function page(value: string | undefined): CatalogChange {
  if (value === undefined) return {};
  const modelAliases = value === '' ? [] : [{ alias: 'champion', version: value }];
  return { entities: [{ id: churn, kind: 'model', name: 'churn', facts: { modelAliases } }] };
}

/** Lives through the steps; what each look that ended saw. */
function live(store: CatalogStore, steps: readonly Step[]): readonly Look[] {
  const looks: Look[] = [];
  let at = 1_000_000;
  let value: string | undefined;
  for (const { minutes, change, look } of steps) {
    at += minutes * minute;
    if (change !== 'none') value = change === 'gone' ? undefined : change === 'unset' ? '' : change;
    const writer = store.writer();
    if (look === 'none') continue;
    if (look === 'fails') {
      writer.register(source);
      writer.fail(source.name, 'failing', 'it is away', at);
      continue;
    }
    const scan = writer.startScan(source, at);
    if (look !== 'breaks') scan.apply(page(value));
    else {
      scan.abandon('it broke off', 'failing');
      continue;
    }
    scan.apply({ covered: [{ kind: 'model', scope: 'mlflow://i' }] });
    scan.finish();
    looks.push({ at, value });
  }
  return looks;
}

/** What the looks alone allow to say, at a time. */
function expected(looks: readonly Look[], time: number, of: (look: Look) => string | undefined): object {
  const before = looks.findLast(({ at }) => at <= time);
  const after = looks.find(({ at }) => at >= time);
  const sighting = (look: Look) => ({ at: look.at, ...(of(look) === undefined ? {} : { value: of(look) }) });
  if (before?.at === time) return { answer: 'known', value: of(before) };
  if (!before || !after) {
    return {
      answer: 'notWatched',
      ...(before ? { before: sighting(before) } : {}),
      ...(after ? { after: sighting(after) } : {}),
    };
  }
  if (of(before) !== of(after))
    return { answer: 'between', from: before.at, to: after.at, before: of(before), after: of(after) };
  if (after.at - before.at <= longestGap) return { answer: 'known', value: of(before) };
  return { answer: 'notWatched', before: sighting(before), after: sighting(after) };
}

/** Without what the looks alone do not say, and without empty fields. */
function essence(answer: AsOf): object {
  const { answer: kind } = answer;
  if (kind === 'known') return { answer: kind, value: answer.value };
  if (kind === 'notWatched') return answer;
  return { answer: kind, from: answer.from, to: answer.to, before: answer.before, after: answer.after };
}

test('whatever changes and fails, an answer as of a time says what the looks around it say', () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 14 }), (steps) => {
      const { store } = CatalogStore.open(':memory:');
      const looks = live(store, steps);
      const catalog = store.snapshot();
      const times = looks.flatMap(({ at }) => [at - 1, at, at + 1, at + 7 * minute]);
      const wasSeen = looks.some(({ value }) => value !== undefined);
      for (const time of wasSeen ? times : []) {
        const alias = (look: Look) => (look.value === '' ? undefined : look.value);
        const there = (look: Look) => (look.value === undefined ? undefined : 'yes');
        if (looks.some((look) => alias(look) !== undefined))
          assert.deepEqual(
            essence(catalog.asOf(churn, 'alias champion', time)),
            expected(looks, time, alias),
            `${time}`,
          );
        assert.deepEqual(essence(catalog.asOf(churn, 'exists', time)), expected(looks, time, there), `exists ${time}`);
      }
      store.close();
    }),
    { numRuns: 300 },
  );
});
