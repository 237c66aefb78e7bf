// What the launcher understands of desktop VS Code's arguments, as @vscode/test-electron gives them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readArguments } from '../../scripts/vscode/arguments.ts';

test('development paths, test module and folder are read; other switches are dropped', () => {
  const args = ['/w/churn', '--no-sandbox', '--disable-workspace-trust', '--extensionTestsPath=/t/index.cjs'];
  assert.deepEqual(
    readArguments([...args, '--extensionDevelopmentPath=/a', '--extensionDevelopmentPath=/b', '--user-data-dir=/u']),
    {
      development: ['/a', '/b'],
      tests: '/t/index.cjs',
      target: '/w/churn',
      trust: 'given',
    },
  );
});

test('without a folder the window is empty', () => {
  assert.equal(readArguments(['--extensionTestsPath=/t/index.cjs']).target, undefined);
});

test('two folders, or no tests, are refused', () => {
  assert.throws(() => readArguments(['/a', '/b', '--extensionTestsPath=/t']), /\/a, \/b/);
  assert.throws(() => readArguments(['/a']), /extensionTestsPath/);
});

test('Restricted Mode is asked for in the environment, since the switch is always there', () => {
  process.env.PLUMBLINE_TRUST = 'asked';
  try {
    assert.equal(readArguments(['--disable-workspace-trust', '--extensionTestsPath=/t']).trust, 'asked');
  } finally {
    delete process.env.PLUMBLINE_TRUST;
  }
});
