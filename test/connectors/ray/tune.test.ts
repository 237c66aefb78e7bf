// Tune's results: the best trial, what failed, folders that lead elsewhere, Python's own JSON, and files that are none.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { ray } from '../../../server/connectors/ray/index.ts';
import { testFolder } from '../../support/folder.ts';
import { hostAt, scanned } from '../../support/scan.ts';
import { pickled, results, state } from './tuneFiles.ts';

async function read(context: TestContext, files: Readonly<Record<string, string>>, mode?: string) {
  const folder = testFolder(context, files);
  if (mode !== undefined) writeFileSync(folder.at('results/search/tuner.pkl'), pickled(mode));
  const source = { name: 'ray results', tool: 'ray', path: folder.at('results'), workspaceFolder: folder.path };
  return scanned(await ray.create(source, hostAt('2026-11-23T12:00:00Z')));
}

const trials = [
  { id: 'a', result: results('0.7') },
  { id: 'b', result: results('0.9') },
  { id: 'c', result: results('NaN') },
  { id: 'd', status: 'ERROR', error: 'error.txt' },
];

for (const [mode, best] of [
  ['max', 'fit_b'],
  ['min', 'fit_a'],
] as const) {
  test(`the best trial is the one with the ${mode} of the metric`, async (context) => {
    const { runs, entities, problems } = await read(
      context,
      {
        'results/search/experiment_state-2026-11-23_10-00-00.json': state('auc', trials),
        'results/search/experiment_state-2026-11-22_10-00-00.json': 'an older one, not read',
        'results/search/d/error.txt': 'Traceback (most recent call last):\n  File "t.py"\nRuntimeError: no loss\n',
      },
      mode,
    );
    assert.deepEqual(problems, []);
    const [search, ...others] = runs;
    assert.deepEqual(search?.params.slice(0, 3), [
      { name: 'best trial', value: best },
      { name: 'lr', value: '0.1' },
      { name: 'layers/units', value: '8' },
    ]);
    assert.deepEqual(
      search?.metrics.map(({ name }) => name),
      ['auc', 'eval/loss'],
    );
    assert.match(search?.message ?? '', /^1 of 4 trials failed, the first with RuntimeError: no loss$/);
    assert.deepEqual(
      others.map(({ status, message }) => [status, message]),
      [
        ['success', undefined],
        ['success', undefined],
        ['success', undefined],
        ['failed', 'RuntimeError: no loss'],
      ],
    );
    const experiment = entities.find(({ kind }) => kind === 'experiment');
    assert.match(experiment?.facts?.description ?? '', new RegExp(`^4 trials, 1 failed; best ${best}: auc 0\\.[79] `));
  });
}

test('where the direction is not written down, none is called best', async (context) => {
  const { entities, runs } = await read(context, {
    'results/search/experiment_state-1.json': state('auc', trials),
  });
  assert.match(
    entities[0]?.facts?.description ?? '',
    /auc from 0\.7 to 0\.9, and which of them is best is not written down/,
  );
  assert.deepEqual(runs[0]?.params, []);
});

test('the reports of a trial are points; a half written last one is none', async (context) => {
  const reports = [1, 2].map(
    (step) => `{"auc": 0.${step}, "bad": NaN, "timestamp": ${step}, "training_iteration": ${step}}`,
  );
  const { series } = await read(context, {
    'results/search/experiment_state-1.json': state('auc', [{ id: 'a', result: results('0.2') }]),
    'results/search/a/result.json': `${reports.join('\n')}\n{"auc": 0.`,
  });
  assert.deepEqual(
    series.map(({ metric, points }) => [
      metric.split('/').at(-1),
      points.map(({ value, at, step }) => [value, at, step]),
    ]),
    [
      [
        'auc',
        [
          [0.1, 1_000, 1],
          [0.2, 2_000, 2],
        ],
      ],
    ],
  );
});

test('a trial whose folder lies elsewhere is not followed', async (context) => {
  const { runs } = await read(context, {
    'results/search/experiment_state-1.json': state('auc', [
      { id: 'a', status: 'ERROR', folder: '../../secret', error: 'error.txt' },
      { id: 'b', status: 'ERROR', folder: '', error: '../../secret/error.txt' },
    ]),
    'secret/error.txt': 'ValueError: not for you\n',
  });
  assert.deepEqual(
    runs.flatMap(({ logs }) => logs),
    [],
  );
  assert.doesNotMatch(JSON.stringify(runs), /not for you/);
});

test('a file that is broken or none of Tune is a problem, the rest is read, and nothing is covered', async (context) => {
  const { runs, problems, covered } = await read(context, {
    'results/one/experiment_state-1.json': '{"trial_data": [',
    'results/two/experiment_state-1.json': '{"hello": 1}',
    'results/three/experiment_state-1.json': state(undefined, [{ id: 'a' }]),
  });
  assert.deepEqual([runs.length, problems.length, covered.length], [2, 2, 0]);
  assert.match(problems.map(({ message }) => message).join('\n'), /one\/experiment_state-1\.json could not be read/);
});

test('a storage path is found by the states below it', async () => {
  const listing = {
    root: '/w',
    files: [
      'out/search/experiment_state-2026.json',
      'out/other/experiment_state-1.json',
      'x/experiment_state.json',
      'y.json',
    ],
    folders: [],
    declared: [],
  };
  const found = await ray.discover(listing);
  assert.deepEqual(
    found.map(({ name, path }) => [name, path]),
    [['ray out', '/w/out']],
  );
});
