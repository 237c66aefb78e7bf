// The kept index: what a session left is true in the next one, whatever changed on disk in between.
import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { ReferenceIndex } from '../../../../server/references/index.ts';
import type { FromIndexWorker, ReadingPlan } from '../../../../server/references/indexing/reading/indexMessages.ts';
import { Reader } from '../../../../server/references/indexing/reading/reader.ts';
import { packedFiles, sourceFiles } from '../../../../server/references/indexing/reading/summarizeFiles.ts';
import { noUserRules } from '../../../../server/references/rules/userRules.ts';
import { type TestFolder, testFolder } from '../../../support/folder.ts';

const texts: Readonly<Record<string, string>> = {
  'settings.py': 'NAME = "churn"\n',
  'train.py': 'import mlflow\nfrom settings import NAME\nmlflow.register_model("runs:/x/m", NAME)\n',
  'other.py': 'import mlflow\nmlflow.set_experiment("other")\n',
  'models/orders.sql': 'select * from raw.orders\n',
};

const inFolder = Object.fromEntries(Object.entries(texts).map(([name, text]) => [`w/${name}`, text]));

interface Session {
  readonly index: ReferenceIndex;
  /** Files that had to be read and summarised. */
  readonly read: readonly string[];
}

/** What the indexer and its worker do between them, in one thread: reads, takes in, evaluates, keeps. */
async function session(plan: ReadingPlan): Promise<Session> {
  const index = new ReferenceIndex();
  const read: string[] = [];
  let answer = 0;
  let restored = false;
  const reader: Reader = new Reader(
    (message: FromIndexWorker) => {
      assert.equal(message.trouble, undefined);
      for (const { packed, result } of message.files) {
        index.take(packed, result);
        if (restored || message.progress) read.push(path.posix.basename(packed.uri));
      }
      for (const uri of message.removed) index.remove(uri);
      restored ||= message.restored === true;
      answer = message.answer;
      reader.taken(1);
    },
    new URL('../../../../server/references/indexing/reading/indexWorker.ts', import.meta.url),
  );
  await reader.answer({ type: 'plan', plan });
  await reader.answer({ type: 'folders' });
  index.settle(Number.POSITIVE_INFINITY);
  const results = index.evaluatedSince().map(({ uri, result }) => ({ uri, result }));
  await reader.answer({ type: 'results', results });
  await reader.answer({ type: 'keep', answer, open: [] });
  return { index, read: read.sort() };
}

async function fresh(folder: string): Promise<ReferenceIndex> {
  const index = new ReferenceIndex();
  for await (const packed of packedFiles(sourceFiles([folder], [], new AbortController().signal))) index.take(packed);
  return index;
}

function planOf({ at }: TestFolder, more: Partial<ReadingPlan> = {}): ReadingPlan {
  return {
    folders: [at('w')],
    excluded: [],
    rules: noUserRules,
    keptIn: at('index.db'),
    ...more,
  };
}

let later = Date.now();
/** Two writes within a tick of the file system's clock are told apart by their content, not by luck. */
const write = (folder: TestFolder, name: string, text: string): void => {
  later += 5000;
  folder.write(`w/${name}`, text, later);
};

test('nothing is read again of what is the same, and it names the same', async (t) => {
  const folder = testFolder(t, inFolder);
  const first = await session(planOf(folder));
  assert.deepEqual(first.read, ['orders.sql', 'other.py', 'settings.py', 'train.py']);
  const second = await session(planOf(folder));
  assert.deepEqual(second.read, []);
  assert.deepEqual(second.index.all(), first.index.all());
  assert.ok(second.index.all().length >= 4);
  // Touched, but the same.
  write(folder, 'other.py', texts['other.py'] ?? '');
  assert.deepEqual((await session(planOf(folder))).read, []);
});

test('what depends on a file that changed, came or went is evaluated again', async (t) => {
  const folder = testFolder(t, inFolder);
  await session(planOf(folder));
  const changes: readonly (() => void)[] = [
    () => write(folder, 'settings.py', 'NAME = "fraud"\n'),
    () => rmSync(folder.at('w/settings.py')),
    () => write(folder, 'settings.py', 'NAME = "again"\n'),
    () => write(folder, 'new.py', 'import mlflow\nfrom settings import NAME\nmlflow.set_experiment(NAME)\n'),
    () => rmSync(folder.at('w/models/orders.sql')),
  ];
  for (const change of changes) {
    change();
    const { index, read } = await session(planOf(folder));
    assert.deepEqual(index.all(), (await fresh(folder.at('w'))).all());
    assert.ok(read.length <= 1, `read ${read.join(', ')}`);
  }
});

test('other rules or a damaged file: everything is read anew', async (t) => {
  const folder = testFolder(t, inFolder);
  await session(planOf(folder));
  const rules = { ...noUserRules, sqlCalls: ['ask_warehouse'] };
  assert.equal((await session(planOf(folder, { rules }))).read.length, 4);
  assert.equal((await session(planOf(folder, { rules }))).read.length, 0);
  for (const ending of ['-wal', '-shm']) rmSync(folder.at(`index.db${ending}`), { force: true });
  folder.write('index.db', 'no database at all');
  assert.equal((await session(planOf(folder, { rules }))).read.length, 4);
  assert.equal((await session(planOf(folder, { rules }))).read.length, 0);
});

test('files and folders that the editor hides are not read', async (t) => {
  const folder = testFolder(t, inFolder);
  const { index } = await session(planOf(folder, { excluded: ['**/models', '**/oth*.{py,sql}'] }));
  const names = index.files().map((uri) => uri.slice(pathToFileURL(folder.path).href.length));
  assert.deepEqual(names.sort(), ['/w/settings.py', '/w/train.py']);
});
