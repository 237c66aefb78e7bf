// Our fake dbt Cloud is read by dbt-cloud-cli, which others keep, over TLS; it and our connector see the same.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { environment } from '../../scripts/python/environments.mjs';
import type { LiveHost } from '../../server/connectors/connector.ts';
import { dbt } from '../../server/connectors/dbt/index.ts';
import type { ConnectionConfig } from '../../server/protocol/connection.ts';
import { createHttp } from '../../server/world/http/client.ts';
import { fakeDbtCloud, serviceToken } from '../fakes/dbtCloud/server.ts';
import { account, buildRun, type Json } from '../fakes/dbtCloud/state.ts';
import { testFolder } from '../support/folder.ts';
import { memoryLog } from '../support/log.ts';
import { scanned } from '../support/scan.ts';
import { certificates } from '../support/web.ts';

/** Without its account, project and query: what is asked. */
function shapeOf(asked: string): string {
  return asked.replace(/\?.*/, '').replace(/\/$/, '').replace(/\/\d+/g, '/…');
}

test('the fake account is read by dbt-cloud-cli as by our connector', { timeout: 300_000 }, async (context) => {
  const { bin } = await environment('dbtCloud', (line) => context.diagnostic(line));
  const { ca, server } = certificates();
  const secure = { key: readFileSync(server.key), cert: readFileSync(server.certificate) };
  const now = Date.now();
  const fake = await fakeDbtCloud(now, {}, secure);
  context.after(() => fake.close());
  for (let id = 1000; id < 1120; id += 1) fake.state.runs.push(buildRun(id, 13, now - 3_600_000, id % 3 === 0));
  const home = testFolder(context, { '.keep': '' }).path;
  const cli = async (...args: readonly string[]): Promise<string> => {
    const { stdout } = await promisify(execFile)(bin('dbt-cloud'), args, {
      env: {
        ...{ PATH: process.env.PATH, HOME: home, REQUESTS_CA_BUNDLE: ca, NO_PROXY: '127.0.0.1' },
        ...{ DBT_CLOUD_HOST: new URL(fake.url).host, DBT_CLOUD_API_TOKEN: serviceToken },
        DBT_CLOUD_ACCOUNT_ID: String(account),
      },
      maxBuffer: 64 * 1024 * 1024,
    });
    return stdout;
  };
  const listed = async (...args: readonly string[]): Promise<readonly Json[]> => JSON.parse(await cli(...args)).data;

  const accounts = await listed('account', 'list');
  const projects = await listed('project', 'list');
  const environments = await listed('environment', 'list', '--project-id', '10');
  const jobs = await listed('job', 'list');
  const runs = await listed('run', 'list', '--paginate', '--order-by', '-id');
  const related = ['--include-related', 'run_steps', '--include-related', 'debug_logs'];
  const one = JSON.parse(await cli('run', 'get', '--run-id', '904', ...related)).data;
  const names = await listed('run', 'list-artifacts', '--run-id', '904');
  const artifact = ['run', 'get-artifact', '--run-id', '904', '--step', '4', '--path'];
  const results = JSON.parse(await cli(...artifact, 'run_results.json'));
  await cli(...artifact, 'manifest.json');
  const byCli = new Set(fake.asked.splice(0).map(shapeOf));

  const connection: ConnectionConfig = { name: 'cloud', tool: 'dbt', url: fake.url, caFile: ca };
  const host: LiveHost = {
    ...{ fetch: createHttp({ connection }), secret: async () => ({ kind: 'token', token: serviceToken }) },
    ...{ skewMs: 0, log: memoryLog(), now: () => now },
  };
  const connector = dbt.connect?.(connection, host);
  assert.ok(connector);
  const seen = await scanned(connector);
  assert.deepEqual(seen.problems, []);

  // Every question of ours is one that the client asks too, but for the list of environments of the whole account (dbtc has it).
  const asked = [...new Set(fake.asked.map(shapeOf))].filter(
    (path) => !byCli.has(path) && !/sources|catalog/.test(path),
  );
  assert.deepEqual(
    asked.filter((path) => !/v2\/accounts$/.test(path)),
    ['GET /api/v3/accounts/…/environments'],
  );
  assert.deepEqual(
    accounts.map(({ id }) => `dbt://${id}`),
    connector.alsoScopes,
  );
  const jobsHere = seen.entities.filter(({ kind, id }) => kind === 'job' && id.includes(`//${account}/`));
  assert.deepEqual(
    jobsHere.map(({ id, name }) => [id.split('/').at(-1), name]),
    jobs.map(({ id, name }) => [String(id), name]),
  );
  assert.deepEqual(jobsHere[0]?.facts?.tags?.slice(0, 2), [projects[0]?.name, environments[0]?.name]);
  const own = new Map(
    seen.runs.filter(({ id }) => /\/\d+$/.test(id) && id.split('/').length === 4).map((run) => [run.id, run]),
  );
  assert.deepEqual(
    [...own.keys()].map((id) => Number(id.split('/').at(-1))).sort((a, b) => a - b),
    runs.map(({ id }) => Number(id)).sort((a, b) => a - b),
  );
  for (const run of runs) {
    const mine = own.get(`run:dbt://${account}/${run.id}`);
    const words: Readonly<Record<string, string>> = { Success: 'success', Error: 'failed', Running: 'running' };
    assert.equal(mine?.status, words[String(run.status_humanized)], String(run.id));
    assert.deepEqual([mine?.commit, mine?.branch, mine?.url], [run.git_sha, run.git_branch, run.href]);
  }

  const steps: readonly Json[] = one.run_steps;
  const failing = steps.find(({ status_humanized: said }) => said === 'Error');
  const log = await connector.readLog?.(`debug/${account}/904/${failing?.index}`, new AbortController().signal);
  assert.equal(log?.text, failing?.debug_logs);
  assert.deepEqual(names, ['manifest.json', 'run_results.json']);
  const node = seen.runs.filter(({ parent }) => parent === `run:dbt://${account}/904/4`);
  assert.deepEqual(
    node.map(({ id }) => id.split('/').at(-1)),
    results.results.map((result: Json) => result.unique_id),
  );
});
