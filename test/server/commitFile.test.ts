// A file against the commit its run came from, asked of the server: found, unknown here, and refused outside the workspace.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import type { FileAtResult, RunCommitResult } from '../../server/protocol/commit.ts';
import { testFolder } from '../support/folder.ts';
import { testRepository } from '../support/repository.ts';
import { memoryServer } from '../support/server.ts';
import { freshSample } from '../vscode/support/sample.ts';

async function serve(context: TestContext, prepare: (folder: string) => void = () => {}) {
  const sample = await freshSample();
  prepare(sample.folder);
  const server = memoryServer();
  await server.start([sample.folder], { storeFolder: path.join(sample.folder, '..', 'store') });
  await server.ready();
  context.after(async () => {
    await server.client.close();
    await sample.remove();
  });
  const at = (relative: string): string => path.join(sample.folder, relative);
  return {
    at,
    runCommit: (id: string, file?: string) =>
      server.ask<RunCommitResult>('plumbline/runCommit', {
        id,
        ...(file !== undefined && { uri: pathToFileURL(at(file)).href }),
      }),
    fileAt: (commit: string, file: string) => server.ask<FileAtResult>('plumbline/fileAt', { commit, file }),
    model: async () => {
      const uri = await server.open(
        at('churn/settings.py'),
        'MODEL_NAME = "churn"\nmodel = f"models:/{MODEL_NAME}/1"\n',
      );
      const found = await server.ask<{ id: string }>('plumbline/entityAt', { uri, line: 1, character: 20 });
      return found.id;
    },
  };
}

const problemOf = (result: object): string =>
  'problem' in result ? String(result.problem) : assert.fail('no problem');

test('the commit of the newest run, and the file as it was then', async (context) => {
  const server = await serve(context);
  const found = await server.runCommit(await server.model(), 'churn/settings.py');
  if ('problem' in found) assert.fail(found.problem);
  assert.match(found.commit, /^[0-9a-f]{40}$/);
  assert.equal(found.file, server.at('churn/settings.py'));
  const then = await server.fileAt(found.commit, found.file);
  if ('problem' in then) assert.fail(then.problem);
  assert.match(then.text, /MODEL_NAME/);
  writeFileSync(found.file, `${then.text}\nEXTRA = 1\n`);
  const changed = await server.runCommit(await server.model(), 'churn/settings.py');
  assert.deepEqual(changed, { ...found, unchanged: false });
  const missing = problemOf(await server.runCommit(await server.model(), 'churn/not_there.py'));
  assert.match(missing, /^not_there\.py was not there at commit [0-9a-f]{7}, which the run /);
});

test('nothing is read outside of the repositories, and nothing but a commit', async (context) => {
  const server = await serve(context);
  const found = await server.runCommit(await server.model(), 'churn/settings.py');
  const commit = 'problem' in found ? assert.fail(found.problem) : found.commit;
  for (const [hash, file] of [
    [commit, '/etc/passwd'],
    [commit, server.at('../../etc/passwd')],
    [commit, 'churn/settings.py'],
    ['HEAD', server.at('churn/settings.py')],
    ['--output=x', server.at('churn/settings.py')],
  ] as const) {
    assert.match(problemOf(await server.fileAt(hash, file)), /is not in the repositories of this workspace\.$/);
  }
});

test('a commit that is not here says so, with what to do', async (context) => {
  const server = await serve(context, (folder) => {
    rmSync(path.join(folder, '.git'), { recursive: true });
    const git = (...command: string[]) => execFileSync('git', ['-C', folder, ...command], { stdio: 'pipe' });
    git('init', '-q');
    git('-c', 'user.name=ana', '-c', 'user.email=ana@acme.example', 'commit', '-q', '--allow-empty', '-m', 'begin');
  });
  const problem = problemOf(await server.runCommit(await server.model(), 'churn/settings.py'));
  assert.match(problem, /^The run .+ came from another commit than is known here: .+ fetch it: git fetch --all\.$/);
});

test('without a repository, and without a run that says its commit', async (context) => {
  const server = await serve(context, (folder) => rmSync(path.join(folder, '.git'), { recursive: true }));
  const id = await server.model();
  assert.match(problemOf(await server.runCommit(id, 'churn/settings.py')), /is in no git repository of this workspace/);
  const unknown = problemOf(await server.runCommit('code:table:nobody.knows', 'churn/settings.py'));
  assert.match(unknown, /^No run of nobody\.knows says the commit it came from\./);
});

test('without a run that says its commit: the commit that holds what dbt built, or why there is none', async (context) => {
  const repository = testRepository(context);
  const sql = 'select 1 as id\n';
  const manifest = (text: string): string =>
    JSON.stringify({
      metadata: {
        dbt_schema_version: 'https://schemas.getdbt.com/dbt/manifest/v12.json',
        dbt_version: '1.12.6',
        project_name: 'shop',
      },
      nodes: {
        'model.shop.orders': {
          ...{ resource_type: 'model', name: 'orders', package_name: 'shop', database: 'shop', schema: 'main' },
          ...{ alias: 'orders', original_file_path: 'models/orders.sql' },
          checksum: { name: 'sha256', checksum: createHash('sha256').update(text).digest('hex') },
        },
      },
    });
  const project = 'name: shop\nversion: "1.0"\nprofile: shop\n';
  const commit = repository.commit('begin', { 'dbt/models/orders.sql': sql, 'dbt/dbt_project.yml': project });
  repository.commit('other', { 'other.txt': '1' });
  repository.write('dbt/target/manifest.json', manifest(sql.trim()));
  const server = memoryServer();
  await server.start([repository.path], { storeFolder: path.join(testFolder(context).path, 'store') });
  context.after(() => server.client.close());
  await server.ready();
  const id = 'table:dbt://shop/shop/main/orders';
  const asked = () => server.ask<RunCommitResult>('plumbline/runCommit', { id });
  const file = repository.at('dbt/models/orders.sql');
  const found = await asked();
  assert.deepEqual(found, { commit, run: 'shop.main.orders', file, unchanged: true });
  repository.commit('change', { 'dbt/models/orders.sql': 'select 2 as id\n' });
  assert.deepEqual(await asked(), { ...found, unchanged: false });
  const then = await server.ask<FileAtResult>('plumbline/fileAt', { commit, file });
  assert.deepEqual(then, { text: sql });
  repository.git('checkout', '-q', '--orphan', 'elsewhere');
  repository.commit('another history', { 'dbt/models/orders.sql': 'select 3 as id\n' });
  repository.git('branch', '-q', '-D', 'main');
  assert.match(
    problemOf(await asked()),
    /^No run of shop\.main\.orders says the commit it came from, and of shop\.main\.orders git says: content is in no commit of this repository/,
  );
});
