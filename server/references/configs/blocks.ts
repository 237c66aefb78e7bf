// Blocks: sites of a file put together by where they stand; a block that says the same as before is the same one.
import type { Block, PlacedBinding, PlacedBlock, PlacedSite, Scope } from '../summary.ts';
import type { FoundScope, FoundSite, Walked } from './walk.ts';

/** `line` of the file. */
export interface FoundBinding {
  readonly line: number;
  readonly content: PlacedBinding['content'];
}

const outside: Scope = { sort: 'with', name: '', parent: -1, lines: [0, 0] };
interface Group {
  readonly sites: FoundSite[];
  readonly scopes: number[];
  first: number;
  last: number;
}

export function blocksOf(
  uri: string,
  { sites, scopes, units }: Walked,
  bindings: readonly FoundBinding[],
  remember: boolean,
): readonly PlacedBlock[] {
  const placed = groupsOf(sites, scopes, units).map((group) => blockOf(group, scopes));
  for (const { line, content } of bindings) {
    const block: Block = { column: 0, sites: [], bindings: [{ line: 0, scope: 0, content }], scopes: [outside] };
    placed.push({ line, block });
  }
  placed.sort((one, other) => one.line - other.line);
  return remember ? asBefore(uri, placed) : placed;
}

/** An outermost scope with all that is in it; other sites with those of their unit. */
function groupsOf(
  sites: readonly FoundSite[],
  scopes: readonly FoundScope[],
  units: readonly number[],
): readonly Group[] {
  const byScope = new Map<number, Group>();
  const groups: Group[] = [];
  const outermost = scopes.map((_, index) => {
    let at = index + 1;
    for (let parent = scopes[index]?.parent ?? 0; parent > 0; parent = scopes[parent - 1]?.parent ?? 0) at = parent;
    return at;
  });
  let run: Group | undefined;
  let unit = 0;
  for (const site of [...sites].sort((one, other) => one.line - other.line)) {
    const own = site.scope > 0 ? site.scope : (site.opens ?? 0);
    const top = own > 0 ? (outermost[own - 1] ?? 0) : 0;
    if (top > 0) {
      const group = byScope.get(top) ?? newGroup(groups, scopes[top - 1]?.first ?? site.line);
      byScope.set(top, group);
      add(group, site);
    } else {
      const before = unit;
      while ((units[unit] ?? Number.POSITIVE_INFINITY) <= site.line) unit++;
      if (!run || unit !== before) run = newGroup(groups, site.line);
      add(run, site);
    }
  }
  for (const [top, group] of byScope)
    outermost.forEach((of, index) => {
      if (of === top) group.scopes.push(index + 1);
    });
  return groups;
}

function newGroup(groups: Group[], first: number): Group {
  const group: Group = { sites: [], scopes: [], first, last: first };
  groups.push(group);
  return group;
}

function add(group: Group, site: FoundSite): void {
  group.sites.push(site);
  group.first = Math.min(group.first, site.line);
  group.last = Math.max(group.last, site.line);
}

function blockOf(group: Group, scopes: readonly FoundScope[]): PlacedBlock {
  const own = new Map<number, number>([[0, 0]]);
  group.scopes.forEach((scope, index) => {
    own.set(scope, index + 1);
  });
  const mapped = (scope: number): number => own.get(scope) ?? 0;
  const inside = group.scopes.map((scope): Scope => {
    const { parent = 0, first = 0, last = 0 } = scopes[scope - 1] ?? {};
    return { sort: 'with', name: '', parent: mapped(parent), lines: [first - group.first, last - group.first] };
  });
  const sites = group.sites.map(({ line, scope, opens, content }): PlacedSite => {
    const site = { line: line - group.first, scope: mapped(scope), content };
    return opens === undefined ? site : { ...site, opens: mapped(opens) };
  });
  return { line: group.first, block: { column: 0, sites, bindings: [], scopes: [outside, ...inside] } };
}

/** The blocks of the files that were read last, by what they say. */
const before = new Map<string, Map<string, Block[]>>();
const mostFiles = 12;

function asBefore(uri: string, blocks: readonly PlacedBlock[]): readonly PlacedBlock[] {
  const old = before.get(uri);
  const known = new Map<string, Block[]>();
  const same = blocks.map(({ line, block }): PlacedBlock => {
    const content = JSON.stringify(block);
    const kept = old?.get(content)?.shift() ?? block;
    const there = known.get(content);
    if (there) there.push(kept);
    else known.set(content, [kept]);
    return { line, block: kept };
  });
  before.delete(uri);
  before.set(uri, known);
  const [oldest] = before.keys();
  if (before.size > mostFiles && oldest !== undefined) before.delete(oldest);
  return same;
}
