// Own rules: the rows of a workspace's plumbline.yaml count in the command line too.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { runCommand } from '../../server/commands/run.ts';

test('refs knows the calls that plumbline.yaml names', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'plumbline-own-'));
  try {
    const row = '  - call: acme.load_table\n    kind: table\n    role: reads\n';
    writeFileSync(path.join(folder, 'plumbline.yaml'), `version: 1\nreferences:\n${row}`);
    writeFileSync(path.join(folder, 'train.py'), 'import acme\nacme.load_table("orders")\n');
    let said = '';
    const world = { out: (text: string) => (said += text), error: () => undefined, folder, now: () => 0 };
    assert.equal(await runCommand(['refs', '.', '--json', '--workspace', folder], world), 0);
    assert.deepEqual(
      JSON.parse(said).map(({ name, kind, role, via }: Record<string, string>) => [name, kind, role, via]),
      [['orders', 'table', 'reads', 'own.acme.load_table']],
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
