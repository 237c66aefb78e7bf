// The text of a DAG's file, of either Airflow: hashed for what is on screen alone, kept over scans, and only where it may be read.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { CatalogChange } from '../../server/catalog/change.ts';
import { CatalogStore } from '../../server/catalog/store.ts';
import type { LiveConnector } from '../../server/connectors/connector.ts';
import { gitContent } from '../../server/connectors/contentHash.ts';
import { scanned } from '../support/scan.ts';
import { connected, type Generation, type RecordedAirflow, recorded, recordedAirflow } from './airflowServer.ts';

const signal = new AbortController().signal;
const now = Date.parse('2026-11-23T14:10:00Z');
const text = 'import airflow\r\n\n# the DAG\n';
const job = 'job:airflow://acme/churn_validate';
const minute = 60_000;

/** Gives the text for the newest version, which is 2, and for version 1 another. */
function serving(server: RecordedAirflow, generation: Generation, status = 200, said = text): string[] {
  const asked: string[] = [];
  const dag = recorded(generation).get('/dags/churn_validate') as object;
  server.instead = ({ path, query }) => {
    if (path === '/dags/churn_validate') return { status: 200, body: { ...dag, file_token: 'a.token-of/the file' } };
    if (!path.startsWith('/dagSources/')) return undefined;
    const version = Number(query.get('version_number') ?? 2);
    asked.push(`${decodeURIComponent(path)} ${query}`);
    const body =
      version === 1 ? { content: `${said}# before\n`, version_number: 1 } : { content: said, version_number: 2 };
    return { status, body: generation === 'v2' ? body : { content: said } };
  };
  return asked;
}

async function look(connector: LiveConnector, id: string): Promise<CatalogChange[]> {
  const pages: CatalogChange[] = [];
  for await (const page of connector.describe([id], signal)) pages.push(page);
  return pages;
}

const contentIn = (pages: readonly CatalogChange[]) =>
  pages.flatMap(({ entities = [] }) => entities.filter(({ id }) => id === job)).at(-1)?.facts?.content;

for (const generation of ['v1', 'v2'] as const) {
  describe(`Airflow ${generation === 'v2' ? '3' : '2'}`, () => {
    const file = generation === 'v2' ? 'live.py' : '/opt/airflow/dags/live.py';
    const version = generation === 'v2' ? 'DAG version 2' : undefined;

    test('a DAG on screen says what it runs; scans ask for nothing and forget nothing', async (context) => {
      const server = await recordedAirflow(context, generation);
      const asked = serving(server, generation);
      let clock = now;
      const { connector } = connected(server, { now: () => clock });
      await scanned(connector);
      assert.deepEqual(asked, []);
      const content = contentIn(await look(connector, job));
      assert.ok(content);
      assert.deepEqual(content, gitContent(text, { file: content.file, version, at: now }));
      assert.ok(content.file.endsWith(file.slice(file.lastIndexOf('/') + 1)));
      // The newest run has failed, so that it is told of, too: with the version that it ran.
      const both = ['/dagSources/churn_validate ', '/dagSources/churn_validate version_number=1'];
      assert.deepEqual(asked, generation === 'v2' ? both : ['/dagSources/a.token-of/the file ']);
      const many = asked.length;
      clock += minute;
      assert.deepEqual(contentIn(await look(connector, job)), content);
      const scan = await scanned(connector);
      assert.deepEqual(scan.entities.find(({ id }) => id === job)?.facts?.content, content);
      assert.equal(asked.length, many, 'asked for once in five minutes');
      clock += 5 * minute;
      assert.equal(contentIn(await look(connector, job))?.at, clock);
      assert.equal(asked.length, 2 * many);
      assert.ok(!JSON.stringify(scan).includes('# the DAG'), 'the text itself is not kept');
    });

    test('where it may not be read nothing is said, and it is not asked for again', async (context) => {
      const server = await recordedAirflow(context, generation);
      const asked = serving(server, generation, 403);
      const { connector, log } = connected(server);
      const pages = await look(connector, job);
      assert.equal(contentIn(pages), undefined);
      assert.ok(
        pages.some(({ entities = [] }) => entities.length > 1),
        'the rest is told',
      );
      const before = asked.length;
      await look(connector, job);
      assert.equal(asked.length, before);
      assert.ok(log.lines.some((line) => /the source of the DAG churn_validate is not handed out/.test(line)));
    });

    test('a failure of the moment costs nothing but the source, which is asked for at the next look', async (context) => {
      const server = await recordedAirflow(context, generation);
      const asked = serving(server, generation, 503);
      const { connector } = connected(server);
      const pages = await look(connector, job);
      assert.ok(pages.some(({ entities = [] }) => entities.length > 1));
      assert.equal(contentIn(pages), undefined);
      const before = asked.length;
      serving(server, generation);
      assert.ok(contentIn(await look(connector, job)));
      assert.ok(before > 0);
    });

    test('what is no text of a DAG is none', async (context) => {
      for (const said of [
        '',
        'REDACTED - you do not have read permission on all Dags in the file',
        'x'.repeat(2_000_000),
      ]) {
        const server = await recordedAirflow(context, generation);
        serving(server, generation, 200, said);
        assert.equal(contentIn(await look(connected(server).connector, job)), undefined);
      }
    });
  });
}

test('a run of Airflow 3 has the text of its version, and keeps it', async (context) => {
  const server = await recordedAirflow(context, 'v2');
  const asked = serving(server, 'v2');
  const { store } = CatalogStore.open(':memory:');
  const { connector } = connected(server, { catalog: store.snapshot() });
  const { runs } = await scanned(connector);
  const run = runs.find(({ of, parent }) => parent === undefined && of[0] === job);
  assert.ok(run && run.content === undefined);
  const pages = await look(connector, run.id);
  const told = pages.flatMap(({ runs: all = [] }) => all).find(({ id }) => id === run.id);
  assert.deepEqual(
    told?.content,
    gitContent(`${text}# before\n`, { file: 'live.py', version: 'DAG version 1', at: now }),
  );
  assert.deepEqual(asked, ['/dagSources/churn_validate version_number=1']);
  const identity = { name: 'flow', tool: 'airflow', scope: 'airflow://acme', kinds: connector.kinds };
  const written = store.writer().startScan(identity, now);
  for (const page of pages) written.apply(page);
  written.finish();
  const rescanned = (await scanned(connector)).runs;
  assert.deepEqual(rescanned.find(({ id }) => id === run.id)?.content, told?.content, 'a scan does not forget it');
  server.letIn = () => 'yes';
  const again = (await look(connected(server).connector, job))
    .flatMap(({ runs: all = [] }) => all)
    .find(({ id }) => id === run.id);
  assert.equal(again?.content, undefined, 'the newest version is not what it ran');
});
