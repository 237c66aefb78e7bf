// Host address: what is typed for a connection by ssh is taken as ssh takes it, or refused with a reason.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  hostProblem,
  hostUrl,
  patternsIn,
  patternsProblem,
} from '../../../extension/connections/guided/hostAddress.ts';

test('a host as it is typed after ssh, with or without ssh://', () => {
  for (const good of ['worker-1', 'ana@10.0.1.7:2222', ' ssh://worker-1 '])
    assert.equal(hostProblem(good), undefined, good);
  assert.equal(hostUrl(' worker-1'), 'ssh://worker-1');
  assert.equal(hostUrl('ssh://worker-1'), 'ssh://worker-1');
  for (const bad of ['-oProxyCommand=id', 'a b', '$(id)', 'http://h/x'])
    assert.match(hostProblem(bad) ?? '', /no name/, bad);
  assert.match(hostProblem('') ?? '', /What you type after ssh/);
});

test('patterns with blanks or commas between them; the one that is wrong is named', () => {
  assert.deepEqual(patternsIn('/var/log/a.log, ~/b/*.log  /c/d'), ['/var/log/a.log', '~/b/*.log', '/c/d']);
  assert.equal(patternsProblem('/var/log/a.log ~/b/*.log'), undefined);
  assert.match(patternsProblem('/var/log/a.log b.log') ?? '', /^b\.log: a path begins at the root/);
  assert.match(patternsProblem(' ') ?? '', /At least one/);
});
