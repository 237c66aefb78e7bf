// Settings: names that a configuration gives values to, for itself and for other files: bundle and dbt variables, Airflow's, keys of the same file.
import type { Expression, Span } from '../expression.ts';
import type { ConfigShape } from '../rules/configs/row.ts';
import { seenAs } from '../shell/variables.ts';
import { jinjaNames } from '../sql/dbt.ts';
import type { Setting, SettingSpace } from '../summary.ts';
import { isVariables } from './prefilter.ts';
import { valueExpression } from './templates.ts';
import { PlacedScalar, type Places } from './trees/scalar.ts';
import { type ConfigDocument, type ConfigNode, type Entry, entryOf, type ScalarNode } from './trees/tree.ts';

interface Found {
  readonly node: ScalarNode;
  readonly base: number;
}

type Names = (name: string, at: Span) => Expression | undefined;

/** What `${name}` stands for in this document; values may have such names in them again. */
export function namesIn(document: ConfigDocument, places: Places, shapes: readonly ConfigShape[], depth = 0): Names {
  const { root } = document;
  const bundle = shapes.some(({ id }) => id === 'databricks.bundle');
  return (name: string, at: Span): Expression | undefined => {
    if (bundle && /^(?:var|variables|bundle|resources)\.[\w.-]+$/.test(name))
      return { is: 'setting', space: 'bundle', name: bundleName(name), at };
    // Hydra's `${paths.data}`, serverless' `${self:custom.bucket}`.
    const [, keys] = /^(?:self:)?([A-Za-z_][\w-]*(?:\.[\w-]+)+|[a-z][\w-]*)$/.exec(name) ?? [];
    const found = keys === undefined ? undefined : scalarAt(root, keys.split('.'));
    if (!found || depth > 4) return undefined;
    const scalar = new PlacedScalar(found.node, found.base, places);
    const inner = { names: namesIn(document, places, shapes, depth + 1) };
    const value = valueExpression(scalar, 0, scalar.value.length, scalar.lineAt(0), inner);
    return seenAs(name, value, at);
  };
}

/** `variables.x.value` is the old way to write `var.x`. */
function bundleName(name: string): string {
  return name.replace(/^variables\.([^.]+)(?:\.\w+)?$/, 'var.$1');
}

function scalarAt(root: ConfigNode, keys: readonly string[]): Found | undefined {
  let base = 0;
  let node: ConfigNode = root;
  for (const key of keys) {
    const entry: Entry | undefined = entryOf(node, key);
    if (!entry) return undefined;
    base += entry.shift ?? 0;
    node = entry.value;
  }
  return node.is === 'scalar' && node.value !== '' ? { node, base } : undefined;
}

/** What the file gives to others. */
export function settingsOf(path: string, document: ConfigDocument, places: Places): readonly Setting[] {
  const { root } = document;
  if (root.is !== 'map') return [];
  const settings: Setting[] = [];
  const give = (space: SettingSpace, name: string, { node, base }: Found): void => {
    if (settings.length >= mostSettings || node.value === '' || node.value.length > 1000) return;
    const scalar = new PlacedScalar(node, base, places);
    const line = scalar.lineAt(0);
    const names = (inner: string, at: Span): Expression | undefined =>
      space === 'bundle' && /^(?:var|variables|bundle|resources)\.[\w.-]+$/.test(inner)
        ? { is: 'setting', space, name: bundleName(inner), at }
        : undefined;
    const table = space === 'dbtVar' ? tableOf(node.value) : undefined;
    if (table) {
      const own = scalar.text(table.from, table.to, line);
      const before = scalar.text(table.from, table.from, line);
      const parts = table.prefix === '' ? [own] : [seenAs('', { ...before, value: table.prefix }, before.at), own];
      settings.push({ space, name, line, value: { is: 'join', parts, at: own.at } });
      return;
    }
    settings.push({ space, name, line, value: valueExpression(scalar, 0, scalar.value.length, line, { names }) });
  };
  if (isVariables(path)) for (const one of scalars(root, 0)) give('airflowVariable', one.key, one);
  if (/\/dbt_project\.ya?ml$/i.test(path)) dbtVars(root, give);
  if (isBundle(root)) bundleValues(root, give);
  return settings;
}

/** A variable may be `{{ ref('x') }}` or `{{ source('s', 't') }}`: it stands for that table then. */
function tableOf(value: string): { prefix: string; from: number; to: number } | undefined {
  if (!/^\s*\{\{-?\s*(?:ref|source)\s*\([^()]{1,300}\)\s*-?\}\}\s*$/.test(value)) return undefined;
  const from = value.indexOf('{{');
  const [found] = jinjaNames(value, { from, to: value.indexOf('}}'), sort: 'expression' });
  return (
    found && {
      prefix: found.name.slice(0, found.name.length - (found.to - found.from)),
      from: found.from,
      to: found.to,
    }
  );
}

const mostSettings = 2000;

type Give = (space: SettingSpace, name: string, found: Found) => void;

function isBundle(root: ConfigNode): boolean {
  return ['bundle', 'variables', 'targets', 'resources'].some((key) => entryOf(root, key)?.value.is === 'map');
}

/** The scalars of a map, each with its key. */
function* scalars(node: ConfigNode | undefined, base: number): Generator<Found & { readonly key: string }> {
  if (node?.is !== 'map') return;
  for (const { key, value, shift = 0 } of node.entries)
    if (value.is === 'scalar') yield { key: key.value, node: value, base: base + shift };
}

function* maps(node: ConfigNode | undefined, base: number): Generator<{ key: string; node: ConfigNode; base: number }> {
  if (node?.is !== 'map') return;
  for (const { key, value, shift = 0 } of node.entries)
    if (value.is === 'map') yield { key: key.value, node: value, base: base + shift };
}

/** `vars:` of the project, and those of its packages below their names. */
function dbtVars(root: ConfigNode, give: Give): void {
  const vars = entryOf(root, 'vars');
  if (!vars) return;
  const base = vars.shift ?? 0;
  for (const one of scalars(vars.value, base)) give('dbtVar', one.key, one);
  for (const inner of maps(vars.value, base))
    for (const one of scalars(inner.node, inner.base)) give('dbtVar', one.key, one);
}

/** Defaults of variables, those of the default target in their place; names of the bundle and of its resources. */
function bundleValues(root: ConfigNode, give: Give): void {
  const targets = entryOf(root, 'targets');
  const own = new Set<string>();
  for (const target of maps(targets?.value, targets?.shift ?? 0)) {
    const standard = entryOf(target.node, 'default')?.value;
    if (standard?.is !== 'scalar' || standard.value !== 'true') continue;
    const variables = entryOf(target.node, 'variables');
    for (const one of scalars(variables?.value, target.base + (variables?.shift ?? 0))) {
      own.add(one.key);
      give('bundle', `var.${one.key}`, one);
    }
  }
  const variables = entryOf(root, 'variables');
  for (const one of maps(variables?.value, variables?.shift ?? 0)) {
    const standard = entryOf(one.node, 'default');
    if (standard?.value.is === 'scalar' && !own.has(one.key))
      give('bundle', `var.${one.key}`, { node: standard.value, base: one.base + (standard.shift ?? 0) });
  }
  const bundle = entryOf(root, 'bundle');
  for (const one of scalars(bundle?.value, bundle?.shift ?? 0)) give('bundle', `bundle.${one.key}`, one);
  const resources = entryOf(root, 'resources');
  for (const sort of maps(resources?.value, resources?.shift ?? 0))
    for (const one of maps(sort.node, sort.base))
      for (const field of scalars(one.node, one.base))
        give('bundle', `resources.${sort.key}.${one.key}.${field.key}`, field);
}
