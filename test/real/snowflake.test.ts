// fakesnow behind an adapter for the SQL API, filled by Snowflake's own connector: we see what that sees, sign as it signs, and read its file as it does.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CatalogStore } from '../../server/catalog/store.ts';
import { detectConnections } from '../../server/connections/detect.ts';
import { environmentSecret } from '../../server/connections/secrets.ts';
import { fingerprintOf, privateKeyOf, signed } from '../../server/connectors/snowflake/ask/keyPair.ts';
import type { Secret } from '../../server/protocol/connection.ts';
import type { User } from '../../server/world/user.ts';
import { snowflakeOver } from '../connectors/snowflake/connected.ts';
import { testFolder } from '../support/folder.ts';
import { snowflakeServer } from './snowflakeServer.ts';

const signal = new AbortController().signal;
const timeout = 300_000;

test('what Snowflake’s own connector sees in fakesnow, ours sees over the SQL API', { timeout }, async (t) => {
  const folder = testFolder(t);
  const now = Date.now();
  const { url, seen, user, privateKey, token } = await snowflakeServer(folder, (stop) => t.after(stop), {
    now,
    tables: 90,
  });
  const secret: Secret = { kind: 'basic', username: user, password: privateKey };
  const { store } = CatalogStore.open(':memory:');
  const over = (given: Secret, more = {}) =>
    snowflakeOver({ url }, given, { instance: 'acme-prod_eu', catalog: store.snapshot(), ...more });
  const { connector } = over(secret);
  const identity = { name: 'live', tool: 'snowflake', scope: connector.scope, kinds: connector.kinds };
  const scan = store.writer().startScan(identity, now, { coveredDecides: true });
  for await (const page of connector.scan(signal)) {
    assert.deepEqual(page.problems ?? [], []);
    scan.apply(page);
  }
  scan.finish();
  const catalog = store.snapshot();
  const lower = (name: unknown): string =>
    /^[A-Z0-9_]+$/.test(String(name)) ? String(name).toLowerCase() : `"${name}"`;

  await t.test('the same databases, tables, owners and rows, over several partitions', () => {
    assert.ok(seen.objects.length > 90);
    for (const one of seen.objects) {
      const id = `table:snowflake://acme-prod_eu/${[one.database_name, one.schema_name, one.name].map(lower).join('/')}`;
      const facts = catalog.facts(id);
      assert.deepEqual([facts.owner, facts.rows, facts.bytes], [one.owner, one.rows, one.bytes], id);
      assert.equal(facts.materialized, String(one.kind).toLowerCase());
    }
    assert.equal(catalog.covers('table', 'snowflake').covered, true);
  });

  await t.test('the same columns, by SHOW and, of what is on screen, by DESCRIBE', async () => {
    const id = 'table:snowflake://acme-prod_eu/prod/ml/churn_predictions';
    const expected = seen.described.map(({ name, type }) => [name, type]);
    const plain = (type = '') => type.replace(/^VARCHAR\(16777216\)$/, 'VARCHAR');
    const shown = catalog.facts(id).columns?.map(({ name, type }) => [name, plain(type)]);
    assert.deepEqual(
      shown,
      expected.map(([name, type]) => [name, plain(String(type))]),
    );
    const looked: unknown[] = [];
    for await (const page of connector.describe([id], signal))
      for (const entity of page.entities ?? [])
        if (entity.id === id) looked.push(entity.facts?.columns?.map(({ name, type }) => [name, type]));
    assert.deepEqual(looked, [expected]);
  });

  await t.test('what a query logged comes out of a table of events by our statement, and nothing else', async () => {
    const started = Date.parse('2026-11-23T11:00:00Z');
    const log = await connector.readLog?.(`events/01b2c3d4-0000-1111-0000-000000000009/${started}`, signal);
    // DuckDB leaves the quotes around a text in JSON, Snowflake takes them away.
    assert.deepEqual(log?.text.replaceAll('"', '').split('\n'), [
      '2026-11-23T11:00:00.000Z INFO score: scoring 4711 rows',
      '2026-11-23T11:00:01.000Z FATAL score: KeyError: tenure',
      'Traceback',
      '',
    ]);
  });

  await t.test('the key signs for the same names as theirs does', () => {
    const key = privateKeyOf(privateKey);
    const [, claims = ''] = signed(key, 'acme-prod_eu', user, now).split('.');
    const { iss, sub } = JSON.parse(Buffer.from(claims, 'base64url').toString('utf8'));
    assert.deepEqual({ iss, sub }, { iss: seen.claims.iss, sub: seen.claims.sub });
    assert.ok(iss.endsWith(fingerprintOf(key)));
  });

  await t.test('a token is taken as well, another key is refused in words', async () => {
    assert.match(
      await over({ kind: 'token', token }).connector.greet(signal),
      /^Snowflake 9\.40\.1 acme-prod_eu, as PLUMB, role READER, 2 warehouses seen, 1 awake/,
    );
    await assert.rejects(over({ kind: 'token', token: 'other' }).connector.greet(signal), { kind: 'unauthorized' });
    await assert.rejects(over({ ...secret, username: 'eve' }).connector.greet(signal), /live.*(401|JWT|sign in)/i);
  });

  await t.test(
    'their connections.toml names the same account to us, which has no password in its SQL API',
    async () => {
      const own: User = {
        home: folder.at('nobody'),
        platform: 'linux',
        variable: (name) => (name === 'SNOWFLAKE_HOME' ? folder.path : undefined),
      };
      const { unusable, connections } = await detectConnections(own, [], []);
      const [found] = connections.filter(({ config }) => config.tool === 'snowflake');
      assert.match(found?.config.url ?? '', /^http:\/\/127\.0\.0\.1:\d+$/);
      assert.deepEqual(
        [found?.config.instance, found?.hasSecret, found?.from],
        ['acme-prod_eu', false, 'connections.toml [fill]'],
      );
      assert.match(unusable.join(), /\[fill\] signs in by a password, which Snowflake's SQL API does not take/);
      folder.write(
        'connections.toml',
        `[fill]\naccount = "acme-prod_eu"\nuser = "plumb"\nhost = "127.0.0.1"\nport = ${new URL(url).port}\nprotocol = "http"\nauthenticator = "SNOWFLAKE_JWT"\nprivate_key_file = "${folder.at('rsa_key.p8')}"\n`,
      );
      const given = await environmentSecret(
        { name: 'live', tool: 'snowflake', url, credential: 'environment' },
        own,
        [],
      );
      assert.ok('secret' in given);
      assert.match(await over(given.secret).connector.greet(signal), /acme-prod_eu/);
    },
  );
});
