// Stages: what a table was loaded from is a folder of a store, by the history of queries in every edition, by ACCESS_HISTORY in some.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { loadedFrom } from '../../../server/connectors/snowflake/history/target.ts';
import { fakeSnowflake } from '../../fakes/snowflake/server.ts';
import { notThere } from '../../fakes/snowflake/world.ts';
import { scanned } from '../../support/scan.ts';
import { snowflakeOver, usualSecret } from './connected.ts';

const now = Date.parse('2026-11-23T12:00:00Z');
const at = (minutes: number) => `${(now + minutes * 60_000) / 1000}.000000000`;
const columns = [
  'QUERY_ID',
  'QUERY_TEXT',
  'DATABASE_NAME',
  'SCHEMA_NAME',
  'QUERY_TYPE',
  'EXECUTION_STATUS',
  'START_TIME:timestamp_ltz',
  'END_TIME:timestamp_ltz',
];
const copied = (id: string, text: string) => [
  `01b2c3d4-0000-1111-0000-0000000000${id}`,
  text,
  'PROD',
  'RAW',
  'COPY',
  'SUCCESS',
  at(-9),
  at(-8),
];

test('a load by COPY reads the folder of its stage, also where no edition tells of lineage', async (t) => {
  const fake = await fakeSnowflake(now);
  t.after(() => fake.close());
  fake.world.answers.unshift(
    [/ACCESS_HISTORY|OBJECT_DEPENDENCIES/, notThere('View')],
    [
      /INFORMATION_SCHEMA\.QUERY_HISTORY/,
      {
        columns,
        rows: [copied('21', 'COPY INTO users FROM @landing/users/'), copied('22', 'copy into users from @uploads')],
      },
    ],
  );
  const { runs } = await scanned(snowflakeOver(fake, usualSecret, { now: () => now }).connector);
  const [load, upload] = ['21', '22'].map((id) => runs.find((run) => run.id.endsWith(`0000000000${id}`)));
  assert.deepEqual(load?.inputs, [{ id: 'path:s3://acme-landing/crm/users/', name: 's3://acme-landing/crm/users/' }]);
  assert.deepEqual(
    load?.outputs.map(({ name }) => name),
    ['PROD.RAW.USERS'],
  );
  assert.deepEqual(upload?.inputs, []);
  assert.ok(fake.asked.every(({ statement, warehouse }) => !statement.startsWith('SHOW') || warehouse === undefined));
});

test('a stage that ACCESS_HISTORY names is its folder', async (t) => {
  const fake = await fakeSnowflake(now);
  t.after(() => fake.close());
  const item = (name: string) =>
    JSON.stringify([{ objectDomain: 'Stage', objectName: name, stageKind: 'External Named' }]);
  const users = '[{"objectDomain":"Table","objectName":"PROD.RAW.USERS"}]';
  fake.world.answers.unshift([
    /ACCESS_HISTORY/,
    {
      columns: ['QUERY_ID', 'BASE_OBJECTS_ACCESSED:array', 'OBJECTS_MODIFIED:array'],
      rows: [
        ['01b2c3d4-0000-1111-0000-000000000021', item('PROD.RAW.LANDING'), users],
        ['01b2c3d4-0000-1111-0000-000000000022', item('PROD.RAW.UPLOADS'), users],
      ],
    },
  ]);
  const { edges } = await scanned(snowflakeOver(fake, usualSecret, { now: () => now }).connector);
  assert.deepEqual(
    edges.filter(({ to, relation }) => relation === 'reads' && to.endsWith('/prod/raw/users')).map(({ from }) => from),
    ['path:s3://acme-landing/crm/'],
  );
});

test('a role that may not list stages has a healthy connection', async (t) => {
  const fake = await fakeSnowflake(now);
  t.after(() => fake.close());
  fake.world.answers.unshift([
    /^SHOW STAGES/,
    { code: '003001', sqlState: '42501', message: 'Insufficient privileges' },
  ]);
  assert.deepEqual((await scanned(snowflakeOver(fake, usualSecret, { now: () => now }).connector)).problems, []);
});

test('what COPY loads is read off any statement, and at once', () => {
  const within = ['PROD', 'RAW'];
  const stage = (name: string, path = '') => ({ stage: ['PROD', 'RAW', name], path });
  const cases: readonly (readonly [string, unknown])[] = [
    ['COPY INTO t FROM @landing', stage('LANDING')],
    [
      '/* load */ copy into a.b.t (x, y) from @PROD.RAW."my stage"/2026/11/ file_format = (type = csv)',
      stage('my stage', '/2026/11/'),
    ],
    ['COPY INTO t FROM (SELECT $1, t.$2 FROM @landing/x.csv t)', stage('LANDING', '/x.csv')],
    ["COPY INTO t FROM 's3://b/k/' storage_integration = i", { url: 's3://b/k/' }],
    ['COPY INTO t FROM @~/mine', undefined],
    ['COPY INTO t FROM @%t', undefined],
    ['COPY INTO @landing FROM t', undefined],
    ['INSERT INTO t SELECT * FROM @landing', undefined],
  ];
  for (const [statement, expected] of cases) assert.deepEqual(loadedFrom(statement, within), expected, statement);
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom('COPY INTO t ', ' FROM ', '@', "'", '/', 's3://', 'a.', '"', ' ')),
      (parts) => {
        loadedFrom(parts.join(''), within);
      },
    ),
  );
  const began = performance.now();
  for (const rest of [' FROM '.repeat(10_000), ' FROM @'.repeat(10_000), ' FROM a'.repeat(10_000), '/a'.repeat(50_000)])
    loadedFrom(`COPY INTO t ${rest}`, within);
  assert.ok(performance.now() - began < 5_000);
});
