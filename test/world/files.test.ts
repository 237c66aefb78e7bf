// Files: what is there, what is not, caps and ranges; every failure names the path and the next step.
import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { WorldError } from '../../server/world/failure.ts';
import { list, readRange, readText, realPath, smallFiles, stat } from '../../server/world/files.ts';
import { testFolder } from '../support/folder.ts';

test('stat tells files from folders and nothing from both', async (t) => {
  const folder = testFolder(t, { 'a.txt': 'abc' }).path;
  const found = await stat(path.join(folder, 'a.txt'));
  assert.equal(found?.kind, 'file');
  assert.equal(found?.size, 3);
  assert.ok(Math.abs((found?.modifiedAt ?? 0) - Date.now()) < 60_000);
  assert.equal((await stat(folder))?.kind, 'folder');
  assert.equal(await stat(path.join(folder, 'b')), undefined);
  assert.equal(await stat(path.join(folder, 'a.txt', 'b')), undefined);
});

test('list gives children by name, follows links, leaves out dead ones, and is empty where nothing is', async (t) => {
  const folder = testFolder(t, { 'b/x': '1', 'a.txt': '2' }).path;
  symlinkSync(path.join(folder, 'b'), path.join(folder, 'c'));
  symlinkSync(path.join(folder, 'nowhere'), path.join(folder, 'dead'));
  const children = (await list(folder)).map((child) => `${path.basename(child.path)} ${child.kind}`);
  assert.deepEqual(children, ['a.txt file', 'b folder', 'c folder']);
  assert.deepEqual(await list(path.join(folder, 'nowhere')), []);
});

test('list of a folder with 2,000 children is complete', async (t) => {
  const folder = testFolder(t).path;
  for (let index = 0; index < 2000; index++) mkdirSync(path.join(folder, `run-${index}`));
  assert.equal((await list(folder)).length, 2000);
});

test('text that is not UTF-8 is read with replacement characters, a byte order mark is dropped', async (t) => {
  const made = testFolder(t, { bom: '\ufeffa: 1' });
  made.write('latin', new Uint8Array([0x63, 0x61, 0x66, 0xe9]));
  const folder = made.path;
  assert.equal(await readText(path.join(folder, 'latin')), 'caf\ufffd');
  assert.equal(await readText(path.join(folder, 'bom')), 'a: 1');
});

test('a text over the cap is refused with both sizes', async (t) => {
  const folder = testFolder(t, { big: 'x'.repeat(3 * 1024 * 1024) }).path;
  await assert.rejects(readText(path.join(folder, 'big'), 1024 * 1024), (error) => {
    assert.ok(error instanceof WorldError);
    assert.equal(error.kind, 'tooBig');
    assert.match(error.message, /big has 3\.0 MB; at most 1\.0 MB are read/);
    return true;
  });
});

test('a range is cut at the end of the file', async (t) => {
  const folder = testFolder(t, { log: '0123456789' }).path;
  const file = path.join(folder, 'log');
  const read = async (offset: number, length: number) =>
    new TextDecoder().decode(await readRange(file, offset, length));
  assert.equal(await read(2, 3), '234');
  assert.equal(await read(8, 100), '89');
  assert.equal(await read(50, 10), '');
});

test('failures name the path and what to do', async (t) => {
  const folder = testFolder(t).path;
  const fails = (work: Promise<unknown>, kind: string, words: RegExp) =>
    assert.rejects(work, (error) => {
      assert.ok(error instanceof WorldError);
      assert.equal(error.kind, kind);
      assert.match(error.message, words);
      return true;
    });
  await fails(readText(path.join(folder, 'none')), 'missing', /none is not there\. Check the path/);
  await fails(readText(folder), 'broken', /is a folder, not a file/);
  await fails(readText(path.join(folder, 'a\0b')), 'broken', /a\\u0000b is not a usable path/);
  await fails(readText(path.join(folder, 'two\nlines')), 'missing', /two\\u000alines is not there/);
});

test('the real path of a linked folder is its target; of nothing, the path itself', async (t) => {
  const folder = testFolder(t, { 'store/x': '' }).path;
  symlinkSync(path.join(folder, 'store'), path.join(folder, 'link'));
  assert.equal(await realPath(path.join(folder, 'link')), path.join(folder, 'store'));
  assert.equal(await realPath(path.join(folder, 'none')), path.join(folder, 'none'));
});

test('small files: all below a folder, cut at the cap, without skipped folders and linked ones', async (t) => {
  const made = testFolder(t, {
    'run/meta.yaml': 'a: 1',
    'run/metrics/eval/f1': '12345',
    'run/artifacts/model': 'x',
    out: 'x',
  });
  made.write('run/tags/latin', new Uint8Array([0xe9]));
  symlinkSync(made.at('run/artifacts'), made.at('run/linked'));
  symlinkSync(made.path, made.at('run/loop'));
  symlinkSync(made.at('out'), made.at('run/file'));
  assert.deepEqual(await smallFiles(made.at('run'), 3, ['artifacts']), [
    { name: 'file', text: 'x', size: 1 },
    { name: 'meta.yaml', text: 'a: ', size: 4 },
    { name: 'metrics/eval/f1', text: '123', size: 5 },
    { name: 'tags/latin', text: '\ufffd', size: 1 },
  ]);
  assert.deepEqual(await smallFiles(made.at('none'), 3), []);
});
