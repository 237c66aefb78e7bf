// Settings: the rows of plumbline.rules, and how a wrong one is said.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseSettings, ruleMistakes, rulesIn } from '../../server/handlers/settings.ts';

test('rows of the setting become rules; wrong ones are said with the setting and their place', () => {
  const found = rulesIn({ rules: [{ call: 'acme.load', kind: 'table', role: 'reads' }, { call: 'acme.save' }] });
  assert.deepEqual(
    found.rules.map(({ id }) => id),
    ['own.acme.load'],
  );
  assert.match(ruleMistakes(found)[0] ?? '', /^Setting plumbline\.rules, rule 2: "kind" is missing/);
  assert.deepEqual(rulesIn({ rules: 'x' }).rules, []);
  assert.deepEqual(rulesIn(undefined).rules, []);
});

test('what is no known value becomes its default', () => {
  assert.equal(parseSettings({ diagnostics: { severity: 'loud' } }).severity, 'information');
  assert.equal(parseSettings({ codeLens: { enabled: false } }).codeLens, false);
});
