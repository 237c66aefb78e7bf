// Hover: what a person reads for each kind of name, in the running world of the tests.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { marked } from 'marked';
import { hover } from '../../server/features/hover.ts';
import { churnCode, churnWorld } from '../support/churn.ts';
import { type FeatureOptions, feature } from '../support/feature.ts';
import { readable } from '../support/readable.ts';

const changedSince: FeatureOptions = {
  fileChange: { changed: true, summary: '5be1f0a fit on frozen features (ana, 2026-11-10)' },
};

function shown(cursor: string, world = churnWorld, options = changedSince, code = churnCode): string {
  const { context, document, at } = feature(world, `${code}\n$0 ${cursor}`, options);
  const found = hover(context, document, at);
  assert.ok(found && typeof found.contents === 'object' && 'kind' in found.contents);
  assert.equal(found.contents.kind, 'markdown');
  return readable(found.contents.value);
}

function check(cursor: string, expected: string): void {
  assert.equal(shown(cursor), expected.trim());
}

test('a model: versions, runs with failed trainings of its experiment, commit, data, actions', () => {
  check(
    'churn/scoring.py:12 reads model churn mlflow alias=champion',
    `
**Model** \`churn\`

Who will leave

Versions: 7 \`challenger\` · 6 \`champion\` — in use here: 6 (\`champion\`)

| run | status | when | took | auc | f1 |
|---|---|---|---|---|---|
| {train-11-23 → openEntity run:mlflow://local/m8} | ✗ failed | 2 h ago | 12 s |  |  |
| {train-11-21 → openEntity run:mlflow://local/m7} | ✓ succeeded | 2 d ago | 1 min 31 s | 0.71 (-0.16) | 0.44 (-0.17) |
| {train-11-14 → openEntity run:mlflow://local/m6} | ✓ succeeded | 9 d ago | 1 min 30 s | 0.87 (-0.01) | 0.61 (+0.01) |
| {train-11-07 → openEntity run:mlflow://local/m5} | ✓ succeeded | 16 d ago | 1 min 35 s | 0.88 | 0.6 |

Version 6 was made 9 d ago by ana in run \`train-11-14\`, at commit 5be1f0a fit on frozen features (ana, 2026-11-10); this file **has changed** since

Trained on \`s3://acme-lake/churn/features/2026-11-14/\` (1,200 rows)

In this workspace: written in {churn/publish.py:30}; read in {churn/scoring.py:12}

{Open lineage → openLineage model:mlflow://local/churn} · {Show logs of train-11-21 → showLogs run:airflow://local/train_churn/scheduled__2026-11-21/fit/-1/1} · {Compare with the run before → compareRuns run:mlflow://local/m8} · {Compare with its commit → compareWithCommit run:mlflow://local/m6} · {All facts → openEntity model:mlflow://local/churn}

Said by mlflow (fixture), as of 5 min ago.
`,
  );
});

test('a job: schedule, marks, where it ran, last good run, failing task with its line', () => {
  check(
    'dags/train_churn.py:17 defines job train_churn airflow',
    `
**Job** \`train_churn\`

Schedule: weekly (every 7 d)

✓✗ last 2 runs: 1 succeeded, 1 failed

Last run ✗ failed 2 d ago · took 3 min · on \`worker-3\`

Last good run 9 d ago: \`scheduled__2026-11-14\`

Failed in task \`fit\`: KeyError: 'churned'

Reads table \`analytics.ml.churn_labels\`

Owner: growth-ml

In this workspace: defined in {dags/train_churn.py:17}

{Open lineage → openLineage job:airflow://local/train_churn} · {Show logs → showLogs run:airflow://local/train_churn/scheduled__2026-11-21/fit/-1/1} · {Compare with the run before → compareRuns run:airflow://local/train_churn/scheduled__2026-11-21} · {All facts → openEntity job:airflow://local/train_churn}

Said by airflow (fixture), as of 1 min ago.
`,
  );
});

test('a task: its tries', () => {
  check(
    'dags/train_churn.py:38 defines task fit airflow container=train_churn',
    `
**Task** \`train_churn.fit\` of job \`train_churn\`

pool \`default_pool\`

✗ last 1 run: 1 failed

Last run ✗ failed 2 d ago · took 20 s

No good run among the one recorded

Failed: KeyError: 'churned'

In this workspace: defined in {dags/train_churn.py:38}

{Open lineage → openLineage task:airflow://local/train_churn/fit} · {Show logs → showLogs run:airflow://local/train_churn/scheduled__2026-11-21/fit/-1/1} · {All facts → openEntity task:airflow://local/train_churn/fit}

Said by airflow (fixture), as of 1 min ago.
`,
  );
});

test('a table: facts, columns, writers and readers', () => {
  check(
    'sql/join.sql:3 reads table churn_labels dbt',
    `
**Table** \`analytics.ml.churn_labels\`

Built as table · 1,200 rows · changed 3 h ago · fresh

2 columns: \`customer_id\` integer, \`has_churned\` boolean

Built from table \`raw.crm.customers\`  
Read by job \`train_churn\`

Owner: \\@acme/growth-ml

In this workspace: read in {sql/join.sql:3}

{Open lineage → openLineage table:dbt://local/analytics/ml/churn_labels} · {Jump to logs → jumpToLogs table:dbt://local/analytics/ml/churn_labels} · {All facts → openEntity table:dbt://local/analytics/ml/churn_labels}

Said by dbt (fixture), as of 1 h ago.
`,
  );
});

test('a metric: its last values and what it measures', () => {
  check(
    'churn/training.py:20 writes metric auc mlflow container=churn',
    `
**Metric** \`auc\`

| value | when | run |
|---|---|---|
| 0.71 (-0.16) | 2 d ago | \`train-11-21\` |
| 0.87 | 9 d ago | \`train-11-14\` |

Measures model \`churn\`

In this workspace: written in {churn/training.py:20}

{Jump to logs → jumpToLogs metric:mlflow://local/churn/auc} · {Open lineage → openLineage metric:mlflow://local/churn/auc} · {All facts → openEntity metric:mlflow://local/churn/auc}

Said by mlflow (fixture), as of 5 min ago.
`,
  );
});

test('a model that lives only in S3: the runs that wrote it', () => {
  check(
    'churn/publish.py:44 writes path s3://acme-models/churn-lite/*/model.joblib s3 confidence=partial',
    `
**Model in a store** \`s3://acme-models/churn-lite/\`

Newest version: 2026-11-21

| run | status | when | took |
|---|---|---|---|
| {churn_lite.distill → openEntity run:openlineage://local/lite} | ✓ succeeded | 2 d ago | 3 s |

In this workspace: written in {churn/publish.py:44}

{Open lineage → openLineage model:s3://acme-models/churn-lite/} · {Jump to logs → jumpToLogs model:s3://acme-models/churn-lite/} · {All facts → openEntity model:s3://acme-models/churn-lite/}

Said by openlineage (fixture), as of 5 min ago.
`,
  );
});

test('a folder: what is inside', () => {
  check(
    'churn/training.py:9 reads path s3://acme-lake/churn/features/ s3',
    `
**Path** \`s3://acme-lake/churn/features/\` — 1 match

\`s3://acme-lake/churn/features/2026-11-14/\`

Read by model \`churn\`

In this workspace: read in {churn/training.py:9}

{Open lineage → openLineage path:s3://acme-lake/churn/features/2026-11-14/}

Said by openlineage (fixture), as of 5 min ago.
`,
  );
});

test('a path', () => {
  check(
    'churn/training.py:9 reads path s3://acme-lake/churn/features/2026-11-14/ s3',
    `
**Path** \`s3://acme-lake/churn/features/2026-11-14/\`

1,200 rows

Read by model \`churn\`

In this workspace: read in {churn/training.py:9}

{Open lineage → openLineage path:s3://acme-lake/churn/features/2026-11-14/} · {Jump to logs → jumpToLogs path:s3://acme-lake/churn/features/2026-11-14/} · {All facts → openEntity path:s3://acme-lake/churn/features/2026-11-14/}

Said by openlineage (fixture), as of 5 min ago.
`,
  );
});

test('a run', () => {
  check(
    'notebooks/explore.py:3 mentions run m7 mlflow',
    `
**Run** \`train-11-21\` ✓ succeeded

Of experiment \`churn\`, model \`churn\`, version \`churn/7\`

2 d ago · took 1 min 31 s · by bo

| metric | value (against the run before) |
|---|---|
| \`auc\` | 0.71 (-0.16) |
| \`f1\` | 0.44 (-0.17) |

{Open lineage → openLineage run:mlflow://local/m7} · {Show logs → showLogs run:airflow://local/train_churn/scheduled__2026-11-21/fit/-1/1} · {Compare with the run before → compareRuns run:mlflow://local/m7} · {All facts → openEntity run:mlflow://local/m7}

Said by mlflow (fixture), as of 5 min ago.
`,
  );
});

test('an experiment', () => {
  check(
    'churn/tracking.py:12 reads experiment churn mlflow',
    `
**Experiment** \`churn\`

| run | status | when | took | auc | f1 |
|---|---|---|---|---|---|
| {train-11-23 → openEntity run:mlflow://local/m8} | ✗ failed | 2 h ago | 12 s |  |  |
| {train-11-21 → openEntity run:mlflow://local/m7} | ✓ succeeded | 2 d ago | 1 min 31 s | 0.71 (-0.16) | 0.44 (-0.17) |
| {train-11-14 → openEntity run:mlflow://local/m6} | ✓ succeeded | 9 d ago | 1 min 30 s | 0.87 (-0.01) | 0.61 (+0.01) |
| {train-11-07 → openEntity run:mlflow://local/m5} | ✓ succeeded | 16 d ago | 1 min 35 s | 0.88 | 0.6 |

In this workspace: read in {churn/tracking.py:12}

{Open lineage → openLineage experiment:mlflow://local/churn} · {Show logs of train-11-21 → showLogs run:airflow://local/train_churn/scheduled__2026-11-21/fit/-1/1} · {Compare with the run before → compareRuns run:mlflow://local/m8} · {All facts → openEntity experiment:mlflow://local/churn}

Said by mlflow (fixture), as of 5 min ago.
`,
  );
});

test('the version in use is the one that the code names', () => {
  const inUse = (detail: string) =>
    / — in use here: (.*)/.exec(shown(`a.py:1 reads model churn mlflow ${detail}`))?.[1];
  assert.equal(inUse('alias=challenger'), '7 (`challenger`)');
  assert.equal(inUse('version=6'), '6 (named in the code)');
  assert.equal(inUse(''), '6 (`champion`)');
  assert.equal(inUse('alias=nobody'), undefined);
});

test('whether the open file has changed since is said, also when git has not answered', () => {
  const said = (options: FeatureOptions) =>
    /at commit .*/.exec(shown('a.py:1 reads model churn mlflow', churnWorld, options))?.[0];
  assert.equal(said({}), 'at commit `5be1f0a`; whether this file has changed since is not known');
  const changed = { changed: true, lines: { added: 3, removed: 1 } };
  const behind = { ...changed, relation: { is: 'behind' as const, by: 3 } };
  assert.equal(
    said({ fileChange: behind }),
    'at commit `5be1f0a`, 3 commits behind this checkout; this file **has changed** since (+3 −1 lines)',
  );
  const diverged = { is: 'diverged' as const, ahead: 1, behind: 2, atLeast: true as const };
  assert.equal(
    said({ fileChange: { changed: false, relation: diverged } }),
    'at commit `5be1f0a`, which **diverged** from this checkout: at least 1 commit are only there, at least 2 commits only here; this file is the same since',
  );
  assert.equal(said({ fileChange: { changed: false } }), 'at commit `5be1f0a`; this file is the same since');
});

test('whom dbt names for a table goes before CODEOWNERS, which owns its code, and behind plumbline.yaml', () => {
  const world = (owner: string): string =>
    `table shop.orders tool=dbt id=table:dbt://shop/shop/orders defined=/w/models/orders.sql:1 owner=data-platform ${owner}`;
  const owner = (of: string, options: FeatureOptions): string | undefined =>
    /^Owner: (.*)$/m.exec(shown('a.py:1 reads table shop.orders', world(of), options))?.[1];
  assert.equal(owner('dataOwner=data-platform', { codeowners: 'sql-guild' }), 'data-platform');
  assert.equal(owner('', { codeowners: 'sql-guild' }), 'sql-guild', 'a role of the warehouse is not meant');
  assert.equal(owner('dataOwner=data-platform', { codeowners: 'sql-guild', owner: 'growth-ml' }), 'growth-ml');
});

test('the owner of plumbline.yaml or CODEOWNERS goes before the one a tool names', () => {
  assert.match(
    shown('a.py:1 reads model churn mlflow', churnWorld, { owner: '@acme/growth-ml' }),
    /^Owner: \\@acme\/growth-ml$/m,
  );
  assert.match(shown('a.py:1 defines job train_churn airflow', churnWorld, { owner: 'x' }), /^Owner: x$/m);
});

test('what changed not long ago is said, the newest first, two lines at most', () => {
  const lines = (cursor: string, world: string) => shown(cursor, `${churnWorld}\n${world}`).split('\n\n');
  const labels = 'table analytics.ml.churn_labels';
  assert.ok(
    lines(
      'a.sql:1 reads table churn_labels dbt',
      `${labels} columns=customer_id:integer,churned:boolean seen=3d`,
    ).includes(
      '**Columns changed** between 2026-11-20 12:00 UTC and 11:00 UTC: `churned boolean` → `has_churned boolean`',
    ),
  );
  const model = lines(
    'a.py:1 reads model churn mlflow',
    `model churn alias.champion=5 seen=20d
    model churn alias.champion=5 alias.challenger=7 latest=7 seen=6m
    model churn owner=ana alias.old=1 seen=40d`,
  );
  const place = model.findIndex((line) => line.startsWith('Versions:'));
  assert.deepEqual(model.slice(place + 1, place + 3), [
    '`champion` was 5 until 11:55 UTC',
    '`challenger` is new since some time between 2026-11-03 12:00 UTC and 11:54 UTC',
  ]);
  assert.match(model[place + 3] ?? '', /^\| run/, 'two at most');
  const used = lines(
    'a.py:1 reads model churn mlflow alias=champion',
    `model churn alias.champion=5 seen=6m
    version churn/6 seen=6m`,
  );
  assert.ok(
    used.includes('`champion` was 5 until 11:55 UTC'),
    'it moved to this version; that is not news of the version',
  );
  const job = lines(
    'dags/train_churn.py:17 defines job train_churn airflow',
    `job train_churn owner=ana paused=true schedule=daily seen=5h
    job train_churn owner=ana paused=false schedule=daily seen=6h`,
  );
  const schedule = job.findIndex((line) => line.startsWith('Schedule:'));
  assert.deepEqual(job.slice(schedule + 1, schedule + 3), [
    'Was paused until some time between 07:00 UTC and 11:59 UTC',
    'Owner was ana until some time between 07:00 UTC and 11:59 UTC',
  ]);
  const evil = lines('a.py:1 reads model churn mlflow', 'model churn owner="<img>" alias.champion=6 seen=6m');
  assert.ok(evil.includes('Owner was \\<img\\> until 11:55 UTC, and is none now'), evil.join('\n'));
});

test('every answer that is not one known thing', () => {
  const lines = (cursor: string, world = churnWorld) => shown(cursor, world, {}, '').split('\n\n');
  assert.deepEqual(lines('a.py:1 reads model chrun mlflow'), [
    '**Model** `chrun` — **does not exist**',
    'A complete listing made 5 min ago does not hold it.',
    'Did you mean one of these?',
    '- `churn` `model:mlflow://local/churn` · {All facts → openEntity model:mlflow://local/churn}',
    'In this workspace: read in {churn/a.py:1}',
    'Asked: mlflow (fixture), as of 5 min ago.',
  ]);
  assert.deepEqual(lines('a.py:1 defines job brand_new airflow'), [
    '**Job** `brand_new`',
    'Defined in this workspace; no tool has seen it yet.',
    'In this workspace: defined in {churn/a.py:1}',
    '{Open lineage → openLineage code:job:brand_new}',
    'Asked: airflow (fixture), as of 1 min ago; mlflow (fixture), as of 5 min ago; dbt (fixture), as of 1 h ago; openlineage (fixture), as of 5 min ago.'.replace(
      /; (mlflow|dbt|openlineage) [^;.]*/g,
      '',
    ),
  ]);
  assert.deepEqual(lines('a.py:1 writes model brand-new mlflow').slice(0, 2), [
    '**Model** `brand-new`',
    'Not there yet: this code writes it.',
  ]);
  assert.deepEqual(lines('a.py:1 writes metric churn.auc statsd').slice(0, 2), [
    '**Metric** `churn.auc` — unknown',
    'Unknown, because nothing is connected that lists its names (statsd). What would help: Datadog or another monitoring system; `joins:` in `plumbline.yaml` says what the metric measures.',
  ]);
  assert.equal(
    lines('a.py:1 writes metric churn.auc statsd').at(-1),
    'Asked: nobody, no tool with such names is connected.',
  );
  const two = 'table a.x.orders\n table b.x.orders';
  assert.deepEqual(lines('a.sql:1 reads table orders sql', two), [
    '**Table** `orders` may be any of 2',
    '- `a.x.orders` `table:dbt://local/a/x/orders` · {All facts → openEntity table:dbt://local/a/x/orders}\n- `b.x.orders` `table:dbt://local/b/x/orders` · {All facts → openEntity table:dbt://local/b/x/orders}',
    'In this workspace: read in {churn/a.sql:1}',
    'Said by dbt (fixture), as of 5 min ago.',
  ]);
  assert.deepEqual(
    lines('a.py:1 reads model fraud mlflow', 'source mlflow covers=model\n model fraud gone=3h').slice(0, 2),
    ['**Model** `fraud`', '**Gone:** its tool no longer listed it 3 h ago. What follows was known before.'],
  );
  assert.match(
    shown('a.py:1 reads job x airflow', 'source airflow health=failing reason="the folder is not mounted"', {}, ''),
    /Unknown, because airflow \(fixture\) cannot be read since 1 h ago: the folder is not mounted\./,
  );
  const failing = 'source airflow health=failing reason="The folder is not mounted. Mount it."';
  const said = shown('a.py:1 reads job x airflow', failing, {}, '');
  assert.match(said, /: The folder is not mounted\. Mount it\.\n/, 'one full stop');
  assert.match(said, /Asked: airflow \(fixture\), cannot be read now\.$/);
});

test('facts of a source that fails now say so', () => {
  const said = shown(
    'a.py:1 reads job x airflow',
    'source airflow health=failing reason="not mounted"\n job x',
    {},
    '',
  );
  assert.match(
    said,
    /Said by airflow \(fixture\), as of 5 min ago \(cannot be read now, last read 5 min ago: not mounted\)\.$/,
  );
});

test('a metric whose values nobody has read yet is not said to have none', () => {
  const said = shown('a.py:1 writes metric auc datadog', 'source datadog\n metric auc tool=datadog', {}, '');
  assert.match(said, /No value of it is known here so far\./);
});

test('a pattern that matches nothing says why', () => {
  assert.deepEqual(shown('a.py:1 writes metric churn.* statsd', churnWorld, {}, '').split('\n\n'), [
    '**Metric** `churn.*` — matches nothing that is known',
    'Unknown, because nothing is connected that lists its names (statsd). What would help: Datadog or another monitoring system; `joins:` in `plumbline.yaml` says what the metric measures.',
    'In this workspace: written in {churn/a.py:1}',
    'Asked: nobody, no tool with such names is connected.',
  ]);
  assert.match(
    shown('a.py:1 reads model nothing* mlflow', churnWorld, {}, ''),
    /A complete listing made 5 min ago holds nothing like it\./,
  );
});

test('the log that is offered: of a part, of the task try that a run names, of the run it is a part of', () => {
  const logged = `
    run d/r tool=airflow of=job/d
    run d/r/a/-1/1 tool=airflow of=task/d.a parent=run/d/r~airflow status=failed log=/l/a1
    run d/r/a/-1/2 tool=airflow of=task/d.a parent=run/d/r~airflow log=/l/a2
    run d/r/b/-1/1 tool=airflow of=task/d.b parent=run/d/r~airflow log=/l/b1
  `;
  const offered = (cursor: string, world: string) => / showLogs (\S+)\}/.exec(shown(cursor, logged + world))?.[1];
  assert.equal(
    offered('a.py:1 defines job d airflow', 'job d'),
    'run:airflow://local/d/r/a/-1/1',
    'the part that failed',
  );
  const named = 'experiment e\n run m of=experiment/e linked=run/d/r/a~airflow,run/d/r~airflow';
  assert.equal(offered('a.py:1 reads experiment e mlflow', named), 'run:airflow://local/d/r/a/-1/2', 'the last try');
  const nested = `${named.replace('of=experiment/e', 'of=experiment/x')}\n run child of=experiment/e parent=run/m`;
  assert.equal(
    offered('a.py:1 reads experiment e mlflow', nested),
    'run:airflow://local/d/r/a/-1/2',
    'through its parent',
  );
  assert.equal(offered('a.py:1 reads experiment e mlflow', 'experiment e\n run m of=experiment/e'), undefined);
});

test('a template says what the workspace fills it with, known or not, as the guess that it is', () => {
  const known = shown('a.py:1 reads model mo* mlflow filled=churn', 'source mlflow covers=model\n model churn');
  assert.match(known, /^\*\*Model\*\* `churn`\n\n`mo\*` is `churn` with the values that this workspace gives/);
  assert.match(known, /whoever starts it may give others\./);
  const unknown = shown('a.py:1 reads path s3://lake/*/x s3 filled=s3://lake/eu/x', 'model churn');
  assert.match(unknown, /`s3:\/\/lake\/\*\/x` is `s3:\/\/lake\/eu\/x` with the values/);
  assert.doesNotMatch(shown('a.py:1 reads model churn mlflow'), /whoever starts it/);
});

test('no name, no hover', () => {
  const { context, document } = feature(churnWorld, churnCode);
  assert.equal(hover(context, document, { line: 500, character: 0 }), undefined);
});

/** Everything a name could try: markdown, links, HTML, commands, controls, directions, cells, icons. */
const hostile = 'x`](command:evil?1)<img src=q onerror=r>|**b**|$(trash)\\u202Eevil\\u0007\\n# h';
const hostileName = `"${hostile}"`;
const written = JSON.parse(`"${hostile}"`);

/** X is the hostile text wherever a tool may write what it likes; ids are ours. */
const hostileWorlds: readonly (readonly [kind: string, cursor: string, world: string])[] = [
  [
    'model',
    'reads model X mlflow alias=champion',
    `model X id=model:mlflow://local/h owner=X description=X alias.champion=1 latest=1 url=X
     version X id=version:mlflow://local/h/1 madeBy=run:mlflow://local/r
     edge model:mlflow://local/h -> version:mlflow://local/h/1 contains reported X
     path X id=path:s3://b/h
     run r name=X of=model:mlflow://local/h user=X commit=abcdef0 in=path:s3://b/h where=X message=X`,
  ],
  [
    'job',
    'defines job X airflow',
    `job X id=job:airflow://local/h owner=X schedule=X pool=X operator=X broken=X description=X
     task X id=task:airflow://local/h/t
     run r tool=airflow name=X of=job:airflow://local/h status=failed ago=1h where=X message=X user=X environment=X
     run t tool=airflow name=X of=task:airflow://local/h/t parent=run:airflow://local/r status=failed message=X
     run q tool=airflow name=X of=job:airflow://local/h ago=2h
     path X id=path:s3://b/h
     edge path:s3://b/h -> job:airflow://local/h reads reported X
     edge job:airflow://local/h -> path:s3://b/h writes matched X`,
  ],
  [
    'task',
    'defines task X airflow',
    `job X id=job:airflow://local/h
     task X id=task:airflow://local/h/t pool=X description=X operator=X
     edge job:airflow://local/h -> task:airflow://local/h/t contains reported X
     run t tool=airflow name=X of=task:airflow://local/h/t status=failed message=X where=X`,
  ],
  [
    'table',
    'reads table hostile sql',
    `table X alias=hostile id=table:dbt://local/h owner=X description=X materialized=X columns=X
     job X id=job:airflow://local/h
     edge job:airflow://local/h -> table:dbt://local/h writes matched X
     edge table:dbt://local/h -> job:airflow://local/h reads reported X
     run r tool=dbt name=X of=table:dbt://local/h status=failed message=X`,
  ],
  ['path', 'reads path hostile s3', 'path X alias=hostile id=path:s3://b/h owner=X description=X'],
  [
    'metric',
    'writes metric X mlflow',
    `metric churn/auc alias=X id=metric:mlflow://local/churn/auc description=X owner=X
     model X id=model:mlflow://local/h
     run r name=X
     point churn/auc 0.7 run=r
     edge model:mlflow://local/h -> metric:mlflow://local/churn/auc measures reported X`,
  ],
  [
    'run',
    'reads run r mlflow',
    `model X id=model:mlflow://local/h
     path X id=path:s3://b/h
     run r name=X of=model:mlflow://local/h user=X where=X message=X entry=X environment=X params.X=X commit=abcdef0 in=path:s3://b/h out=path:s3://b/h`,
  ],
  [
    'experiment',
    'reads experiment X mlflow',
    `experiment X id=experiment:mlflow://local/h description=X stage=X artifact=X broken=X url="javascript:alert(1)" madeBy=run:mlflow://local/r
     run r name=X of=experiment:mlflow://local/h user=X commit=abcdef0`,
  ],
  ['unknown', 'reads model X nowhere', 'source nowhere health=failing reason=X'],
  ['forbidden', 'reads model X nowhere', 'source nowhere health=forbidden reason=X'],
  ['missing', 'reads model X mlflow', 'source mlflow covers=model'],
  [
    'ambiguous',
    'reads table hostile sql',
    'table X alias=hostile id=table:dbt://local/g\n table X alias=hostile id=table:dbt://local/h',
  ],
  [
    'matches',
    'reads path s3://b/* s3',
    'path X alias=s3://b/1 id=path:s3://b/1\n path X alias=s3://b/2 id=path:s3://b/2',
  ],
];

for (const [kind, cursor, world] of hostileWorlds) {
  test(`hostile text in the hover of: ${kind}`, () => {
    const quoted = (line: string) => line.replace(/(?<= |=)X\b/g, () => hostileName);
    const { context, document, at } = feature(quoted(world), `$0 a.py:1 ${quoted(cursor)}`, {
      owner: written,
      fileChange: { changed: true, summary: written },
    });
    const found = hover(context, document, at);
    assert.ok(found && typeof found.contents === 'object' && 'value' in found.contents);
    harmless(found.contents.value);
  });
}

/** Rendered by the library that VS Code renders hovers with: only our own links and plain structure come out. */
function harmless(markdown: string): void {
  assert.match(markdown, /evil/, 'the hostile text is shown');
  assert.doesNotMatch(markdown, /[\u0000-\u0009\u000b-\u001f\u202a-\u202e]/, 'nothing invisible');
  const allowed = new Set(['p', 'strong', 'code', 'table', 'thead', 'tbody', 'tr', 'th', 'td', 'br', 'ul', 'li', 'a']);
  const html = marked.parse(markdown, { async: false, gfm: true });
  for (const [tag, name = ''] of html.matchAll(/<\/?([a-zA-Z!][\w-]*)[^>]*>/g)) {
    assert.ok(allowed.has(name), `${tag} in ${html}`);
  }
  for (const [, address = ''] of html.matchAll(/<a href="([^"]*)"/g)) {
    assert.match(address, /^(command:plumbline\.\w+\?[\w%.-]+|file:\/\/\/acme\/churn\/[\w./]+#L\d+)$/);
  }
  for (const [strong] of html.matchAll(/<strong>b<\/strong>/g)) assert.fail(`${strong} is not ours`);
  assert.doesNotMatch(markdown.replace(/(?<![\\`])(`+)(?!`)[\s\S]*?(?<!`)\1(?!`)/g, ''), /(?<!\\)\$\(/, 'no icon');
  const bars = (line: string) => [...line.matchAll(/(?<!\\)\|/g)].length;
  const lines = markdown.split('\n').filter((line) => line.startsWith('|'));
  assert.ok(new Set(lines.map(bars)).size <= 1, 'a name does not begin another cell');
}

test('where nobody is named as the owner, who wrote most of the defining file is', () => {
  const owner = (options: FeatureOptions) =>
    /(Owner:|Nobody is named).*/.exec(
      shown('dags/train_churn.py:17 defines job train_churn airflow', 'job train_churn', options),
    )?.[0];
  const author = 'bo, who wrote 3 of its 4 lines';
  assert.equal(owner({ author }), 'Nobody is named as its owner; ask bo, who wrote 3 of its 4 lines');
  assert.equal(owner({ author, owner: 'ana' }), 'Owner: ana');
  assert.equal(owner({}), undefined);
});
