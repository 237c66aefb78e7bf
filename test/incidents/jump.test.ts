// Jump: real files, a real repository and the real store: the log line, the source line as it is today, what changed.
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { gitContent } from '../../server/connectors/contentHash.ts';
import { type Ask, explainWithLogs, type JumpWorld, logWindow } from '../../server/incidents/jump.ts';
import { incidents } from '../../server/incidents/list.ts';
import type { LogWindow } from '../../server/protocol/incident.ts';
import { parsePlumblineFile } from '../../server/workspace/plumblineFile.ts';
import { createExec } from '../../server/world/exec.ts';
import { openRepository } from '../../server/world/git.ts';
import { createHost } from '../../server/world/host.ts';
import { fixtureCatalog, fixtureNow } from '../support/catalog.ts';
import { testFolder } from '../support/folder.ts';
import { memoryLog } from '../support/log.ts';
import { testRepository } from '../support/repository.ts';

const then = 'import pandas\n\ndef evaluate(frame):\n    return frame["churned"]\n';
const today = `import logging\nimport pandas\n\n${then.slice(then.indexOf('def'))}`;
const failed = {
  timestamp: '2026-11-23T10:00:00Z',
  level: 'error',
  event: 'Task failed with exception',
  error_detail: [
    {
      exc_type: 'ValidationError',
      exc_value: 'no labels',
      is_cause: false,
      frames: [frame('dags/validate.py', 9, 'task')],
    },
    {
      exc_type: 'KeyError',
      exc_value: "'churned'",
      is_cause: true,
      frames: [frame('churn/validation.py', 4, 'evaluate')],
    },
  ],
};

function frame(file: string, lineno: number, name: string) {
  return { filename: `/opt/airflow/${file}`, lineno, name };
}

/** Questions to a catalog of these lines. */
function asking(t: TestContext, lines: string): Ask {
  const store = fixtureCatalog(lines);
  t.after(() => store.close());
  const { config } = parsePlumblineFile('version: 1');
  return (work) =>
    store.read((catalog) =>
      work({
        catalog,
        config,
        now: fixtureNow,
        incidents: incidents(catalog, config, fixtureNow),
        ownerOf: () => '@acme',
      }),
    );
}

/** A failed run whose log is `text`, in a workspace with a history; `trusted: false` is Restricted Mode. */
function setUp(t: TestContext, text: string | Uint8Array, { trusted = true } = {}) {
  const repository = testRepository(t);
  const good = repository.commit('Validate', { 'churn/validation.py': then, 'labels.sql': 'select churned' });
  const bad = repository.commit('CRM calls it has_churned now', { 'labels.sql': 'select has_churned' }, 'tom');
  repository.commit('Log more', { 'churn/validation.py': today });
  const logs = testFolder(t);
  logs.write('attempt=2.log', text);
  const ask = asking(
    t,
    `
    job validate
    run validate/r1 tool=airflow of=job/validate ago=26h took=5m commit=${good}
    run validate/r2 tool=airflow of=job/validate status=failed ago=2h took=5m commit=${bad} message=why
    run validate/r2/evaluate/-1/2 tool=airflow of=task/validate.evaluate parent=run/validate/r2~airflow status=failed ago=2h took=4m attempt=2 log=${logs.at('attempt=2.log')}
    run validate/r2/load/-1/1 tool=airflow of=task/validate.load parent=run/validate/r2~airflow ago=2h took=1m attempt=1 log=${logs.at('other.log')}`,
  );
  const open = async () => openRepository(repository.path, createExec(trusted)).catch(() => undefined);
  const world: JumpWorld = {
    reader: createHost({ log: memoryLog(), trusted }),
    files: [repository.at('churn/validation.py'), repository.at('labels.sql')],
    repositoryOf: open,
    repositories: async () => [await open()].filter((found) => found !== undefined),
  };
  return { ask, world, file: logs.at('attempt=2.log'), logs, local: repository.at('churn/validation.py'), bad };
}

const incident = 'incident:failedRun:job:airflow://local/validate';
const run = 'run:airflow://local/validate/r2/evaluate/-1/2';

async function windowOf(...[question, ask, world]: Parameters<typeof logWindow>): Promise<LogWindow> {
  const window = await logWindow(question, ask, world);
  assert.ok(!('problem' in window), JSON.stringify(window));
  return window;
}

test('the chain ends at the log line, the source line of today, what changed and the owner', async (t) => {
  const { ask, world, file, local, bad } = setUp(t, `{"event":"start"}\n${JSON.stringify(failed)}\n`);
  const chain = await explainWithLogs(incident, ask, world);
  assert.deepEqual(chain.log, {
    run,
    file,
    root: {
      line: 2,
      text: "KeyError: 'churned'",
      reason: 'Exception raised in evaluate (validation.py:4); first cause of 2 chained exceptions',
    },
    at: { byte: 18, within: 3 },
  });
  const opened = await windowOf({ run, file, at: chain.log?.at }, ask, world);
  const searched = await windowOf({ run, file }, ask, world);
  assert.deepEqual(opened, searched, 'it opens where it was found, without a search');
  assert.deepEqual(
    chain.evidence.slice(-5).map(({ title, place }) => [title, place]),
    [
      ["KeyError: 'churned'", { file, line: 2 }],
      [`validation.py:4 in evaluate; line 4 then, line 5 now (commit ${bad.slice(0, 9)})`, { file: local, line: 5 }],
      [`It ran ${bad.slice(0, 9)} CRM calls it has_churned now (tom, 2026-10-03)`, undefined],
      [`Changed since: ${bad.slice(0, 9)} CRM calls it has_churned now (tom, 2026-10-03)`, undefined],
      ['Owner: @acme', undefined],
    ],
  );
});

test('the window of a whole run shows the log of the task that failed, at the line, with frames linked', async (t) => {
  const { ask, world, file, local, bad } = setUp(t, `{"event":"start"}\n${JSON.stringify(failed)}\n`);
  const window = await windowOf({ run: 'run:airflow://local/validate/r2' }, ask, world);
  const lines = window.text.split('\n');
  assert.deepEqual([window.run, window.file, lines[window.reveal ?? -1]], [run, file, "KeyError: 'churned'"]);
  assert.deepEqual(window.frames, [
    {
      logLine: lines.findIndex((line) => line.includes('validation.py')) + 1,
      file: '/opt/airflow/churn/validation.py',
      line: 4,
      function: 'evaluate',
      local: { file: local, line: 5 },
      moved: `line 4 then, line 5 now (commit ${bad.slice(0, 9)})`,
    },
    {
      logLine: lines.findIndex((line) => line.includes('dags/validate.py')) + 1,
      file: '/opt/airflow/dags/validate.py',
      line: 9,
      function: 'task',
    },
  ]);
  assert.equal(window.title, 'validate/r2/evaluate/-1/2: attempt=2.log', 'says whose log it is');
  assert.deepEqual(
    window.others.map(({ title }) => title),
    ['validate/r2/load/-1/1: other.log'],
  );
});

test('in Restricted Mode frames still find their file, and git is not run', async (t) => {
  const { ask, world, local } = setUp(t, JSON.stringify(failed), { trusted: false });
  const chain = await explainWithLogs(incident, ask, world);
  assert.deepEqual(chain.evidence.find(({ place }) => place?.file === local)?.place, { file: local, line: 4 });
  assert.ok(chain.evidence.some(({ status, title }) => status === 'missing' && title.startsWith('What changed from')));
});

test('a log of many megabytes: the end is searched first, then the start; the window says what it leaves out', async (t) => {
  const noise = '2026-11-23 10:00:00,000 INFO churn: still at work on it\n'.repeat(80_000);
  const crash = 'Traceback (most recent call last):\n  File "/app/main.py", line 2, in <module>\nKeyError: 1\n';
  const atEnd = setUp(t, `${noise}${crash}${noise.slice(0, 5000)}`);
  const late = await windowOf({ run }, atEnd.ask, atEnd.world);
  const lines = late.text.split('\n');
  assert.equal(lines[late.reveal ?? -1], 'KeyError: 1');
  assert.match(lines[0] ?? '', /^──── \d\.\d MB of this log before this are not shown/);
  assert.ok(late.to - late.from <= 2 * 1024 * 1024 && late.to === late.size);
  const { log } = await explainWithLogs(incident, atEnd.ask, atEnd.world);
  assert.equal(log?.root?.line, 80_003);
  assert.match(log?.root?.reason ?? '', /found in the last 2 MB of 4\.\d MB$/);

  const atStart = setUp(t, `${crash}${noise}`);
  const early = await explainWithLogs(incident, atStart.ask, atStart.world);
  assert.equal(early.log?.root?.line, 3);
  assert.match(early.log?.root?.reason ?? '', /found in the first 2 MB of 4\.\d MB/);
  const window = await windowOf({ run }, atStart.ask, atStart.world);
  assert.equal(window.text.split('\n')[window.reveal ?? -1], 'KeyError: 1');
  assert.match(window.text.split('\n').at(-1) ?? '', /MB of this log after this are not shown/);
});

test('a window around a byte, the end for following, and nothing outside the run', async (t) => {
  const text = Array.from({ length: 100_000 }, (_, index) => `line ${index} of the log, with some words`).join('\n');
  const { ask, world, file, logs } = setUp(t, text);
  const middle = await windowOf({ run, around: Math.floor(text.length / 2) }, ask, world);
  const lines = middle.text.split('\n');
  assert.ok(
    text
      .slice(Math.floor(text.length / 2) - 60, Math.floor(text.length / 2) + 60)
      .includes(lines[middle.reveal ?? -1] ?? '?'),
  );
  assert.ok(lines.slice(1, -1).every((line) => /^line \d+ of the log, with some words$/.test(line)));
  const end = await windowOf({ run, file, around: Number.MAX_SAFE_INTEGER }, ask, world);
  assert.equal(end.text.split('\n').at(-1), 'line 99999 of the log, with some words');
  const quiet = await windowOf({ run }, ask, world);
  assert.equal(quiet.to, quiet.size);

  logs.write('secret.txt', 'no');
  const refused = await logWindow({ run, file: logs.at('secret.txt') }, ask, world);
  assert.match(JSON.stringify(refused), /is not a log of/);
});

test('a log that is gone, empty or of a run nobody knows says so', async (t) => {
  const { ask, world } = setUp(t, '');
  const problem = async (question: Parameters<typeof logWindow>[0]) => {
    const window = await logWindow(question, ask, world);
    return 'problem' in window ? window.problem : '';
  };
  assert.match(await problem({ run }), /is empty: nothing has been logged yet/);
  assert.match(await problem({ run: 'run:airflow://local/validate/r2/load/-1/1' }), /is not there any more/);
  assert.match(await problem({ run: 'run:airflow://local/nobody' }), /No source knows the run/);
  assert.match(await problem({ run: 'run:airflow://local/validate/r1' }), /has no log that Plumbline can read/);
});

test('a run that does not say its commit is known by what it ran, and so is what changed since the good one', async (t) => {
  const repository = testRepository(t);
  const file = 'dags/train.py';
  const first = repository.commit('Train', { [file]: then });
  repository.commit('Elsewhere', { 'other.py': '1' });
  const bad = repository.commit('Use another column', { [file]: today }, 'tom');
  repository.commit('Later', { [file]: 'later\n' });
  const blob = (text: string): string => {
    const content = gitContent(text, { file, at: 1 });
    return content?.hash.kind === 'git' ? (content.hash.ids[0] ?? '') : '';
  };
  const open = async () => openRepository(repository.path, createExec(true));
  const world: JumpWorld = {
    reader: createHost({ log: memoryLog(), trusted: true }),
    files: [repository.at(file)],
    repositoryOf: open,
    repositories: async () => [await open()].filter((found) => found !== undefined),
  };
  const told = async (lines: string): Promise<readonly string[]> => {
    const { evidence } = await explainWithLogs(incident, asking(t, lines), world);
    return evidence
      .filter(({ title }) => /content|code|commit|Changed/.test(title))
      .map(({ title, reason }) => `${title} | ${reason}`);
  };
  const runs = (good: string, failed: string) => `
    run validate/r1 tool=airflow of=job/validate ago=26h took=5m ${good}
    run validate/r2 tool=airflow of=job/validate status=failed ago=2h took=5m ${failed} message=why`;
  const [badBlob, goodBlob] = [`content=${blob(today)}`, `content=${blob(then)}`];
  assert.deepEqual(await told(`job validate${runs(goodBlob, badBlob)}`), [
    `Its content equals commit ${bad.slice(0, 9)} Use another column (tom, 2026-10-04) | validate/r2 does not say its commit, but what it ran of dags/train.py`,
    `Changed since: ${bad.slice(0, 9)} Use another column (tom, 2026-10-04) | Compared with the last good one, validate/r1`,
  ]);
  const [, same] = await told(`job validate${runs(badBlob, badBlob)}`);
  assert.match(same ?? '', /^The code of dags\/train\.py is the same as in the last good run \| /);
  // Only what the job runs by now is known: a guess, and nothing of the good run.
  const guessed = await told(`job validate ${goodBlob}${runs('', '')}`);
  assert.equal(guessed.length, 1);
  assert.match(
    guessed[0] ?? '',
    /^Its content equals commits \w{7}…\w{7}, since .* \| A guess: validate\/r2 says neither .* by now is this of dags\/train\.py$/,
  );
  assert.ok(guessed[0]?.includes(first.slice(0, 9)));
  const byHand = await told(`job validate${runs('', `content=${'0'.repeat(40)}`)}`);
  assert.deepEqual(byHand, [
    'What validate/r2 ran of dags/train.py is in no commit of this repository | It was changed by hand, or comes from another repository',
  ]);
});
