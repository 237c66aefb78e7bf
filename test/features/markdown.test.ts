// Markdown: text of tools stays text, whatever it tries to be.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { code, commandLink, fileLink, table, text, visible, webLink } from '../../server/features/markdown.ts';

test('prose is escaped', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['plain words, as they are: (yes).', 'plain words, as they are: (yes).'],
    ['**bold** _it_ ~~gone~~', '\\*\\*bold\\*\\* \\_it\\_ \\~\\~gone\\~\\~'],
    ['[x](command:evil)', '\\[x\\](command:evil)'],
    ['![x](https://a.b/c.png)', '!\\[x\\](https\\://a.b/c.png)'],
    ['<img src=x onerror=y>', '\\<img src=x onerror=y\\>'],
    ['<command:evil>', '\\<command:evil\\>'],
    ['&lt;b&gt;', '\\&lt;b\\&gt;'],
    ['see https://evil.example/a or www.evil.example', 'see https\\://evil.example/a or www\\.evil.example'],
    ['a@evil.example', 'a\\@evil.example'],
    ['$(trash) icons', '\\$(trash) icons'],
    ['# heading', '\\# heading'],
    ['- list', '\\- list'],
    ['1. list', '\\1. list'],
    ['line\n\n# next\r\n| a |', 'line \\# next | a |'],
    ['`code`', '\\`code\\`'],
    ['back\\slash', 'back\\\\slash'],
  ];
  for (const [said, expected] of cases) assert.equal(text(said), expected);
});

test('what cannot be seen is named', () => {
  assert.equal(visible('a\u202Eb\u0000c\u200Bd\u001b[31m'), 'a⟨U+202E⟩b⟨U+0000⟩c⟨U+200B⟩d⟨U+001B⟩[31m');
  assert.equal(visible('tag\u{E0041}'), 'tag⟨U+E0041⟩');
  assert.equal(visible('half \ud800 pair'), 'half \ufffd pair');
  assert.equal(visible('👩‍🚀 é'), '👩‍🚀 é');
  assert.equal([...visible('😀'.repeat(5000))].length, 401);
});

test('no name ends its code span', () => {
  assert.equal(code('churn'), '`churn`');
  assert.equal(code('a`b'), '``a`b``');
  assert.equal(code('`'), '`` ` ``');
  assert.equal(code(''), '`  `');
  assert.equal(code('``x`'), '``` ``x` ```');
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('`', 'a', ' ', '\n', '|', '[') }), (name) => {
      const [, fence = '', inside = ''] = /^(`+)(.*)$/s.exec(code(name)) ?? [];
      const runs = [...inside.matchAll(/`+/g)].map(([run]) => run.length);
      assert.equal(runs.filter((length) => length === fence.length).length, 1, 'only the end is a fence');
      assert.ok(inside.endsWith(fence));
    }),
  );
});

test('a bar does not begin another cell', () => {
  assert.equal(table(['a|b'], [[code('x|y')], ['']]), '| a\\|b |\n|---|\n| `x\\|y` |\n|  |');
});

test('command links carry one id and nothing ends them', () => {
  const id = "model:mlflow://i/a)](command:evil?['x'])*~!";
  const link = commandLink('Open lineage', 'openLineage', id);
  const [, command, argument = ''] = /^\[Open lineage\]\(command:([\w.]+)\?([^)]*)\)$/.exec(link) ?? [];
  assert.equal(command, 'plumbline.openLineage');
  assert.deepEqual(JSON.parse(decodeURIComponent(argument)), [id]);
  assert.match(argument, /^[\w%.-]+$/);
});

test('only http pages become links', () => {
  assert.equal(webLink('page', 'https://acme.example/a b?(c)'), '[page](https://acme.example/a%20b?%28c%29)');
  for (const url of [
    'javascript:alert(1)',
    'command:evil',
    'file:///etc/passwd',
    'data:text/html,x',
    'nothing',
    undefined,
  ]) {
    assert.equal(webLink('page', url), undefined, url);
  }
});

test('a file link is closed by its own bracket', () => {
  assert.equal(fileLink('x', 'file:///a/(b) c.py', 4), '[x](file:///a/%28b%29%20c.py#L5)');
});
