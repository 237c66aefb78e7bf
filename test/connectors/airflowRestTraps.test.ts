// What Airflow servers do that they should not: logs that begin anew, pages that shift or repeat, answers of any shape.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { parseRemoteLog, type Run } from '../../server/catalog/run.ts';
import { listAll } from '../../server/connectors/airflow/rest/listing.ts';
import {
  readAsset,
  readDag,
  readEvent,
  readImportError,
  readPool,
  readRun,
  readTask,
  readTry,
} from '../../server/connectors/airflow/rest/shapes.ts';
import { HttpError } from '../../server/connectors/httpError.ts';
import { scanned } from '../support/scan.ts';
import { connected, type Reply, recorded, recordedAirflow } from './airflowServer.ts';

const signal = new AbortController().signal;
const line = (event: string) => ({ timestamp: '2026-11-20T05:00:00Z', event, level: 'info' });
const place = JSON.stringify(['churn_validate', 'r', 'check', -1, 1]);

describe('the log of a running task in Airflow 3', () => {
  const logs: readonly (readonly [string, readonly Reply[], string])[] = [
    [
      'the token goes on (3.1.9)',
      [
        { body: { content: [line('a'), line('b')], continuation_token: 't1' } },
        { body: { content: [line('c')], continuation_token: null } },
      ],
      'a b c',
    ],
    [
      'the token begins anew (3.0.0 to 3.1.8)',
      [
        { body: { content: [line('a'), line('b')], continuation_token: 't1' } },
        { body: { content: [line('a'), line('b')], continuation_token: 't2' } },
      ],
      'a b',
    ],
    [
      'the token begins anew, and there is more',
      [
        { body: { content: [line('a'), line('b')], continuation_token: 't1' } },
        { body: { content: [line('a'), line('b'), line('c')], continuation_token: null } },
      ],
      'a b c',
    ],
    [
      'the token ends in a 500 (some 3.1 and 3.2)',
      [
        { body: { content: [line('a')], continuation_token: 't1' } },
        { status: 500, body: { detail: 'Internal Server Error' } },
      ],
      'a',
    ],
    [
      'the token is refused',
      [{ body: { content: [line('a')], continuation_token: 't1' } }, { status: 400, body: {} }],
      'a',
    ],
    ['plain lines', [{ body: { content: ['a', 'b'], continuation_token: null } }], 'a b'],
    ['one text', [{ body: { content: 'a\nb', continuation_token: null } }], 'a b'],
    [
      'where it was found comes first',
      [
        {
          body: {
            content: [
              { event: '::group::Log message source details' },
              { event: '/logs/1.log' },
              { event: '::endgroup::' },
              line('a'),
            ],
            continuation_token: null,
          },
        },
      ],
      'a',
    ],
    ['nothing yet', [{ body: { content: [], continuation_token: 't1' } }], ''],
    ['something else', [{ body: { content: [1, null, [], {}] } }], '{}'],
  ];
  for (const [name, replies, expected] of logs) {
    test(name, async (context) => {
      const server = await recordedAirflow(context, 'v2');
      const rest = [...replies];
      server.instead = ({ path }) => (path.includes('/logs/') ? rest.shift() : undefined);
      const log = await connected(server).connector.readLog?.(place, signal);
      const events = (log?.text ?? '').split('\n').filter((text) => text !== '');
      const words = events.map((text) => (text.startsWith('{') && text !== '{}' ? JSON.parse(text).event : text));
      assert.equal(words.join(' '), expected);
      assert.equal(rest.length, 0);
    });
  }

  test('a log that fails at once is a failure', async (context) => {
    const server = await recordedAirflow(context, 'v2');
    server.instead = ({ path }) => (path.includes('/logs/') ? { status: 500, body: {} } : undefined);
    const { connector } = connected(server);
    await assert.rejects(
      async () => connector.readLog?.(place, signal),
      (error) => error instanceof HttpError && error.kind === 'unavailable',
    );
  });

  test('a key that is none of ours', async (context) => {
    const { connector } = connected(await recordedAirflow(context, 'v2'));
    for (const key of ['', '[]', '{"a":1}', '["d","r","t","x",1]'])
      await assert.rejects(async () => connector.readLog?.(key, signal), /has no log/);
  });
});

describe('lists', () => {
  const items = (from: number, to: number) =>
    Array.from({ length: Math.max(0, to - from) }, (_, at) => ({ id: from + at }));
  const cases: readonly (readonly [string, (offset: number) => unknown, number, boolean])[] = [
    ['two pages', (from) => ({ list: items(from, Math.min(150, from + 100)), total_entries: 150 }), 150, true],
    [
      'a smaller page than was asked for',
      (from) => ({ list: items(from, Math.min(70, from + 20)), total_entries: 70 }),
      70,
      true,
    ],
    ['a page that repeats for ever', () => ({ list: items(0, 100), total_entries: 1e9 }), 100, false],
    ['no end', (from) => ({ list: items(from, from + 100), total_entries: 1e9 }), 1000, false],
    ['it says more than there is', (from) => ({ list: items(from, 3), total_entries: 9 }), 3, false],
    ['it does not say how many', (from) => ({ list: items(from, Math.min(120, from + 100)) }), 120, true],
    [
      'it shrinks while it is read',
      (from) => ({ list: items(from === 0 ? 0 : from + 5, from === 0 ? 100 : 150), total_entries: 150 }),
      145,
      false,
    ],
    ['one is not what we know', () => ({ list: [{ id: 1 }, { id: null }], total_entries: 2 }), 1, false],
  ];
  for (const [name, page, length, complete] of cases) {
    test(name, async () => {
      const read = (item: unknown) => {
        const { id } = item as { readonly id: unknown };
        return typeof id === 'number' ? id : undefined;
      };
      const pages = {
        place: 'flow: here',
        what: 'things',
        field: 'list',
        page: async (from: number) => page(from),
        read,
        key: String,
        mostPages: 10,
      };
      const listing = await listAll(pages, signal);
      assert.deepEqual([listing.items.length, listing.gap === undefined], [length, complete]);
      assert.equal(listing.reason === undefined, complete);
    });
  }

  test('an incomplete list of DAGs covers nothing and says so', async (context) => {
    const server = await recordedAirflow(context, 'v2');
    server.instead = ({ path, query }) =>
      path === '/dags'
        ? { body: query.get('offset') === '0' ? { dags: [], total_entries: 3 } : { dags: [] } }
        : undefined;
    const scan = await scanned(connected(server).connector);
    assert.deepEqual(scan.covered, []);
    assert.match(scan.problems[0]?.message ?? '', /0 of 3 DAGs/);
  });
});

/** JSON has no minus zero that lasts. */
const anyJson = fc.jsonValue().map((value) => (Object.is(value, -0) ? 0 : value));

test('a reader of items takes any JSON in any field', () => {
  const readers = { readDag, readRun, readTry, readTask, readAsset, readImportError, readPool, readEvent };
  const samples = [...recorded('v1').values(), ...recorded('v2').values()].flatMap((answer) =>
    Object.values(Object(answer)).flatMap((items) => (Array.isArray(items) ? items.slice(0, 2) : [])),
  );
  fc.assert(
    fc.property(fc.constantFrom(...samples), fc.nat(), anyJson, (sample, at, value) => {
      const item = replaced(sample, at, value);
      for (const read of Object.values(readers)) {
        const found = read(item);
        // Whatever is read can be kept: it has nothing undefined and no number that is none.
        assert.deepEqual(found === undefined ? undefined : JSON.parse(JSON.stringify(found)), found);
      }
    }),
    { numRuns: 2_000 },
  );
});

test('any JSON in any place of any answer: entities, runs or a named failure, never a crash', async (context) => {
  const paths = [...recorded('v2').keys()].filter((path) => path !== '/version');
  const server = await recordedAirflow(context, 'v2');
  const { connector } = connected(server);
  const first = await scanned(connector);
  const run = first.runs.find(({ status, parent }) => status === 'failed' && parent) as Run;
  const key = parseRemoteLog(run.logs[0]?.file ?? '')?.key ?? '';
  const original = recorded('v2');
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...paths), fc.nat(), fc.jsonValue(), async (path, at, value) => {
      const body = replaced(original.get(path), at, value);
      server.instead = (asked) => (asked.path === path ? { body } : undefined);
      try {
        const scan = await scanned(connector);
        for (const entity of scan.entities) assert.equal(typeof entity.name, 'string');
        for await (const page of connector.describe([run.id, 'job:airflow://acme/churn_validate'], signal)) {
          assert.ok((page.runs ?? []).every(({ id }) => id.startsWith('run:airflow://acme/')));
        }
        await connector.readLog?.(key, signal);
      } catch (error) {
        assert.ok(error instanceof HttpError, `${path} ${JSON.stringify(value)}: ${error}`);
      }
    }),
    { numRuns: 12 },
  );
});

/** The answer with the value at its n-th place (the whole, a field, an item …) put in another's stead. */
function replaced(answer: unknown, at: number, value: unknown): unknown {
  const places: (() => void)[] = [];
  const copy = { root: structuredClone(answer) };
  const walk = (parent: object): void => {
    for (const [name, child] of Object.entries(parent)) {
      places.push(() => Object.assign(parent, { [name]: value }));
      if (typeof child === 'object' && child !== null) walk(child);
    }
  };
  walk(copy);
  places[at % places.length]?.();
  return copy.root;
}
