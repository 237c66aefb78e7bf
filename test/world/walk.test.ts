// Walk: what of a folder is source, and what is left out.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { sourceFiles } from '../../server/references/indexing/reading/summarizeFiles.ts';
import { listFolder } from '../../server/sync/local/discovery.ts';
import { createHost } from '../../server/world/host.ts';
import { namesIn } from '../../server/world/tracked.ts';
import { walk } from '../../server/world/walk.ts';
import { testFolder } from '../support/folder.ts';
import { memoryLog } from '../support/log.ts';

async function walked(
  files: Readonly<Record<string, string>>,
  signal = new AbortController().signal,
  link?: string,
): Promise<string[]> {
  const root = mkdtempSync(path.join(tmpdir(), 'plumbline-walk-'));
  try {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
      writeFileSync(path.join(root, name), text);
    }
    if (link) symlinkSync(root, path.join(root, link));
    const found: string[] = [];
    for await (const file of walk(root, { accepts: (name) => /\.(py|sql)$/.test(name), signal }))
      found.push(path.relative(root, file));
    return found;
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

test('sources in the order of their names, without dot folders and dependencies', async () => {
  const files = {
    'b.py': '',
    'a/x.sql': '',
    'a/readme.md': '',
    '.venv/y.py': '',
    'node_modules/z.py': '',
    'target/run/q.sql': '',
  };
  assert.deepEqual(await walked(files), ['a/x.sql', 'b.py']);
});

test('.gitignore counts below its folder, and a nearer one may take a file back', async () => {
  const files = {
    '.gitignore': 'build/\n*.gen.py\n',
    'build/a.py': '',
    'x.gen.py': '',
    'kept/.gitignore': '!x.gen.py\n',
    'kept/x.gen.py': '',
    'kept/y.py': '',
  };
  assert.deepEqual(await walked(files), ['kept/x.gen.py', 'kept/y.py']);
});

test('a link to the folder itself does not go round and round', async () => {
  assert.deepEqual(await walked({ 'a.py': '' }, undefined, 'loop'), ['a.py']);
});

test('links in a ring, up the tree, to nowhere and to files: nothing hangs, nothing is found twice', async (context) => {
  const folder = testFolder(context, { 'a/x.py': '', 'a/b/y.sql': '', 'c/z.py': '' });
  const links: readonly (readonly [string, string])[] = [
    ['c', 'a/to-c'],
    ['a', 'c/to-a'],
    ['.', 'a/b/up'],
    ['a/b', 'twice'],
    ['a/x.py', 'x-again.py'],
    ['nowhere', 'broken.py'],
    ['self', 'self'],
  ];
  for (const [to, at] of links) symlinkSync(folder.at(to), folder.at(at));
  const { signal } = new AbortController();
  const found = async (folders: readonly string[]): Promise<readonly string[]> => {
    const files: string[] = [];
    for await (const file of sourceFiles(folders, [], signal)) files.push(path.relative(folder.path, file));
    return files.sort();
  };
  const all = ['a/b/y.sql', 'a/x.py', 'c/z.py'];
  assert.deepEqual(await found([folder.path]), all);
  assert.deepEqual(await found([folder.at('a'), folder.path, folder.at('c')]), all, 'folders inside of each other');
  const listing = await listFolder(folder.path, createHost({ log: memoryLog(), trusted: false }), signal);
  assert.deepEqual([...listing.files].sort(), [...all, 'x-again.py']);
  assert.deepEqual([...listing.folders].sort(), ['a', 'a/b', 'c']);
});

test('an aborted walk ends', async () => {
  assert.deepEqual(await walked({ 'a.py': '' }, AbortSignal.abort()), []);
});

/** An index of git of that version, as `git add` writes it (stat data and hashes are of no matter). */
function gitIndex(version: number, names: readonly string[]): Buffer {
  const head = Buffer.alloc(12);
  head.write('DIRC');
  head.writeUInt32BE(version, 4);
  head.writeUInt32BE(names.length, 8);
  let before = '';
  const entries = names.map((name) => {
    const extended = version === 3;
    const fixed = Buffer.alloc(extended ? 64 : 62);
    fixed.writeUInt16BE(Math.min(name.length, 0xfff) | (extended ? 0x4000 : 0), 60);
    if (version < 4) {
      const length = fixed.length + name.length;
      return Buffer.concat([fixed, Buffer.from(name), Buffer.alloc(8 - (length % 8))]);
    }
    let shared = 0;
    while (shared < before.length && before[shared] === name[shared]) shared++;
    const off = Buffer.from([before.length - shared]);
    before = name;
    return Buffer.concat([fixed, off, Buffer.from(name.slice(shared)), Buffer.alloc(1)]);
  });
  return Buffer.concat([head, ...entries, Buffer.alloc(20)]);
}

test('what git tracks is read, although a .gitignore names it', async (context) => {
  const files = {
    '.gitignore': 'dags\nbuild/\n',
    'dags/train.py': '',
    'dags/new.py': '',
    'dags/sql/orders.sql': '',
    'build/x.py': '',
    'a.py': '',
  };
  const names = ['a.py', 'dags/sql/orders.sql', 'dags/train.py'];
  for (const version of [2, 3, 4]) {
    const { path: folder } = testFolder(context, files);
    mkdirSync(path.join(folder, '.git'));
    writeFileSync(path.join(folder, '.git', 'index'), gitIndex(version, names));
    const found: string[] = [];
    const signal = new AbortController().signal;
    for await (const file of walk(folder, { accepts: (name) => /\.(py|sql)$/.test(name), signal }))
      found.push(path.relative(folder, file));
    assert.deepEqual(found, names, `version ${version}`);
  }
});

test('an index of git that is cut or not one says nothing, and nothing breaks', () => {
  const whole = gitIndex(4, ['a/b.py', 'a/bc.py', 'c.py']);
  assert.deepEqual(namesIn(whole), ['a/b.py', 'a/bc.py', 'c.py']);
  for (let length = 0; length < whole.length; length++) assert.ok(namesIn(whole.subarray(0, length)).length <= 3);
  assert.deepEqual(namesIn(Buffer.from('not an index at all')), []);
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), fc.constantFrom(2, 3, 4), (bytes, version) => {
      const head = gitIndex(version, ['x.py']).subarray(0, 12);
      head.writeUInt32BE(0xffffffff, 8);
      assert.ok(namesIn(Buffer.concat([head, bytes])).length <= 10);
    }),
  );
});
