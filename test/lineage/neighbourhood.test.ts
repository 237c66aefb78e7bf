// Neighbourhood: what is drawn around an entity, merged and bounded.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Edge } from '../../server/catalog/edge.ts';
import { indexEdges } from '../../server/lineage/edgeIndex.ts';
import { type Neighbourhood, type NeighbourhoodOptions, neighbourhood } from '../../server/lineage/neighbourhood.ts';
import { fixtureCatalog, fixtureId } from '../support/catalog.ts';

const table = (name: string): string => fixtureId('table', name);

/** `a b c` is the chain a → b → c of dbt tables; one chain a line. */
function chains(text: string): string {
  return text
    .trim()
    .split('\n')
    .flatMap((line) => {
      const names = line.trim().split(' ');
      return names.slice(1).map((name, index) => `edge table/${names[index]} -> table/${name} reads declared "chain"`);
    })
    .concat([...new Set(text.trim().split(/\s+/))].map((name) => `table ${name}`))
    .join('\n');
}

function around(
  catalogText: string,
  focus: string,
  options: Partial<NeighbourhoodOptions> & { readonly code?: readonly Edge[] } = {},
): Neighbourhood {
  const store = fixtureCatalog(catalogText);
  try {
    return store.read((catalog) =>
      neighbourhood(focus, {
        catalog,
        codeEdges: indexEdges(options.code ?? []),
        joinRules: [],
        expanded: [],
        collapsed: [],
        ...options,
      }),
    );
  } finally {
    store.close();
  }
}

/** Last segments of the ids, sorted; ids of which would not be told apart are written whole. */
const names = ({ nodes }: Neighbourhood): string =>
  nodes
    .map(({ id }) => id.split('/').at(-1))
    .sort()
    .join(' ');
const drawn = ({ edges }: Neighbourhood): string =>
  edges
    .map(({ from, to }) => `${from.split('/').at(-1)}>${to.split('/').at(-1)}`)
    .sort()
    .join(' ');

test('two levels up and down, and how many are hidden beyond', () => {
  const found = around(chains('a b c d e f g\nz b'), table('d'));
  assert.equal(names(found), 'b c d e f');
  assert.equal(drawn(found), 'b>c c>d d>e e>f');
  const hidden = found.nodes.map(({ id, hiddenUpstream, hiddenDownstream }) => [
    id.at(-1),
    hiddenUpstream,
    hiddenDownstream,
  ]);
  assert.deepEqual(hidden.sort(), [
    ['b', 2, 0],
    ['c', 0, 0],
    ['d', 0, 0],
    ['e', 0, 0],
    ['f', 0, 1],
  ]);
  assert.equal(found.leftOut, 0);
});

test('a hidden neighbour is opened, and a shown one closed', () => {
  const world = chains('a b c d e f g\nz b\nc x');
  const opened = around(world, table('d'), { expanded: [{ id: table('b'), direction: 'upstream' }] });
  assert.equal(names(opened), 'a b c d e f z');
  const sideways = around(world, table('d'), { expanded: [{ id: table('c'), direction: 'downstream' }] });
  assert.equal(names(sideways), 'b c d e f x');
  const closed = around(world, table('d'), { collapsed: [{ id: table('c'), direction: 'upstream' }] });
  assert.equal(names(closed), 'c d e f');
  assert.equal(closed.nodes.find(({ id }) => id === table('c'))?.hiddenUpstream, 1);
});

test('what was opened stays open one after the other', () => {
  const world = chains('a b c d e f g h');
  const found = around(world, table('a'), {
    expanded: [
      { id: table('c'), direction: 'downstream' },
      { id: table('d'), direction: 'downstream' },
      { id: table('e'), direction: 'downstream' },
    ],
  });
  assert.equal(names(found), 'a b c d e f');
});

test('what is opened sideways can be opened further', () => {
  const world = chains('s a\ns t u v');
  const found = around(world, table('a'), {
    expanded: [
      { id: table('u'), direction: 'downstream' },
      { id: table('t'), direction: 'downstream' },
      { id: table('s'), direction: 'downstream' },
    ],
  });
  assert.equal(names(found), 'a s t u v');
});

test('cycles and self references end', () => {
  const found = around(chains('a b c a\nb b'), table('a'));
  assert.equal(names(found), 'a b c');
  assert.equal(drawn(found), 'a>b b>c c>a');
});

test('the limit leaves out and says how many', () => {
  const world = chains(Array.from({ length: 30 }, (_, index) => `s${index} hub`).join('\n'));
  const found = around(world, table('hub'), { limit: 11 });
  assert.equal(found.nodes.length, 11);
  assert.equal(found.leftOut, 20);
  assert.equal(found.nodes.find(({ id }) => id === table('hub'))?.hiddenUpstream, 20);
});

test('a hub of a thousand is counted in full, and its drawn neighbours keep their lines', () => {
  const world = chains(Array.from({ length: 1_000 }, (_, index) => `s${index} hub`).join('\n'));
  const found = around(world, table('hub'));
  assert.equal(found.nodes.length, 150);
  assert.equal(found.leftOut, 851);
  assert.equal(found.edges.length, 149);
  assert.equal(found.nodes.find(({ id }) => id === table('hub'))?.hiddenUpstream, 851);
  const last = around(world, table('s999'));
  assert.equal(drawn(last), 's999>hub');
  assert.equal(last.nodes.find(({ id }) => id === table('hub'))?.hiddenUpstream, 999);
});

test('an entity that nobody draws an edge to stands alone', () => {
  const found = around('table lonely', table('lonely'));
  assert.deepEqual(found.nodes, [
    { id: table('lonely'), members: [table('lonely')], hiddenUpstream: 0, hiddenDownstream: 0 },
  ]);
});

const airflow = `
job train_churn
task train_churn.fit
task train_churn.publish
job train_churn tool=openlineage
job train_churn.fit tool=openlineage
model churn
version churn/7
table features
edge job/train_churn -> task/train_churn.fit contains reported "log"
edge job/train_churn -> task/train_churn.publish contains reported "log"
edge model/churn -> version/churn/7 contains reported "registry"
edge table/features -> job/train_churn.fit~openlineage reads reported "OpenLineage run 1"
edge table/features -> task/train_churn.fit reads declared "inlet"
edge task/train_churn.publish -> version/churn/7 made reported "run 1"
`;

test('tasks stand as their job, versions as their model, and OpenLineage jobs as the Airflow task they name', () => {
  const found = around(airflow, fixtureId('model', 'churn'));
  assert.deepEqual(found.nodes.map(({ id }) => id).sort(), [
    fixtureId('job', 'train_churn'),
    fixtureId('model', 'churn'),
    table('features'),
  ]);
  assert.equal(drawn(found), 'features>train_churn train_churn>churn');
  const reads = found.edges.find(({ from }) => from === table('features'));
  assert.deepEqual(reads?.origins, ['declared', 'reported']);
  assert.deepEqual([...(reads?.evidence ?? [])].sort(), ['OpenLineage run 1', 'inlet']);
});

test('a task in focus is itself, with the job that contains it upstream', () => {
  const found = around(airflow, fixtureId('task', 'train_churn.fit'));
  assert.deepEqual(
    found.nodes.map(({ id }) => id).sort(),
    [fixtureId('job', 'train_churn'), table('features'), fixtureId('task', 'train_churn.fit')].sort(),
  );
  const job = found.nodes.find(({ id }) => id === fixtureId('job', 'train_churn'));
  assert.equal(job?.hiddenDownstream, 1);
});

test('the same thing has one node from whichever side the walk comes', () => {
  const job = fixtureId('job', 'train_churn');
  for (const focus of [table('features'), fixtureId('model', 'churn'), job]) {
    assert.equal(drawn(around(airflow, focus)), 'features>train_churn train_churn>churn', focus);
  }
  const alone = 'train_churn tool=openlineage\njob train_churn.fit tool=openlineage\ntable features';
  const found = around(
    `job ${alone}
    edge job/train_churn~openlineage -> job/train_churn.fit~openlineage contains reported "parent facet"
    edge table/features -> job/train_churn.fit~openlineage reads reported "run 1"`,
    table('features'),
  );
  assert.equal(drawn(found), 'features>train_churn');
});

test('runs stand as what they are runs of', () => {
  const found = around(
    `experiment churn
    table features
    table predictions
    run r1 of=experiment/churn
    run r2 of=experiment/churn
    edge table/features -> run/r1 reads reported "run 1"
    edge table/features -> run/r2 reads reported "run 2"
    edge run/r2 -> table/predictions writes reported "run 2"`,
    table('features'),
  );
  assert.equal(drawn(found), 'features>churn');
});

test('things that contain each other end', () => {
  const world = `
    job a
    job b
    table t
    edge job/a -> job/b contains reported "x"
    edge job/b -> job/a contains reported "x"
    edge table/t -> job/b reads reported "x"`;
  assert.equal(around(world, table('t')).edges.length, 1);
});

test('tests of dbt are not drawn unless one of them is in focus', () => {
  const world = `
    table orders
    task not_null tool=dbt
    edge table/orders -> task/not_null~dbt reads declared "depends_on"`;
  assert.equal(around(world, table('orders')).nodes.length, 1);
  assert.equal(around(world, fixtureId('task', 'not_null', 'dbt')).nodes.length, 2);
});

test('a walk costs what it shows, not what there is', () => {
  const many = Array.from({ length: 5_000 }, (_, index) => `far${index} far${index + 1}`).join('\n');
  const store = fixtureCatalog(chains(`${many}\na b c`));
  let asked = 0;
  store.read((catalog) => {
    const counting = Object.create(catalog, {
      neighbours: {
        value: (id: string) => {
          asked += 1;
          return catalog.neighbours(id);
        },
      },
    });
    const options = { catalog: counting, codeEdges: indexEdges([]), joinRules: [], expanded: [], collapsed: [] };
    assert.equal(names(neighbourhood(table('b'), options)), 'a b c');
  });
  store.close();
  assert.ok(asked < 100, `${asked} questions for three nodes`);
});

test('code edges join what tools report, and names that no tool knows are nodes', () => {
  const code: Edge[] = [
    { from: 'code:table:raw.clicks', to: table('features'), relation: 'writes', origin: 'code', evidence: 'a.py:1' },
  ];
  const found = around('table features', table('features'), { code });
  assert.deepEqual(found.nodes.map(({ id }) => id).sort(), ['code:table:raw.clicks', table('features')]);
  assert.deepEqual(found.edges[0]?.origins, ['code']);
});

test('every edge joins drawn nodes, no id is drawn twice, and hidden counts are true', () => {
  const pair = fc.tuple(fc.integer({ min: 0, max: 12 }), fc.integer({ min: 0, max: 12 }));
  fc.assert(
    fc.property(fc.array(pair, { minLength: 1, maxLength: 40 }), fc.integer({ min: 1, max: 13 }), (pairs, limit) => {
      const [[first]] = pairs as [[number, number]];
      const found = around(chains(pairs.map(([from, to]) => `t${from} t${to}`).join('\n')), table(`t${first}`), {
        limit,
      });
      const ids = new Set(found.nodes.map(({ id }) => id));
      assert.equal(ids.size, found.nodes.length);
      assert.ok(found.nodes.length <= limit);
      for (const { from, to } of found.edges) assert.ok(ids.has(from) && ids.has(to) && from !== to);
      for (const { id, hiddenUpstream } of found.nodes) {
        const before = pairs.filter(([, to]) => table(`t${to}`) === id).map(([from]) => table(`t${from}`));
        assert.equal(hiddenUpstream, new Set(before.filter((other) => !ids.has(other))).size);
      }
    }),
    { numRuns: 60 },
  );
});
