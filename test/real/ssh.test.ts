// A real sshd, asked by the real ssh: logs by patterns and ranges, rotation, a jump host, and every way in which it refuses.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  closeSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  truncateSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { freePort } from '../../scripts/live/programs.mjs';
import type { CatalogChange } from '../../server/catalog/change.ts';
import { parseRemoteLog } from '../../server/catalog/run.ts';
import { CatalogStore } from '../../server/catalog/store.ts';
import type { LiveConnector, LiveHost, Log } from '../../server/connectors/connector.ts';
import { HttpError } from '../../server/connectors/httpError.ts';
import { ssh } from '../../server/connectors/ssh/index.ts';
import { logKey } from '../../server/connectors/ssh/logKey.ts';
import type { ConnectionConfig } from '../../server/protocol/connection.ts';
import { sshTarget } from '../../server/protocol/sshHost.ts';
import { LiveScan } from '../../server/sync/live/liveScan.ts';
import { startSsh } from '../../server/world/ssh.ts';
import { type Sshd, type SshWorld, sshWorld } from '../support/sshd.ts';

const log: Log = { error: () => {}, warn: () => {}, info: () => {}, debug: () => {} };
const signal = AbortSignal.timeout(120_000);
const hour = 3_600_000;
const began = Date.UTC(2026, 10, 20, 2, 0, 0);

let world: SshWorld;
let worker: Sshd;
let jump: Sshd;
let folder: string;
const open: LiveConnector[] = [];

before(async () => {
  world = sshWorld();
  [worker, jump] = await Promise.all([world.start('worker'), world.start('jump')]);
  folder = path.join(world.folder, 'logs');
  mkdirSync(folder);
  world.knownHosts(
    [
      `worker ${world.publicKey('host_worker')}`,
      `jump ${world.publicKey('host_jump')}`,
      `changed ${world.publicKey('other')}`,
    ].join('\n'),
  );
  const at = (sshd: Sshd): string => `  HostName 127.0.0.1\n  Port ${sshd.port}\n`;
  world.configure(
    [
      `Host worker\n${at(worker)}  HostKeyAlias worker\n`,
      `Host jump\n${at(jump)}  HostKeyAlias jump\n`,
      `Host behind\n${at(worker)}  HostKeyAlias worker\n  ProxyJump jump\n`,
      `Host behindWrong\n${at(worker)}  HostKeyAlias worker\n  ProxyJump wrong\n`,
      `Host changed\n${at(worker)}  HostKeyAlias changed\n`,
      `Host fresh\n${at(worker)}  HostKeyAlias fresh\n`,
      `Host wrong\n${at(worker)}  HostKeyAlias worker\n  IdentityFile ${world.key('stranger')}`,
      `Host agented\n${at(worker)}  HostKeyAlias worker\n  IdentitiesOnly no\n  IdentityFile none\n`,
      'Host nowhere\n  HostName host.invalid\n',
      'Host refusing\n  HostName 127.0.0.1\n  Port 1\n',
    ].join('\n'),
  );
});

after(() => {
  for (const connector of open) connector.dispose?.();
  world.stop();
});

interface Timing {
  readonly connectMs?: number;
  readonly aliveMs?: number;
}

/** `told`: what the host is told goes there too. */
function connected(name: string, timing: Timing = {}, told: string[] = []): LiveConnector {
  const url = `ssh://${name}`;
  const config: ConnectionConfig = {
    name: `logs of ${name}`,
    tool: 'ssh',
    url,
    logs: [`${folder}/*.log`],
    sshConfigFile: world.configFile,
  };
  const target = sshTarget(url);
  assert.ok(target);
  const host: LiveHost = {
    fetch: () => Promise.reject(new Error('not over HTTP')),
    secret: async () => undefined,
    skewMs: 0,
    remote: (command) => {
      const talk = startSsh({ target, configFile: world.configFile, ...timing }, command);
      const write = (text: string): void => {
        told.push(text);
        talk.write(text);
      };
      return { ...talk, write };
    },
    log,
    now: () => began + 24 * hour,
  };
  const connector = ssh.connect?.(config, host);
  assert.ok(connector);
  open.push(connector);
  return connector;
}

async function scanned(connector: LiveConnector) {
  const pages: CatalogChange[] = [];
  for await (const page of connector.scan(signal)) pages.push(page);
  return {
    runs: pages.flatMap(({ runs = [] }) => runs),
    entities: pages.flatMap(({ entities = [] }) => entities),
    problems: pages.flatMap(({ problems = [] }) => problems),
  };
}

function line(at: number, words: string): string {
  return `${new Date(at).toISOString().replace('T', ' ').replace('Z', '+0000').replace('.', ',')} INFO churn: ${words}\n`;
}

function write(name: string, text: string | Uint8Array, at: number): void {
  writeFileSync(path.join(folder, name), text);
  utimesSync(path.join(folder, name), at / 1000, at / 1000);
}

/** Six hours of a line each minute. */
function sixHours(from: number): string {
  return Array.from({ length: 360 }, (_, minute) =>
    line(from + minute * 60_000, `minute ${minute} ${'x'.repeat(300)}`),
  ).join('');
}

async function whole({ logs }: LiveConnector, key: string): Promise<string> {
  const stat = await logs?.stat(key, signal);
  return Buffer.from((await logs?.readRange(key, 0, stat?.size ?? 0, signal)) ?? []).toString();
}

const keyOf = (name: string): string => logKey({ file: path.join(folder, name) });

describe('a host with its key', () => {
  test('its logs stand with what rotation made of them; odd names are counted and left out', async () => {
    write('score.log', line(began, 'now'), began + 3 * hour);
    write('score.log.1', line(began, 'before'), began + 2 * hour);
    write('score.log.2.gz', gzipSync(line(began, 'long ago')), began + hour);
    write('fit.log', 'no time here\n', began);
    write('odd $(touch x) name.log', 'x', began);
    write('line\nbreak.log', 'x', began);
    mkdirSync(path.join(folder, 'folder.log'), { recursive: true });
    const connector = connected('worker');
    const { runs, entities, problems } = await scanned(connector);
    const found = runs.map((run) => [path.basename(run.name), ...run.logs.map(({ title }) => path.basename(title))]);
    assert.deepEqual(found.sort(), [
      ['fit.log', 'fit.log'],
      ['score.log', 'score.log.2.gz', 'score.log.1', 'score.log'],
    ]);
    assert.equal(entities[0]?.id, 'host:ssh://worker/');
    assert.ok(problems.some(({ message }) => /have unusual names and are left out/.test(message)));
    const key = parseRemoteLog(runs.find(({ name }) => name.endsWith('score.log'))?.logs[0]?.file ?? '')?.key ?? '';
    assert.match(await whole(connector, key), /long ago\n$/);
    assert.match(await connector.greet(signal), /^Linux \S+, 2 logs/);
  });

  test('ranges, the end, and what lies behind it', async () => {
    write('fit.log', 'one\ntwo\nthree\n', began);
    const { logs } = connected('worker');
    const read = async (from: number, length: number) =>
      Buffer.from((await logs?.readRange(keyOf('fit.log'), from, length, signal)) ?? []).toString();
    assert.equal((await logs?.stat(keyOf('fit.log'), signal))?.size, 14);
    assert.equal(await read(4, 3), 'two');
    assert.equal(await read(8, 1000), 'three\n');
    assert.equal(await read(14, 10), '');
    assert.equal(await read(99, 10), '');
    assert.equal(await logs?.stat(keyOf('none.log'), signal), undefined);
  });

  test('any bytes come through as they are, also what looks like the end of an answer', async () => {
    const bytes = Buffer.from(Array.from({ length: 70_000 }, (_, at) => (at * 7919) % 256));
    write('fit.log', Buffer.concat([bytes, Buffer.from(`\n${'0'.repeat(32)} 0\n`)]), began);
    const { logs } = connected('worker');
    const read = Buffer.from((await logs?.readRange(keyOf('fit.log'), 0, 100_000, signal)) ?? []);
    assert.ok(read.subarray(0, 70_000).equals(bytes));
    assert.equal(read.length, 70_000 + 36);
  });

  test('a search is made where the log lies', async () => {
    write('score.log', `${'quiet\n'.repeat(200_000)}$(touch x) "ERROR'\nafter ERROR\n`, began);
    write('packed.log.gz', gzipSync(`${'quiet\n'.repeat(1000)}ERROR\n`), began);
    const { logs } = connected('worker');
    const find = (name: string, words: readonly string[], from = 0, to?: number) =>
      logs?.search?.(keyOf(name), { words, from, ...(to !== undefined && { to }) }, signal);
    assert.equal(await find('score.log', ['FATAL', 'ERROR']), 1_200_000);
    assert.equal(await find('score.log', ['$(touch x) "ERROR\'']), 1_200_000);
    assert.equal(await find('score.log', ['ERROR'], 1_200_019), 1_200_019);
    assert.equal(await find('score.log', ['ERROR'], 0, 1_200_000), undefined);
    assert.equal(await find('packed.log.gz', ['ERROR']), 6000);
    assert.equal(await find('score.log', ['not there', '; touch /tmp/x']), undefined);
  });

  test('a long log is searched in parts at once: the first line is found, and what is asked next is answered', async () => {
    const line = 100;
    const lines = 2_000_000;
    const block = Buffer.from(`${'quiet'.padEnd(line - 1)}\n`.repeat(10_000));
    const file = path.join(folder, 'long.log');
    const handle = openSync(file, 'w');
    for (let written = 0; written < lines / 10_000; written += 1) writeSync(handle, block);
    const put = (at: number, word: string) => writeSync(handle, `${word.padEnd(line - 1)}\n`, at * line);
    const { logs } = connected('worker');
    const find = (from = 0, to?: number) =>
      logs?.search?.(keyOf('long.log'), { words: ['FATAL', 'ERROR'], from, ...(to !== undefined && { to }) }, signal);
    try {
      assert.equal(await find(), undefined);
      // A border between two parts is at a quarter, a third or a half: a line there, and one behind.
      for (const at of [1_900_000, 1_500_000, 1_000_000, 666_667, 500_000, 7]) {
        put(at, 'an ERROR');
        assert.equal(await find(), at * line);
        assert.equal((await logs?.readRange(keyOf('long.log'), at * line, 8, signal))?.length, 8);
      }
      assert.equal(await find(8 * line), 500_000 * line);
      assert.equal(await find(600_000 * line, 666_667 * line), undefined);
      assert.equal(await find(700_000 * line, 1_400_000 * line), 1_000_000 * line);
    } finally {
      closeSync(handle);
      rmSync(file);
    }
  });

  test('of a log around the time of a run only that time is read, also from its rotated part', async () => {
    write('score.log', sixHours(began + 6 * hour), began + 12 * hour);
    write('score.log.1', sixHours(began), began + 6 * hour);
    const connector = connected('worker');
    const around = (from: number, to: number) =>
      whole(connector, logKey({ log: path.join(folder, 'score.log'), since: began + from, until: began + to }));
    const late = await around(7 * hour, 7 * hour + 120_000);
    assert.deepEqual(late.match(/minute \d+/g), ['minute 60', 'minute 61', 'minute 62']);
    const early = await around(hour, hour + 60_000);
    assert.deepEqual(early.match(/minute \d+/g), ['minute 60', 'minute 61']);
  });

  test('a log that grows is followed, one that was rotated is another one', async () => {
    write('grow.log', 'one\n', began);
    const { logs } = connected('worker');
    const first = await logs?.stat(keyOf('grow.log'), signal);
    appendFileSync(path.join(folder, 'grow.log'), 'two\n');
    const second = await logs?.stat(keyOf('grow.log'), signal);
    assert.deepEqual([first?.size, second?.size, first?.identity === second?.identity], [4, 8, true]);
    renameSync(path.join(folder, 'grow.log'), path.join(folder, 'grow.log.1'));
    write('grow.log', 'new\n', began);
    assert.notEqual((await logs?.stat(keyOf('grow.log'), signal))?.identity, first?.identity);
    truncateSync(path.join(folder, 'grow.log'));
    assert.equal((await logs?.stat(keyOf('grow.log'), signal))?.size, 0);
  });

  test('what no pattern covers is not read, however it is spelt', async () => {
    const { logs } = connected('worker');
    for (const file of [
      '/etc/passwd',
      `${folder}/../user`,
      `${folder}/x;id.log`,
      `${folder}/a\nstat`,
      'fit.log',
      '~/x.log',
    ])
      await assert.rejects(
        async () => logs?.stat(JSON.stringify({ file }), signal),
        /has no log|none of its path patterns covers/,
        file,
      );
    await assert.rejects(async () => logs?.stat('no key', signal), /has no log "no key"/);
  });

  test('two who ask at once get their own answers; who gives up does not disturb the next one', async () => {
    write('fit.log', 'one\ntwo\n', began);
    const { logs } = connected('worker');
    const read = (from: number, by = signal) =>
      logs?.readRange(keyOf('fit.log'), from, 3, by).then((bytes) => Buffer.from(bytes).toString());
    const given = new AbortController();
    const answers = Promise.all([read(0), read(4)]);
    const stopped = assert.rejects(async () => read(0, given.signal), /enough/);
    given.abort(new Error('enough'));
    assert.deepEqual(await answers, ['one', 'two']);
    await stopped;
    assert.ok(await read(0));
  });
});

test('through a jump host', async () => {
  const { runs } = await scanned(connected('behind'));
  assert.ok(runs.length > 0);
});

test('with a key that only the agent has', async (t) => {
  const socket = path.join(world.folder, 'agent');
  const said = spawnSync('ssh-agent', ['-s', '-a', socket], { encoding: 'utf8' }).stdout;
  const before = process.env.SSH_AUTH_SOCK;
  process.env.SSH_AUTH_SOCK = socket;
  t.after(() => {
    if (before === undefined) delete process.env.SSH_AUTH_SOCK;
    else process.env.SSH_AUTH_SOCK = before;
    process.kill(Number(/AGENT_PID=(\d+)/.exec(said)?.[1]));
  });
  await assert.rejects(scanned(connected('agented')), /agented refused your keys/);
  spawnSync('ssh-add', ['-q', world.key('user')]);
  assert.ok((await scanned(connected('agented'))).runs.length > 0);
});

describe('as the sync asks', () => {
  test('one listing for each pattern, however many files there are, over one connection', async () => {
    const told: string[] = [];
    const connector = connected('worker', {}, told);
    await scanned(connector);
    for (let number = 0; number < 250; number++) write(`many-${number}x.log`, 'x', began);
    const { runs, problems } = await scanned(connector);
    assert.equal(runs.length, 200);
    assert.ok(problems.some(({ message }) => /cover \d+ logs; 200 are kept/.test(message)));
    assert.deepEqual(
      told.map((text) => text.split('\n')[0]?.replace(/^[0-9a-f]{32}$/, 'hello')),
      ['hello', 'list', 'list'],
    );
    for (let number = 0; number < 1000; number++) write(`more-${number}x.log`, 'x', began);
    const many = await scanned(connector);
    assert.ok(many.problems.some(({ message }) => /covers more than 1,000 files/.test(message)));
    for (let number = 0; number < 1000; number++) rmSync(path.join(folder, `more-${number}x.log`));
    for (let number = 0; number < 250; number++) rmSync(path.join(folder, `many-${number}x.log`));
  });

  test('a host that goes away keeps what is known of it, and says why; it is well again when it comes back', async () => {
    const [name, port] = ['gone', await freePort()];
    let server = await world.start(name, port);
    world.knownHosts(`[127.0.0.1]:${port} ${world.publicKey('host_gone')}`);
    const connector = connected(`127.0.0.1:${port}`);
    const { store } = CatalogStore.open(':memory:');
    const scan = new LiveScan({ connector, store, now: () => began, log });
    const state = () => {
      const catalog = store.snapshot();
      const { health, reason } = catalog.sources()[0] ?? {};
      const id = `host:${connector.scope}/`;
      return { health, reason, isThere: catalog.get(id)?.goneAt === undefined, runs: catalog.runs(id).length };
    };
    await scan.scan(true, hour, signal);
    const before = state();
    assert.ok(before.runs > 0);
    server.end();
    connector.dispose?.();
    await assert.rejects(scan.scan(true, hour, signal), /cannot be reached/);
    const { health, reason, isThere, runs } = state();
    assert.deepEqual([health, isThere, runs], ['failing', true, before.runs]);
    assert.match(reason ?? '', /^logs of 127\.0\.0\.1:\d+: 127\.0\.0\.1 cannot be reached/);
    server = await world.start(name, port);
    await scan.scan(true, hour, signal);
    assert.equal(state().health, before.health);
  });
});

describe('the command line', () => {
  const run = (name: string, ...words: readonly string[]) => {
    const file = path.join(world.folder, `connections-${name}.json`);
    const one = { name: `logs of ${name}`, tool: 'ssh', url: `ssh://${name}`, logs: [`${folder}/*.log`] };
    writeFileSync(file, JSON.stringify([{ ...one, sshConfigFile: world.configFile }]));
    const cli = path.join(import.meta.dirname, '../../server/cli.ts');
    const all = [cli, ...words, '--connections', file, '--workspace', folder];
    const { status, stdout } = spawnSync(process.execPath, all, { encoding: 'utf8', cwd: folder });
    return { status, stdout };
  };

  test('doctor tells what it would find, and what is wrong', () => {
    const good = run('worker', 'doctor');
    assert.equal(good.status, 0, good.stdout);
    assert.match(good.stdout, /[✓!] logs of worker: ssh at ssh:\/\/worker.*\n.*Linux \S+, \d+ logs/);
    assert.match(good.stdout, /ok\s+ssh greeting\s+1 asked[\s\S]*ok\s+ssh list\s+\d+ asked/);
    const bad = run('changed', 'doctor');
    assert.equal(bad.status, 3);
    assert.match(bad.stdout, /✗ logs of changed[\s\S]*another one than your known_hosts has/);
    assert.match(bad.stdout, /tls\s+ssh greeting/);
  });

  test('the log of a host is shown at the line that matters', () => {
    const trouble = '2026-11-20 02:00:06,001 ERROR churn.score: column tenure is missing\n';
    write('trouble.log', `${'2026-11-20 02:00:05,123 INFO churn: fine\n'.repeat(100)}${trouble}`, began);
    const id = `run:ssh://worker${folder}/trouble.log`;
    const { status, stdout } = run('worker', 'logs', id, '--sync');
    assert.equal(status, 0, stdout);
    assert.match(stdout, /\n> 2026-11-20 02:00:06,001 ERROR churn\.score: column tenure is missing/);
  });
});

describe('refusals are said with the host and the next step', () => {
  const refused = async (name: string, kind: string, ...words: readonly RegExp[]): Promise<void> => {
    const error = await scanned(connected(name, { connectMs: 2_000 })).then(
      () => undefined,
      (error: unknown) => error,
    );
    assert.ok(error instanceof HttpError, String(error));
    assert.equal(error.kind, kind, error.message);
    assert.ok(error.message.startsWith(`logs of ${name}: `), error.message);
    for (const pattern of words) assert.match(error.message, pattern);
  };

  test('a wrong key', () =>
    refused('wrong', 'unauthorized', /wrong refused your keys/, /Run "ssh wrong" once/, /ssh-add/));
  test('a host key that has changed', () =>
    refused('changed', 'tls', /key of the host changed is another one/, /ssh-keygen -R '?changed/, /nothing was sent/));
  test('a host key that nobody knows yet', () =>
    refused('fresh', 'tls', /does not have the key of the host fresh yet/, /answer yes/));
  test('a jump host that refuses is the one that is named', () =>
    refused('behindWrong', 'unauthorized', /refused your keys/, /ssh-add/));
  test('a host without a name', () => refused('nowhere', 'unreachable', /nobody knows a host/));
  test('a port where nobody listens', () =>
    refused('refusing', 'unreachable', /cannot be reached/, /Connection refused/));
});

describe('a stalled host', () => {
  test('before it has greeted: given up after the time to connect', async () => {
    const stalled = await world.start('stalled');
    world.knownHosts(`[127.0.0.1]:${stalled.port} ${world.publicKey('host_stalled')}`);
    stalled.freeze(true);
    const from = performance.now();
    await assert.rejects(scanned(connected(`127.0.0.1:${stalled.port}`, { connectMs: 1_000 })), (error: HttpError) => {
      assert.equal(error.kind, 'timeout', error.message);
      assert.match(error.message, /did not answer in time/);
      return true;
    });
    assert.ok(performance.now() - from < 10_000);
    stalled.freeze(false);
  });

  test('in the middle of an answer: given up after three silences, and well again afterwards', async () => {
    write('fit.log', 'one\n', began);
    const connector = connected('worker', { aliveMs: 1_000 });
    assert.equal((await connector.logs?.stat(keyOf('fit.log'), signal))?.size, 4);
    worker.freeze(true);
    await assert.rejects(
      async () => connector.logs?.stat(keyOf('fit.log'), signal),
      (error: HttpError) => {
        assert.equal(error.kind, 'timeout', error.message);
        assert.match(error.message, /logs of worker: worker .*(?:stopped answering|has not answered)/);
        return true;
      },
    );
    worker.freeze(false);
    assert.equal((await connector.logs?.stat(keyOf('fit.log'), signal))?.size, 4);
  });
});
