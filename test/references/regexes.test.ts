// Regexes: every one that reads a user's text is checked for inputs on which it would take more than a moment.
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import path from 'node:path';
import { test } from 'node:test';
import { type Node, parse } from 'acorn';
import { checkSync } from 'recheck';

const root = path.join(import.meta.dirname, '../..');
const folders = 'server/{references,syntax,lineage,features,catalog,workspace,incidents}/**/*.ts';

interface Regex {
  readonly file: string;
  readonly source: string;
  readonly flags: string;
}

function regexesIn(file: string): readonly Regex[] {
  const script = stripTypeScriptTypes(readFileSync(path.join(root, file), 'utf8'), { mode: 'strip' });
  const found: Regex[] = [];
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    if ('regex' in value) {
      const { pattern, flags } = value.regex as { readonly pattern: string; readonly flags: string };
      found.push({ file, source: pattern, flags });
      return;
    }
    for (const inner of Array.isArray(value) ? value : Object.values(value)) visit(inner);
  };
  const program: Node = parse(script, { ecmaVersion: 'latest', sourceType: 'module' });
  visit(program);
  return found;
}

/** Signs of repetition without an end, outside of character classes. */
function unbounded(source: string): number {
  return (
    source
      .replace(/\\./g, '_')
      .replace(/\[[^\]]*\]/g, '_')
      .match(/[*+]|\{\d+,\}/g)?.length ?? 0
  );
}

test('none takes exponential or cubic time', () => {
  const all = globSync(folders, { cwd: root }).flatMap(regexesIn);
  assert.ok(all.length > 200, `${all.length} regexes`);
  const known = new Set<string>();
  const bad = all.flatMap(({ file, source, flags }) => {
    const key = `${source} ${flags}`;
    if (known.has(key)) return [];
    known.add(key);
    const checked = checkSync(source, flags.replace(/[dv]/g, ''), { timeout: 3000 });
    if (checked.status !== 'vulnerable') return [];
    const { complexity } = checked;
    // What is bounded by numbers is linear, with a large factor.
    const isCubic = complexity.type === 'polynomial' && complexity.degree > 2 && unbounded(source) > 1;
    return complexity.type === 'exponential' || isCubic ? [`${file}: /${source}/ is ${complexity.summary}`] : [];
  });
  assert.deepEqual(bad, []);
});
