// Walk: what of a folder is source, and what is left out.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { walk } from '../../server/world/walk.ts';

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

test('an aborted walk ends', async () => {
  assert.deepEqual(await walked({ 'a.py': '' }, AbortSignal.abort()), []);
});
