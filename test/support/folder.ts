// A folder of files made for one test and removed after it.
import { mkdirSync, mkdtempSync, realpathSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { TestContext } from 'node:test';

export interface TestFolder {
  /** Absolute, links resolved. */
  readonly path: string;
  at(relative: string): string;
  /** Makes the folders on the way. `modifiedAt`: epoch ms. */
  write(relative: string, text: string | Uint8Array, modifiedAt?: number): void;
}

export function testFolder(context: TestContext, files: Readonly<Record<string, string>> = {}): TestFolder {
  const root = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'plumbline-test-')));
  context.after(() => rmSync(root, { recursive: true, force: true }));
  const at = (relative: string): string => path.join(root, relative);
  const folder: TestFolder = {
    path: root,
    at,
    write(relative, text, modifiedAt) {
      mkdirSync(path.dirname(at(relative)), { recursive: true });
      writeFileSync(at(relative), text);
      if (modifiedAt !== undefined) utimesSync(at(relative), modifiedAt / 1000, modifiedAt / 1000);
    },
  };
  for (const [relative, text] of Object.entries(files)) folder.write(relative, text);
  return folder;
}
