// Cancelled: an indexer that is stopped, paused or told to read otherwise after any of its slices ends up with what a fresh one has.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { ReferenceIndex } from '../../../server/references/index.ts';
import { Indexer } from '../../../server/references/indexing/indexer.ts';
import { packedFiles, sourceFiles } from '../../../server/references/indexing/reading/summarizeFiles.ts';
import { noUserRules } from '../../../server/references/rules/userRules.ts';
import { editDocument, parseDocument } from '../../../server/syntax/document.ts';
import { until } from '../../support/clock.ts';
import { testFolder } from '../../support/folder.ts';

const count = 60;
const files: Readonly<Record<string, string>> = {
  'names.py': 'NAME = "churn"\n',
  ...Object.fromEntries(
    Array.from({ length: count }, (_, at) => [
      `${at % 2 ? 'odd' : 'even'}/m${at}.py`,
      `import mlflow\nfrom names import NAME\nmlflow.set_experiment(f"{NAME}-${at}")\n`,
    ]),
  ),
};

interface Running {
  readonly indexer: Indexer;
  readonly index: ReferenceIndex;
  readonly slices: () => number;
  rested(): Promise<void>;
}

/** `at`: after so many slices `then` is called once; each slice takes in one file or evaluates one. */
function running(folder: string, at: number, then: (running: Running) => void): Running {
  const index = new ReferenceIndex();
  let time = 0;
  let slices = 0;
  const indexer = new Indexer({
    index,
    plan: { folders: [folder], excluded: [], rules: noUserRules },
    onChanged: () => {},
    onTrouble: (message) => assert.fail(message),
    onNotKept: (message) => assert.fail(message),
    now: () => {
      if (++slices === at) setImmediate(() => then(self));
      time += 3;
      return time;
    },
  });
  const rested = async (): Promise<void> => {
    await until('the indexer rests', () => !indexer.busy && slices > at, 20_000);
    while (!index.settle(1)) await turn();
  };
  const self: Running = { indexer, index, slices: () => slices, rested };
  return self;
}

async function fresh(folder: string, excluded: readonly string[] = []): Promise<ReferenceIndex> {
  const index = new ReferenceIndex();
  for await (const packed of packedFiles(sourceFiles([folder], excluded, new AbortController().signal)))
    index.take(packed);
  return index;
}

const slicesTried = [1, 4, 16, 50];

test('another plan, after any slice', async (context) => {
  const folder = testFolder(context, files);
  const expected = (await fresh(folder.path, ['**/odd'])).all();
  for (const at of slicesTried) {
    const { indexer, index, rested } = running(folder.path, at, () => indexer.planned({ excluded: ['**/odd'] }));
    await rested();
    await until('only those of the new plan', () => index.files().length === count / 2 + 1, 20_000);
    assert.deepEqual(index.all(), expected, `after ${at} slices`);
    await indexer.stop();
  }
});

test('a pause and an edit in it, after any slice', async (context) => {
  const folder = testFolder(context, files);
  const uri = pathToFileURL(folder.at('names.py')).href;
  const document = parseDocument({ uri, languageId: 'python', version: 1, text: files['names.py'] ?? '' });
  const start = { line: 0, character: 8 };
  const edited = editDocument(document, [{ range: { start, end: { line: 0, character: 13 } }, text: 'fraud' }], 2);
  folder.write('names.py', edited.text);
  const expected = (await fresh(folder.path)).all();
  folder.write('names.py', document.text);
  for (const at of slicesTried) {
    const { indexer, index, rested } = running(folder.path, at, () => {
      indexer.pause(true);
      indexer.opened(document);
      indexer.opened(edited);
      setImmediate(() => indexer.pause(false));
    });
    await rested();
    await until('all are there', () => index.files().length === count + 1, 20_000);
    assert.deepEqual(index.all(), expected, `after ${at} slices`);
    await indexer.stop();
  }
});

test('after it is stopped nothing changes any more', async (context) => {
  const folder = testFolder(context, files);
  for (const at of slicesTried.slice(1, 6)) {
    let revision = -1;
    const { indexer, index } = running(folder.path, at, () => {
      void indexer.stop();
      revision = index.revision;
    });
    await until('it is stopped', () => revision >= 0, 20_000);
    for (let turns = 0; turns < 50; turns++) await turn();
    assert.equal(index.revision, revision, `after ${at} slices`);
    assert.ok(index.files().length <= count);
  }
});
