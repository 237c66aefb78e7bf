// Names: what may stand on a command line of ssh, what may be asked for on a host, and what a host may call its files.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { parseConnections } from '../../../server/connections/parse.ts';
import { readListing } from '../../../server/connectors/ssh/files.ts';
import { globMatches, isCovered, isPlainPath, unrotated } from '../../../server/connectors/ssh/patterns.ts';
import { questionLines, remoteCommand } from '../../../server/connectors/ssh/script.ts';
import { patternMistake, sshTarget } from '../../../server/protocol/sshHost.ts';
import { sshArguments } from '../../../server/world/ssh.ts';

describe('hosts', () => {
  test('as they are typed after ssh', () => {
    assert.deepEqual(sshTarget('ssh://worker-1'), { host: 'worker-1' });
    assert.deepEqual(sshTarget('ssh://ana@10.0.1.7:2222/'), { user: 'ana', host: '10.0.1.7', port: 2222 });
    assert.deepEqual(sshTarget('ssh://[::1]:22'), { host: '::1', port: 22 });
  });

  test('nothing that a shell, ssh or a ProxyCommand could take for something else', () => {
    const bad = [
      'ssh://-oProxyCommand=id',
      'ssh://a;id',
      'ssh://$(id)',
      'ssh://`id`',
      'ssh://a b',
      "ssh://a'b",
      'ssh://a|b',
      'ssh://-la@host',
      'ssh://$(id)@host',
      'ssh://a\nb',
      'ssh://',
      'ssh://h:0',
      'ssh://h:99999',
      'ssh://h/path',
      'http://h',
    ];
    for (const url of bad) assert.equal(sshTarget(url), undefined, url);
  });

  test('whatever is typed: the host is the last but one argument, behind --, and never looks like an option', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.webUrl()), (text) => {
        const target = sshTarget(`ssh://${text}`);
        if (!target) return;
        const all = sshArguments({ target }, remoteCommand);
        assert.deepEqual(all.slice(-3), ['--', target.host, remoteCommand]);
        assert.match(target.host, /^[^-\s'"`$;&|<>(){}\\][^\s'"`$;&|<>(){}\\]*$/);
      }),
    );
  });

  test('nobody is asked, nothing is forwarded, nothing is shared', () => {
    const all = sshArguments({ target: { host: 'h', user: 'ana', port: 2222 }, configFile: '/c' }, 'true').join(' ');
    for (const part of ['-F /c', 'BatchMode=yes', 'ConnectTimeout=10', 'ServerAliveInterval=5', 'ForwardAgent=no'])
      assert.ok(all.includes(part), part);
    for (const part of ['ControlMaster=no', 'ControlPath=none', 'ClearAllForwardings=yes', '-l ana', '-p 2222'])
      assert.ok(all.includes(part), part);
    assert.throws(() => sshArguments({ target: { host: '-oProxyCommand=id' } }, 'true'), /no name of a host/);
  });
});

describe('path patterns', () => {
  test('are whole paths without surprises', () => {
    for (const good of [
      '/var/log/churn/*.log',
      '~/logs/[a-c]?.log',
      '/data/runs/2026-11-20/stderr',
      '/srv/app@1,2+3=4:5%.log',
    ])
      assert.equal(patternMistake(good), undefined, good);
    for (const bad of [
      'logs/*.log',
      '/var/../etc/*',
      '/var/log/$(id)',
      '/var/log/a b',
      '/*',
      '/',
      '/[ab]/x',
      '/var/log/a;id',
      '~root/x',
      "/var/'x",
      '/var/log/{a,b}',
      '/var/log/!x',
    ])
      assert.notEqual(patternMistake(bad), undefined, bad);
  });

  test('match as a shell does, in time that grows with the text', () => {
    assert.ok(globMatches('/var/log/*.log', '/var/log/a.log'));
    assert.ok(!globMatches('/var/log/*.log', '/var/log/sub/a.log'));
    assert.ok(!globMatches('/var/log/*.log', '/var/log/.hidden.log'));
    assert.ok(globMatches('/l/[a-c]?.log', '/l/bx.log'));
    assert.ok(!globMatches('/l/[a-c]?.log', '/l/dx.log'));
    const began = performance.now();
    assert.ok(!globMatches(`/l/${'*a'.repeat(100)}b`, `/l/${'a'.repeat(400)}`));
    assert.ok(performance.now() - began < 500);
  });

  test('cover what rotation makes of a log, and nothing beside it', () => {
    const patterns = ['/var/log/app.log', '~/jobs/*.out'];
    for (const path of [
      '/var/log/app.log',
      '/var/log/app.log.1',
      '/var/log/app.log.2.gz',
      '/var/log/app.log-20261120.gz',
      '/home/ana/jobs/fit.out.3',
    ])
      assert.ok(isCovered(path, patterns, '/home/ana'), path);
    for (const path of [
      '/var/log/app.log.old',
      '/var/log/app.log.1.sh',
      '/var/log/other.log',
      '/var/log/../app.log',
      '/home/bob/jobs/fit.out',
      '/var/log/app.log.1\nx',
    ])
      assert.ok(!isCovered(path, patterns, '/home/ana'), path);
    assert.equal(unrotated('/var/log/app.log-20261120.gz'), '/var/log/app.log');
    assert.equal(unrotated('/var/log/app.log'), '/var/log/app.log');
  });

  test('names that a host tells are used only when they are plain and covered', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' })), (names) => {
        const text = names.map((name) => `81a4 1 1 1 /var/log/${name}\n`).join('');
        for (const { path } of readListing(text, ['/var/log/*'], '/').files) assert.ok(isPlainPath(path));
      }),
    );
    const { files, leftOut } = readListing(
      '81a4 5 100 7 /var/log/a.log\n41ed 5 100 7 /var/log/d.log\n81a4 5 100 7 /etc/shadow\n81a4 x /var/log/b.log\n',
      ['/var/log/*.log'],
      '/',
    );
    assert.deepEqual(files, [{ path: '/var/log/a.log', size: 5, modifiedAt: 100_000, identity: '7' }]);
    assert.equal(leftOut, 1);
  });
});

describe('the script', () => {
  test('goes through any login shell as one argument', () => {
    const inside = remoteCommand.slice("exec /bin/sh -c '".length, -1);
    assert.doesNotMatch(inside, /['!\n]/);
    assert.doesNotMatch(inside, /\\(?![n])/);
  });

  test('changes nothing: of programs it runs only those that read', () => {
    const verbs = remoteCommand
      .match(/(?:^|[;|({]|\bdo\b|\bthen\b|\belse\b|&&|\|\|)\s*([a-z][a-z0-9]+)/g)
      ?.map((one) => one.replace(/^\W*(?:(?:do|then|else)\b)?\s*/, ''));
    const known =
      /^(?:sh|exec|exit|list|count|range|find|export|read|printf|stat|tail|head|grep|gzip|command|uname|date|while|if|case|esac|done|fi|elif|else|then|do|set|unset|wc|hunt|wait|dd|nproc|continue)$/;
    assert.deepEqual(
      [...new Set(verbs)].filter((verb) => verb !== '' && !known.test(verb)),
      [],
    );
    // It moves to a place of an open file and copies nothing.
    for (const [use] of remoteCommand.matchAll(/\bdd [^;&]*/g))
      assert.match(use, /^dd bs=1 (?:skip="\$[ae]" )?count=0 </);
    assert.doesNotMatch(
      remoteCommand.replaceAll('2>/dev/null', '').replaceAll('>/dev/null', '').replaceAll('2>&1', ''),
      />/,
    );
  });

  test('gets lines, and a line break in one is not sent', () => {
    assert.equal(questionLines({ ask: 'range', path: '/a', offset: 0, length: 5 }), 'range\n/a\n1\n5\n');
    assert.throws(() => questionLines({ ask: 'stat', path: '/a\nrange' }), /not sent/);
    assert.throws(() => questionLines({ ask: 'find', path: '/a', from: 0, words: ['a\nb'] }), /not sent/);
  });
});

test('a host in connections.json: its mistakes are named', () => {
  const read = (entry: object) => parseConnections([{ name: 'w', tool: 'ssh', ...entry }], 'here');
  const good = { url: 'ssh://worker-1', logs: ['/var/log/churn/*.log'], sshConfigFile: '/home/ana/other' };
  assert.deepEqual(read(good), { connections: [{ name: 'w', tool: 'ssh', ...good }], problems: [] });
  const said = (entry: object): string => read(entry).problems.join('\n');
  assert.match(said({ url: 'worker-1' }), /must begin with ssh:\/\/; write "ssh:\/\/worker-1"/);
  assert.match(said({ url: 'ssh://-oProxyCommand=id' }), /no host that ssh accepts/);
  assert.match(said({ url: 'ssh://h', logs: ['*.log'] }), /begins at the root or the home folder/);
  assert.match(said({ url: 'ssh://h', logs: '/var/log/x' }), /must be a list/);
  assert.match(said({ url: 'ssh://h', logs: ['/var/$(id)/x'] }), /no blanks and no quotes/);
  const other = parseConnections([{ name: 'm', tool: 'mlflow', url: 'http://h', logs: ['/x'] }], 'here');
  assert.match(other.problems.join(), /"logs" is a thing of hosts/);
});
