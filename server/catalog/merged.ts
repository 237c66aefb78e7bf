// Merged: two catalogs answered from as one: the workspace's own, and what the user's connections gave.
import { surest } from './asOf.ts';
import type { Catalog, Coverage, RunRange } from './catalog.ts';
import type { SourcedEdge } from './edge.ts';
import type { Entity, EntityId } from './entity.ts';
import type { Facts, SourcedFacts } from './facts.ts';
import { findMerged, matchMerged, nearMerged } from './mergedNames.ts';
import type { Run } from './run.ts';
import { runTime } from './sqlite/runWrites.ts';

const mostEdges = 2000;
const usualRuns = 100;
const mostHistory = 1000;

/**
 * Answers as one store holding the sources of both would; no source is in both. A run that both know is told by `live`;
 * an entity that both know counts twice in `size`.
 * The revision is the sum: neither ever shrinks, so it changes with each. (A store built anew begins anywhere among 10⁹.)
 */
export function mergeCatalogs(local: Catalog, live: Catalog): Catalog {
  const get = (id: EntityId): Entity | undefined => getMerged(local, live, id);
  const factsBySource = (id: EntityId): readonly SourcedFacts[] => factsOf(local, live, id);
  const sides = { local, live, get };
  return {
    get revision() {
      return local.revision + live.revision;
    },
    size: () => local.size() + live.size(),
    get,
    facts: (id) => Object.assign({}, ...factsBySource(id).map(({ facts }) => facts)) as Facts,
    factsBySource,
    find: (kind, name, tool) => findMerged(sides, kind, name, tool),
    match: (kind, pattern, limit) => matchMerged(sides, kind, pattern, limit),
    list: (kind, limit) => matchMerged(sides, kind, '*', limit),
    near: (kind, name, limit, tool) => nearMerged(sides, kind, name, limit, tool),
    neighbours: (id) => {
      const [one, other] = [local.neighbours(id), live.neighbours(id)];
      return {
        upstream: edges(one.upstream, other.upstream),
        downstream: edges(one.downstream, other.downstream),
      };
    },
    runs: (of, range) => runs(local.runs(of, range), live.runs(of, range), newest, range?.limit ?? usualRuns),
    run: (id) => runOf(local, live, id),
    childRuns: (id) => runs(local.childRuns(id), live.childRuns(id), oldest, mostEdges),
    runsUsing: (id, role, limit) =>
      runs(local.runsUsing(id, role, limit), live.runsUsing(id, role, limit), newest, limit),
    failedRuns: (since, limit) => runs(local.failedRuns(since, limit), live.failedRuns(since, limit), newest, limit),
    series: (metric, range) => seriesOf(local, live, metric, range),
    covers: (kind, tool, scope) => coverageOf(local.covers(kind, tool, scope), live.covers(kind, tool, scope)),
    sources: () => joined(local.sources(), live.sources(), ({ name: a }, { name: b }) => order(a, b)),
    history: (id, field) =>
      joined(
        local.history(id, field),
        live.history(id, field),
        (a, b) => a.seenFrom - b.seenFrom || order(a.field, b.field),
      ).slice(0, mostHistory),
    changes: (id, field) => joined(local.changes(id, field), live.changes(id, field), (a, b) => a.to - b.to),
    asOf: (id, field, time) => surest([local.asOf(id, field, time), live.asOf(id, field, time)]),
    neighboursAt: (id, time) => {
      const [one, other] = [local.neighboursAt(id, time), live.neighboursAt(id, time)];
      return {
        upstream: edges(one.upstream, other.upstream),
        downstream: edges(one.downstream, other.downstream),
      };
    },
    staleTables: (limit) =>
      [...new Set(joined(local.staleTables(limit), live.staleTables(limit), order))].slice(0, limit),
    alertingMonitors: (limit) =>
      [...new Set(joined(local.alertingMonitors(limit), live.alertingMonitors(limit), order))].slice(0, limit),
    watched: (source) => joined(local.watched(source), live.watched(source), (a, b) => a.from - b.from),
  };
}

/** The same for one snapshot of both, which does not change meanwhile: a side that has no sources costs nothing. */
export function mergeSnapshots(local: Catalog, live: Catalog): Catalog {
  const alone = live.sources().length === 0 ? local : local.sources().length === 0 ? live : undefined;
  if (!alone) return mergeCatalogs(local, live);
  const revision = local.revision + live.revision;
  return { ...alone, revision };
}

const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Both are in this order already, so nothing is sorted while one of them is empty. */
function joined<T>(one: readonly T[], other: readonly T[], compare: (a: T, b: T) => number): readonly T[] {
  if (other.length === 0) return one;
  if (one.length === 0) return other;
  return [...one, ...other].sort(compare);
}

/** Rows that still hold count; those of sources that do not see it any more only when none does. */
function getMerged(local: Catalog, live: Catalog, id: EntityId): Entity | undefined {
  const [one, other] = [local.get(id), live.get(id)];
  if (!one || !other) return one ?? other;
  if ((one.goneAt === undefined) !== (other.goneAt === undefined)) return one.goneAt === undefined ? one : other;
  const newer = isNewer(local.factsBySource(id).at(-1), live.factsBySource(id).at(-1)) ? other : one;
  const others = [one.name, ...one.aliases, other.name, ...other.aliases].filter((alias) => alias !== newer.name);
  const goneAt = one.goneAt === undefined ? {} : { goneAt: Math.max(one.goneAt, other.goneAt ?? one.goneAt) };
  return { id, kind: newer.kind, name: newer.name, aliases: [...new Set(others)].sort(), ...goneAt };
}

/** Told by a listing rather than only by its run; then later; then by the source's name. */
function isNewer(one: SourcedFacts | undefined, other: SourcedFacts | undefined): boolean {
  if (!one || !other) return one === undefined;
  return byAge(one, other) < 0;
}

function byAge(a: SourcedFacts, b: SourcedFacts): number {
  return a.asOf - b.asOf || order(a.source, b.source);
}

function factsOf(local: Catalog, live: Catalog, id: EntityId): readonly SourcedFacts[] {
  const [one, other] = [local.factsBySource(id), live.factsBySource(id)];
  if (one.length === 0 || other.length === 0) return one.length === 0 ? other : one;
  const isGone = (catalog: Catalog): boolean => catalog.get(id)?.goneAt !== undefined;
  const [oneGone, otherGone] = [isGone(local), isGone(live)];
  if (oneGone !== otherGone) return oneGone ? other : one;
  return joined(one, other, byAge);
}

function edges(one: readonly SourcedEdge[], other: readonly SourcedEdge[]): readonly SourcedEdge[] {
  return joined(
    one,
    other,
    (a, b) =>
      order(a.from, b.from) ||
      order(a.to, b.to) ||
      order(a.relation, b.relation) ||
      order(a.origin, b.origin) ||
      order(a.source, b.source),
  ).slice(0, mostEdges);
}

const newest = (a: Run, b: Run): number => runTime(b) - runTime(a) || order(b.id, a.id);
const oldest = (a: Run, b: Run): number => runTime(a) - runTime(b) || order(a.id, b.id);

function runs(
  local: readonly Run[],
  live: readonly Run[],
  compare: (a: Run, b: Run) => number,
  limit: number,
): readonly Run[] {
  if (live.length === 0) return local;
  const told = new Set(live.map(({ id }) => id));
  return joined(
    local.filter(({ id }) => !told.has(id)),
    live,
    compare,
  ).slice(0, limit);
}

/** Also a run that its tool has forgotten since; one that is still there is preferred. */
function runOf(local: Catalog, live: Catalog, id: EntityId): Run | undefined {
  const [one, other] = [local.run(id), live.run(id)];
  if (!one || !other) return one ?? other;
  const isForgotten = live.get(id)?.goneAt !== undefined && local.get(id)?.goneAt === undefined;
  return isForgotten ? one : other;
}

type Points = ReturnType<Catalog['series']>;

/** Points of one instant stand in the order of their runs' last points, so the whole series is needed to place them. */
function seriesOf(local: Catalog, live: Catalog, metric: EntityId, range: RunRange = {}): Points {
  const [one, other] = [local.series(metric, range), live.series(metric, range)];
  if (one.length === 0 || other.length === 0) return one.length === 0 ? other : one;
  const byRun = Map.groupBy(local.series(metric), ({ run }) => run);
  for (const [run, points] of Map.groupBy(live.series(metric), (point) => point.run)) byRun.set(run, points);
  const last = (points: Points): number => points.reduce((at, point) => Math.max(at, point.at), -Infinity);
  const placed = [...byRun]
    .map(([run, points]) => ({ run, points, last: last(points) }))
    .sort((a, b) => a.last - b.last || order(a.run, b.run));
  const { since = -Infinity, until = Infinity, limit } = range;
  const within = placed
    .flatMap(({ points }) => points)
    .filter(({ at }) => at >= since && at < until)
    .sort((a, b) => a.at - b.at);
  return limit === undefined ? within : within.slice(Math.max(0, within.length - limit));
}

/** A tool that one side has no source of is the other's to judge; else every reason against beats "covered". */
function coverageOf(local: Coverage, live: Coverage): Coverage {
  if (isUnknownTool(live)) return local;
  if (isUnknownTool(local)) return live;
  if (local.covered && live.covered) return { covered: true, asOf: Math.min(local.asOf, live.asOf) };
  if (local.covered || live.covered) return local.covered ? live : local;
  const source = ({ reason }: typeof local): string => ('source' in reason ? reason.source : '');
  return source(local) <= source(live) ? local : live;
}

function isUnknownTool(coverage: Coverage): boolean {
  return !coverage.covered && coverage.reason.why === 'noConnection';
}
