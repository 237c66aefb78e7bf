// Tidy: who may import whom, first lines, features routed and tested, settings documented; budgets asked as questions.
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';

const root = path.join(import.meta.dirname, '..');

/** Folder → folders of ours it may import. A folder may always import itself. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  'server/protocol': [],
  'server/syntax': [],
  'server/catalog': [],
  'server/workspace': ['server/syntax', 'server/catalog', 'server/references', 'server/protocol'],
  'server/world': ['server/connectors', 'server/protocol'],
  'server/references': ['server/syntax', 'server/catalog', 'server/world'],
  'server/resolve': ['server/references', 'server/catalog'],
  'server/lineage': ['server/resolve', 'server/references', 'server/catalog', 'server/protocol', 'server/workspace'],
  'server/incidents': ['server/catalog', 'server/protocol', 'server/workspace', 'server/connectors'],
  'server/features': [
    'server/resolve',
    'server/lineage',
    'server/references',
    'server/catalog',
    'server/syntax',
    'server/protocol',
    'server/workspace',
  ],
  'server/connectors': ['server/catalog', 'server/syntax', 'server/protocol'],
  'server/connections': ['server/connectors', 'server/catalog', 'server/protocol', 'server/world'],
  'server/sync': [
    'server/connectors',
    'server/connections',
    'server/catalog',
    'server/world',
    'server/workspace',
    'server/protocol',
  ],
  'server/handlers': [
    'server/features',
    'server/sync',
    'server/references',
    'server/syntax',
    'server/protocol',
    'server/lineage',
    'server/incidents',
    'server/catalog',
    'server/resolve',
    'server/workspace',
    'server/connectors',
    'server/connections',
    'server',
  ],
  webview: ['server/protocol'],
  extension: ['server/protocol'],
};
/** Composition roots and doors see everything. */
const free = ['server', 'server/commands'];

function files(folder: string): string[] {
  return readdirSync(path.join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const inside = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return files(inside);
    return entry.name.endsWith('.ts') ? [inside] : [];
  });
}

const sources = ['server', 'extension', 'webview'].flatMap(files);

function home(file: string): string {
  const [top = '', second = ''] = file.split('/');
  if (top !== 'server') return top;
  return file.split('/').length === 2 ? 'server' : `server/${second}`;
}

function imports(file: string): string[] {
  const text = readFileSync(path.join(root, file), 'utf8');
  return [...text.matchAll(/(?:^|\n)\s*(?:import|export)\b[^'"]*?from\s+'([^']+)'|\bimport\('([^']+)'\)/g)].map(
    (match) => match[1] ?? match[2] ?? '',
  );
}

function violations(file: string): string[] {
  const from = home(file);
  if (free.includes(from)) return [];
  return imports(file).flatMap((target) => {
    if (target === 'vscode' && from !== 'extension') return [`${file} imports vscode`];
    if (target.startsWith('vscode-languageserver/') && from !== 'server/handlers') return [`${file} imports ${target}`];
    if (!target.startsWith('.')) return [];
    const to = home(path.posix.join(path.posix.dirname(file), target));
    return to === from || (allowed[from] ?? []).includes(to) ? [] : [`${file} imports ${to}`];
  });
}

test('imports point towards the data', () => {
  assert.deepEqual(sources.flatMap(violations), []);
});

test('connectors never import each other', () => {
  const crossing = sources
    .filter((file) => /^server\/connectors\/[^/]+\//.test(file))
    .flatMap((file) =>
      imports(file)
        .filter((target) => target.startsWith('.'))
        .map((target) => path.posix.join(path.posix.dirname(file), target))
        .filter((target) => {
          const other = /^server\/connectors\/([^/]+)\//.exec(target)?.[1];
          return other !== undefined && other !== file.split('/')[2];
        })
        .map((target) => `${file} imports ${target}`),
    );
  assert.deepEqual(crossing, []);
});

test('only the catalog and the world open databases, and only the world and the bundled doors touch files', () => {
  const mayTouch = /^(server\/(world|catalog)\/|server\/[^/]+\.ts$|extension\/sample\/)/;
  const touching = sources
    .filter((file) => !mayTouch.test(file))
    .filter((file) =>
      imports(file).some((target) => /^node:(fs|fs\/promises|child_process|sqlite|net|http|https)$/.test(target)),
    );
  assert.deepEqual(touching, []);
});

test('the first line of every file says what it owns', () => {
  const silent = sources.filter((file) => !/^(#!.*\n)?\/\/ \S/.test(readFileSync(path.join(root, file), 'utf8')));
  assert.deepEqual(silent, []);
});

test('every setting and command of the manifest is explained', () => {
  const manifest = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  const strings = JSON.parse(readFileSync(path.join(root, 'package.nls.json'), 'utf8'));
  const used = [...JSON.stringify(manifest).matchAll(/"%([\w.]+)%"/g)].map((match) => match[1] ?? '');
  assert.deepEqual(
    used.filter((key) => !(key in strings)),
    [],
  );
  const readme = readFileSync(path.join(root, 'README.md'), 'utf8');
  const settings = Object.keys(manifest.contributes.configuration.properties);
  assert.deepEqual(
    settings.filter((setting) => !readme.includes(setting)),
    [],
  );
});

test('every feature has a test', () => {
  const shared = /^(context|words|markdown|entityPageUri|fileUri|referenceAt)$/;
  const tests = existsSync(path.join(root, 'test/features')) ? files('test/features') : [];
  const tested = tests.map((file) => readFileSync(path.join(root, file), 'utf8')).join('\n');
  const untested = files('server/features')
    // What stands in a folder of its own is a part of a feature, and tested through it.
    .filter((file) => path.dirname(file) === 'server/features')
    .map((file) => path.basename(file, '.ts'))
    .filter((name) => !shared.test(name) && !tested.includes(`features/${name}.ts`));
  assert.deepEqual(untested, []);
});

test('budgets, as questions', (context) => {
  for (const file of sources) {
    const lines = readFileSync(path.join(root, file), 'utf8').split('\n').length;
    if (lines > 400) context.diagnostic(`${file} has ${lines} lines: is it one thing?`);
    else if (file.startsWith('server/features/') && lines > 150)
      context.diagnostic(`${file} has ${lines} lines: one feature?`);
  }
  const crowded = new Map<string, number>();
  for (const file of sources) crowded.set(path.dirname(file), (crowded.get(path.dirname(file)) ?? 0) + 1);
  for (const [folder, count] of crowded) {
    if (count > 12) context.diagnostic(`${folder} holds ${count} files: is it one thing?`);
  }
  assert.ok(sources.length > 0);
});
