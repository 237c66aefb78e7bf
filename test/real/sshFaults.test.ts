// A host through a real sshd that misbehaves as hosts and login shells do: what was known stays, the reason says what to do, all comes back.
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, type TestContext, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { ssh } from '../../server/connectors/ssh/index.ts';
import type { ConnectionConfig } from '../../server/protocol/connection.ts';
import { LiveWindow } from '../support/liveWindow.ts';
import { quiet } from '../support/outgoing.ts';
import { SimulatedClock } from '../support/simulatedClock.ts';
import { tracked, type WatchedHost, watchedHost } from '../support/watchedSshd.ts';

const minute = 60_000;
const logs = 8;
let host: WatchedHost | undefined;

before(async () => {
  host = await watchedHost();
  const odd = path.join(host.world.folder, 'odd');
  mkdirSync(odd);
  const lines = ['81a4 NaN yesterday 7 /var/log/x.log', '81a4 1 1 1 /etc/passwd', '\u001b[31m81a4 1 1 1', ''];
  writeFileSync(path.join(odd, 'stat'), `#!/bin/sh\ncat <<'END'\n${lines.join('\n')}\nEND\n`, { mode: 0o755 });
  for (let n = 0; n < logs; n += 1) writeFileSync(path.join(host.logs, `score-${n}x.log`), 'one line\n');
});

after(() => host?.stop());

interface Row {
  readonly name: string;
  /** What the host does before, or instead of, what is asked for. */
  readonly line: string;
  readonly health: readonly string[];
  readonly says?: RegExp;
  /** Sessions at most in four minutes. */
  readonly most: number;
  /** Nothing comes, which is waited for in earnest. */
  readonly isSlow?: true;
}

const resting = 12;

const rows: readonly Row[] = [
  {
    name: 'a banner before every answer',
    line: 'echo "Welcome to worker. All is watched."',
    health: ['fresh'],
    most: 8,
  },
  { name: 'a banner of 100 KB', line: "head -c 100000 /dev/zero | tr '\\\\0' x; echo", health: ['fresh'], most: 8 },
  {
    name: 'a login shell that prints without end',
    line: "yes 'nobody asked for this'; exit 0",
    health: ['failing'],
    says: /answers what was not asked for.*must print nothing/,
    most: resting,
  },
  {
    name: 'garbage, and then nothing',
    line: 'head -c 200000 /dev/urandom; exit 0',
    health: ['failing'],
    says: /could not run a shell for us|ended/,
    most: resting,
  },
  {
    name: 'an end with 0 and without a word',
    line: 'exit 0',
    health: ['failing'],
    says: /could not run a shell for us \(code 0/,
    most: resting,
  },
  {
    name: 'no shell there',
    line: 'echo "This account is currently not available." >&2; exit 1',
    health: ['failing'],
    says: /could not run a shell for us \(code 1: This account is currently not available\.\)/,
    most: resting,
  },
  {
    name: 'command not found',
    line: 'echo "sh: not found" >&2; exit 127',
    health: ['failing'],
    says: /code 127/,
    most: resting,
  },
  {
    name: 'file transfer only',
    line: 'echo "This service allows sftp connections only."; echo "This service allows sftp connections only." >&2; exit 1',
    health: ['forbidden', 'failing'],
    says: /allows file transfer only.*Ask for an account with a shell/,
    most: resting,
  },
  {
    name: 'code 255, as ssh itself',
    line: 'exit 255',
    health: ['failing'],
    says: /ended|cannot be reached/,
    most: resting,
  },
  {
    name: 'the session is killed in the middle of an answer',
    line: 'printf "half an ans"; kill -9 $PPID',
    health: ['failing'],
    says: /watched/,
    most: resting,
  },
  {
    name: 'another program answers',
    line: 'while read -r any; do echo "login: "; done; exit 0',
    health: ['failing'],
    says: /has not answered for 30 s/,
    most: 3,
    isSlow: true,
  },
  {
    name: 'a listing of odd lines',
    line: 'PATH="$(dirname "$0")/odd:$PATH"; export PATH',
    health: ['fresh'],
    most: 8,
  },
];

interface Bench {
  readonly window: LiveWindow;
  readonly host: WatchedHost;
  readonly drop: () => void;
  known(): readonly string[];
}

async function arranged(context: TestContext): Promise<Bench> {
  assert.ok(host);
  const shared = host;
  shared.behave('');
  const { factory, isAsking, drop } = tracked(ssh);
  const config: ConnectionConfig = {
    ...{ name: 'first', tool: 'ssh', url: shared.url, logs: [`${shared.logs}/*.log`] },
    sshConfigFile: shared.world.configFile,
  };
  const window = new LiveWindow({
    ...{ file: ':memory:', clock: new SimulatedClock(Date.now()), config, connectors: [factory] },
    async quiet() {
      do {
        await quiet();
        if (isAsking()) await pause(2);
      } while (isAsking());
    },
  });
  context.after(() => window.close());
  await window.synced();
  assert.deepEqual([window.status?.health, window.status?.reason], ['fresh', undefined]);
  const id = 'host:ssh://watched/';
  window.side.attend({ focused: true, ids: [id] });
  const known = () => {
    const catalog = window.store.snapshot();
    const isThere = catalog.get(id)?.goneAt === undefined;
    return [...(isThere ? [id] : []), ...catalog.runs(id, { limit: 100 }).map((run) => run.id)];
  };
  return { window, host: shared, drop, known };
}

async function heals({ window, host, drop, known }: Bench, before: readonly string[]): Promise<void> {
  host.behave('');
  // What is open may have lasted, as it began.
  drop();
  const isWell = () => window.status?.health === 'fresh' && window.status.reason === undefined;
  for (let waited = 0; waited < 8 && !isWell(); waited += 1) await window.pass(minute);
  assert.deepEqual([window.status?.health, window.status?.reason], ['fresh', undefined], 'it comes back');
  assert.deepEqual([...known()].sort(), [...before].sort());
}

/** Four minutes of it; a host that says nothing is waited for in earnest, so of that only until it is noticed. */
async function suffers({ window }: Bench, { isSlow }: Row): Promise<void> {
  if (!isSlow) return window.pass(4 * minute);
  for (let waited = 0; waited < 48 && window.status?.health === 'fresh'; waited += 1) await window.pass(5_000);
}

for (const row of rows) {
  test(row.name, { timeout: 240_000 }, async (context) => {
    const bench = await arranged(context);
    const { window, drop } = bench;
    const before = bench.known();
    assert.equal(before.length, logs + 1);
    bench.host.began();
    bench.host.behave(row.line);
    drop();
    await suffers(bench, row);
    const { health = '', reason = '' } = window.status ?? {};
    assert.ok(row.health.includes(health), `health is ${health}: ${reason}`);
    if (row.says) assert.match(reason, row.says);
    if (health !== 'fresh') assert.match(reason, /^first: /, 'it names the connection');
    assert.doesNotMatch(reason, /[\u0000-\u001f\u007f]/, 'nothing of the host reaches a terminal as it is');
    assert.deepEqual([...bench.known()].sort(), [...before].sort(), 'what was known stays');
    const began = bench.host.began();
    assert.ok(began > 0 && began <= row.most, `${began} sessions`);
    await heals(bench, before);
  });
}

test('ten minutes of every fault at random: nothing is lost, nobody is bothered, all comes back', {
  timeout: 240_000,
}, async (context) => {
  const bench = await arranged(context);
  const before = bench.known();
  const usable = rows.filter(({ isSlow }) => !isSlow).map(({ line }) => line);
  // The same numbers in every run.
  let state = 20_261_123;
  const random = () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return state / 2 ** 31;
  };
  bench.host.began();
  for (let second = 0; second < 600; second += 10) {
    bench.host.behave(random() < 0.5 ? '' : (usable[Math.floor(random() * usable.length)] ?? ''));
    bench.drop();
    await bench.window.pass(10_000);
  }
  const began = bench.host.began();
  assert.ok(began > 5 && began <= 60, `${began} sessions in ten minutes`);
  assert.deepEqual([...bench.known()].sort(), [...before].sort());
  await heals(bench, before);
});
