// What the Connections view says of a connection, in each of its states.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { toolTitles } from '../../../extension/connections/guided/address.ts';
import { inTrouble, lines, lookOf, looks, shortly, summary, told } from '../../../extension/connections/words.ts';
import type { ConnectionStatus } from '../../../server/protocol/connection.ts';

const now = 1_700_000_000_000;
const calm: ConnectionStatus = {
  name: 'tracking',
  tool: 'mlflow',
  url: 'https://mlflow.acme.com/prod',
  scope: 'mlflow://mlflow.acme.com%2Fprod',
  environment: 'prod',
  health: 'fresh',
  paused: false,
  scannedAt: now - 125_000,
  entities: 1234,
  requestsLastHour: 1,
  nextAt: now + 30_000,
  needsSecret: false,
};

test('a calm one: environment, health, age, counts, where', () => {
  assert.equal(summary(calm, now), 'prod · fresh, read 2 minutes ago');
  assert.deepEqual(
    lines(calm, now).map(({ text }) => text),
    [
      'Read 2 minutes ago, again in 30 s',
      '1,234 entities known of it',
      '1 request in the last hour',
      'mlflow://mlflow.acme.com%2Fprod',
      'https://mlflow.acme.com/prod',
    ],
  );
});

test('what is wrong comes first, and to a screen reader too', () => {
  const failing: ConnectionStatus = {
    ...calm,
    health: 'failing',
    reason: 'tracking: it refuses. Start it.',
    nextAt: undefined,
  };
  assert.equal(lines(failing, now)[0]?.text, 'It refuses. Start it.');
  assert.match(told(failing, now), /^tracking, MLflow, prod · failing, read 2 minutes ago\nIt refuses\. Start it\./);
  assert.equal(shortly(failing, now), 'tracking: prod · failing, read 2 minutes ago. It refuses. Start it.');
});

test('paused counts before signed out, and that before the health', () => {
  const out: ConnectionStatus = { ...calm, health: 'forbidden', needsSecret: true };
  assert.equal(lookOf(out), 'signIn');
  assert.equal(lookOf({ ...out, paused: true }), 'paused');
  assert.equal(looks[lookOf(calm)].words, 'fresh');
});

test('trouble is what someone has to do something about', () => {
  const all: readonly ConnectionStatus[] = [
    calm,
    { ...calm, health: 'stale' },
    { ...calm, health: 'never' },
    { ...calm, health: 'failing' },
    { ...calm, health: 'failing', paused: true },
    { ...calm, health: 'forbidden' },
    { ...calm, needsSecret: true },
  ];
  assert.deepEqual(
    inTrouble(all).map((one) => lookOf(one)),
    ['failing', 'forbidden', 'signIn'],
  );
});

test('whoever looks for a tool finds its name: in the empty views, the walkthrough and README', () => {
  const read = (name: string): string => readFileSync(new URL(`../../../${name}`, import.meta.url), 'utf8');
  const nls: Readonly<Partial<Record<string, string>>> = JSON.parse(read('package.nls.json'));
  const places = {
    'the empty Connections view': nls['welcome.connections'],
    'the empty Incidents view': nls['welcome.noSources'],
    'the walkthrough': nls['walkthrough.connect.description'],
    'the page of the walkthrough': read('extension/media/walkthrough/connect.md'),
    README: read('README.md'),
  };
  for (const [place, text] of Object.entries(places))
    for (const title of Object.values(toolTitles)) {
      const word = title.replace(/ (?:host|events in S3)$/, '');
      assert.ok(text?.includes(word), `${place} does not name ${word}`);
    }
});
