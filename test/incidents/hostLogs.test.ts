// Host logs: a run is shown what the logs of its host held while it ran, and nothing of other hosts or other times.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseRemoteLog, type Run, remoteLog } from '../../server/catalog/run.ts';
import { logKey } from '../../server/connectors/ssh/logKey.ts';
import { withHostLogs } from '../../server/incidents/hostLogs.ts';
import { fixtureCatalog, fixtureNow } from '../support/catalog.ts';

const address = (file: string): string => remoteLog('logs of worker-1', logKey({ file }));
const hour = 3_600_000;

const catalog = fixtureCatalog(`
source airflow covers=job
source ssh covers=host
host worker-1 alias=ip-10-0-1-7
host other
run worker-1/var/log/score.log tool=ssh of=host/worker-1 name=/var/log/score.log status=unknown ago=30m where=worker-1 log=${address('/var/log/score.log.1')},${address('/var/log/score.log')}
run worker-1/var/log/old.log tool=ssh of=host/worker-1 name=/var/log/old.log status=unknown ago=9h where=worker-1 log=${address('/var/log/old.log')}
run other/var/log/x.log tool=ssh of=host/other name=/var/log/x.log status=unknown ago=30m where=other log=${address('/var/log/x.log')}
job score
run score/r1 tool=airflow of=job/score status=failed ago=2h took=10m where=ip-10-0-1-7.eu-west-1.compute.internal log=/tmp/own.log
run score/r2 tool=airflow of=job/score status=failed ago=2h took=10m
run score/r3 tool=airflow of=job/score status=running ago=1h where=worker-1
`).snapshot();

function run(name: string): Run {
  const found = catalog.run(`run:airflow://local/score/${name}`);
  assert.ok(found);
  return found;
}

const told = (found: Run) => found.logs.map(({ file }) => parseRemoteLog(file)?.key ?? file);
const startedAt = fixtureNow - 2 * hour;

test('by the host that it ran on, under any of its names, cut to its time; its own log stays the last', () => {
  const found = withHostLogs(catalog, run('r1'), []);
  const around = logKey({ log: '/var/log/score.log', since: startedAt, until: startedAt + hour / 6 });
  assert.deepEqual(told(found), [around, '/tmp/own.log']);
  assert.match(found.logs[0]?.title ?? '', /^worker-1: \/var\/log\/score\.log while it ran$/);
});

test('by the job that plumbline.yaml names, and only the logs that it names', () => {
  const declared = [{ host: 'worker-1', path: '/var/log/sc*.log', job: 'score' }];
  assert.deepEqual(told(withHostLogs(catalog, run('r2'), declared)), [
    logKey({ log: '/var/log/score.log', since: startedAt, until: startedAt + hour / 6 }),
  ]);
  for (const other of [
    { host: 'worker-1', path: '/var/log/sc*.log', job: 'train' },
    { host: 'worker-1', path: '/var/log/a*.log', job: 'score' },
    { host: 'nobody', path: '/var/log/sc*.log', job: 'score' },
    { host: 'worker-1', path: '/var/log/sc*.log' },
  ])
    assert.deepEqual(told(withHostLogs(catalog, run('r2'), [other])), []);
});

test('of a run that goes on, until now; of a host, nothing is added to itself', () => {
  assert.deepEqual(told(withHostLogs(catalog, run('r3'), [])), [
    logKey({ log: '/var/log/score.log', since: fixtureNow - hour }),
  ]);
  const own = catalog.run('run:ssh://local/worker-1/var/log/score.log');
  assert.ok(own);
  assert.equal(withHostLogs(catalog, own, []), own);
});
