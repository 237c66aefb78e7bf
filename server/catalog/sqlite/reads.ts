// Reads: the Catalog over our store; every call is a few point or range reads.
import type { Catalog, Neighbours, RunRange, RunUse } from '../catalog.ts';
import type { EdgeOrigin, EdgeRelation, SourcedEdge } from '../edge.ts';
import { type Entity, type EntityId, type EntityKind, parseEntityId } from '../entity.ts';
import type { Facts, SourcedFacts } from '../facts.ts';
import { lessQualified, nameKey, namePattern, qualifiedRange } from '../names.ts';
import type { MetricPoint, Run } from '../run.ts';
import type { Connection, Row } from './connection.ts';
import { aliasesOf } from './entityWrites.ts';
import { readNeighboursAt } from './history/edges.ts';
import { readAlerting, readAsOf, readChanges, readHistory, readStale } from './history/read.ts';
import { decode } from './json.ts';
import { nearIds } from './near.ts';
import { readCoverage, readSources, readWatches } from './sources.ts';

/** More than so many of one name are all the same to a person: ambiguous. */
export const mostNamed = 200;
const mostEdges = 2000;
const usualRuns = 100;

export function createCatalog(connection: () => Connection): Catalog {
  return {
    get revision() {
      return Number(connection().get("SELECT value FROM meta WHERE key = 'revision'")?.value);
    },
    size: () => Number(connection().get("SELECT value FROM meta WHERE key = 'size'")?.value ?? 0),
    get: (id) => getEntity(connection(), id),
    facts: (id) => Object.assign({}, ...factsBySource(connection(), id).map(({ facts }) => facts)) as Facts,
    factsBySource: (id) => factsBySource(connection(), id),
    find: (kind, name, tool) => find(connection(), kind, name, tool),
    match: (kind, pattern, limit) => match(connection(), kind, pattern, limit),
    list: (kind, limit) => match(connection(), kind, '*', limit),
    near: (kind, name, limit, tool) => near(connection(), kind, name, limit, tool),
    neighbours: (id) => neighbours(connection(), id),
    runs: (of, range) => runsOf(connection(), of, range),
    run: (id) => runById(connection(), id),
    childRuns: (id) => childRuns(connection(), id),
    runsUsing: (id, role, limit) => runsUsing(connection(), id, role, limit),
    failedRuns: (since, limit) => failedRuns(connection(), since, limit),
    series: (metric, range) => series(connection(), metric, range),
    covers: (kind, tool, scope) => readCoverage(connection(), kind, tool, scope),
    sources: () => readSources(connection()),
    history: (id, field) => readHistory(connection(), id, field),
    changes: (id, field) => readChanges(connection(), id, field),
    asOf: (id, field, time) => readAsOf(connection(), id, field, time),
    neighboursAt: (id, time) => readNeighboursAt(connection(), id, time),
    staleTables: (limit) => readStale(connection(), limit),
    alertingMonitors: (limit) => readAlerting(connection(), limit),
    watched: (source) => readWatches(connection(), source),
  };
}

/** Rows of one entity, those of sources that still see it; all when none does. Later and then by source's name last. */
function entityRows(connection: Connection, id: EntityId): readonly Row[] {
  const rows = connection.all(
    `SELECT e.name, e.aliases, e.facts, e.as_of, e.gone_at, s.name AS source
     FROM entities e JOIN sources s ON s.id = e.source WHERE e.id = ? ORDER BY e.as_of, s.name`,
    id,
  );
  const live = rows.filter((row) => row.gone_at === null);
  return live.length > 0 ? live : rows;
}

function getEntity(connection: Connection, id: EntityId): Entity | undefined {
  const kind = parseEntityId(id)?.kind;
  if (!kind) return undefined;
  const rows = entityRows(connection, id);
  const newest = rows.at(-1);
  if (!newest) return kind === 'run' ? runEntity(connection, id) : undefined;
  const name = String(newest.name);
  const others = rows.flatMap((row) => [
    String(row.name),
    ...aliasesOf(row.aliases === null ? null : String(row.aliases)),
  ]);
  const aliases = [...new Set(others)].filter((alias) => alias !== name).sort();
  const goneAt = newest.gone_at === null ? {} : { goneAt: Math.max(...rows.map((row) => Number(row.gone_at))) };
  return { id, kind, name, aliases, ...goneAt };
}

function runEntity(connection: Connection, id: EntityId): Entity | undefined {
  const row = connection.get('SELECT body, gone_at FROM runs WHERE id = ? ORDER BY as_of DESC LIMIT 1', id);
  if (!row) return undefined;
  const goneAt = row.gone_at === null ? {} : { goneAt: Number(row.gone_at) };
  return { id, kind: 'run', name: decode<Run>(String(row.body)).name, aliases: [], ...goneAt };
}

function factsBySource(connection: Connection, id: EntityId): readonly SourcedFacts[] {
  return entityRows(connection, id).map((row) => ({
    source: String(row.source),
    asOf: Number(row.as_of),
    facts: row.facts === null ? {} : decode<Facts>(String(row.facts)),
  }));
}

/** Same name first, then longer ones it may be short for; shorter ones only when there is nothing else. */
function find(connection: Connection, kind: EntityKind, name: string, tool?: string): readonly Entity[] {
  if (kind === 'run') return findRuns(connection, name, tool);
  const key = nameKey(kind, name);
  const range = qualifiedRange(kind, key);
  const exact = named(connection, kind, key, tool);
  const longer = range ? namedBetween(connection, kind, range.from, range.to, tool) : [];
  const found = [...new Set([...exact, ...longer])];
  const ids =
    found.length > 0 ? found : lessQualified(kind, name).flatMap((short) => named(connection, kind, short, tool));
  return ids.flatMap((id) => getEntity(connection, id) ?? []);
}

const toolRange = (kind: EntityKind, tool?: string): readonly [string, string] =>
  tool ? [`${kind}:${tool}://`, `${kind}:${tool}:/0`] : [`${kind}:`, `${kind};`];

function named(connection: Connection, kind: EntityKind, key: string, tool?: string): readonly EntityId[] {
  const rows = connection.all(
    'SELECT DISTINCT entity FROM names WHERE kind = ? AND key = ? AND entity >= ? AND entity < ? LIMIT ?',
    ...[kind, key, ...toolRange(kind, tool), mostNamed],
  );
  return rows.map((row) => String(row.entity));
}

function namedBetween(connection: Connection, kind: EntityKind, from: string, to: string, tool?: string) {
  const rows = connection.all(
    'SELECT DISTINCT entity FROM names WHERE kind = ? AND key >= ? AND key < ? AND entity >= ? AND entity < ? LIMIT ?',
    ...[kind, from, to, ...toolRange(kind, tool), mostNamed],
  );
  return rows.map((row) => String(row.entity));
}

function findRuns(connection: Connection, name: string, tool?: string): readonly Entity[] {
  const rows = connection.all(
    'SELECT DISTINCT id FROM runs WHERE (key = ? OR id = ?) AND id >= ? AND id < ? LIMIT ?',
    ...[name, name, ...toolRange('run', tool), mostNamed],
  );
  return rows.flatMap((row) => getEntity(connection, String(row.id)) ?? []);
}

/** Named entities by key, so that a folder of names stays together. */
function match(connection: Connection, kind: EntityKind, pattern: string, limit: number): readonly Entity[] {
  const { globs, test } = namePattern(kind, pattern);
  const ids = new Set<EntityId>();
  for (const glob of globs) {
    // The literal beginning bounds what GLOB has to look at.
    const prefix = /^[^*[]*/.exec(glob)?.[0] ?? '';
    const rows = connection.all(
      `SELECT key, entity FROM names WHERE kind = ? AND key >= ? AND key < ? AND key GLOB ? ORDER BY key, entity LIMIT ?`,
      ...[kind, prefix, `${prefix}\u{10ffff}`, glob, limit * 4],
    );
    for (const row of rows) if (ids.size < limit && test(String(row.key))) ids.add(String(row.entity));
  }
  return [...ids].flatMap((id) => getEntity(connection, id) ?? []);
}

function near(connection: Connection, kind: EntityKind, name: string, limit: number, tool?: string) {
  const found: Entity[] = [];
  for (const id of nearIds(connection, kind, name, tool)) {
    const entity = found.length < limit ? getEntity(connection, id) : undefined;
    if (entity && entity.goneAt === undefined) found.push(entity);
  }
  return found;
}

function neighbours(connection: Connection, id: EntityId): Neighbours {
  const side = (column: 'from_id' | 'to_id') =>
    connection
      .all(
        `SELECT e.*, s.name AS source_name FROM edges e JOIN sources s ON s.id = e.source WHERE e.${column} = ?
         ORDER BY e.from_id, e.to_id, e.relation, e.origin, s.name LIMIT ?`,
        id,
        mostEdges,
      )
      .map(edgeOf);
  return { upstream: side('to_id'), downstream: side('from_id') };
}

/** Relation and origin come from our own types, by way of our own writer. */
function edgeOf(row: Row): SourcedEdge {
  return {
    from: String(row.from_id),
    to: String(row.to_id),
    relation: row.relation as EdgeRelation,
    origin: row.origin as EdgeOrigin,
    evidence: String(row.evidence),
    source: String(row.source_name),
    asOf: Number(row.as_of),
  };
}

const always = Number.MAX_VALUE;

function runsOf(connection: Connection, of: EntityId, { since, until, limit }: RunRange = {}): readonly Run[] {
  const rows = connection.all(
    `SELECT r.id, r.body FROM run_of o JOIN runs r ON r.id = o.run AND r.source = o.source
     WHERE o.entity = ? AND o.at >= ? AND o.at < ? ORDER BY o.at DESC, o.run DESC, r.as_of DESC LIMIT ?`,
    ...[of, since ?? -always, until ?? always, limit ?? usualRuns],
  );
  return distinctRuns(rows);
}

/** One run may be told by two sources; the later one is believed. */
function distinctRuns(rows: readonly Row[]): readonly Run[] {
  const runs = new Map<string, Run>();
  for (const row of rows) {
    const id = String(row.id);
    if (!runs.has(id)) runs.set(id, decode<Run>(String(row.body)));
  }
  return [...runs.values()];
}

/** Also a run that its tool has forgotten since. */
function runById(connection: Connection, id: EntityId): Run | undefined {
  const row = connection.get(
    'SELECT body FROM runs WHERE id = ? ORDER BY gone_at IS NOT NULL, as_of DESC, source DESC LIMIT 1',
    id,
  );
  return row ? decode<Run>(String(row.body)) : undefined;
}

function childRuns(connection: Connection, id: EntityId): readonly Run[] {
  return distinctRuns(
    connection.all(
      `SELECT id, body FROM runs WHERE parent = ? AND gone_at IS NULL ORDER BY at, id, as_of DESC LIMIT ?`,
      ...[id, mostEdges],
    ),
  );
}

function runsUsing(connection: Connection, id: EntityId, role: RunUse, limit: number): readonly Run[] {
  return distinctRuns(
    connection.all(
      `SELECT r.id, r.body FROM run_use u JOIN runs r ON r.id = u.run AND r.source = u.source
       WHERE u.entity = ? AND u.role = ? ORDER BY u.at DESC, u.run DESC, r.as_of DESC LIMIT ?`,
      ...[id, role, limit],
    ),
  );
}

function failedRuns(connection: Connection, since: number, limit: number): readonly Run[] {
  return distinctRuns(
    connection.all(
      `SELECT id, body FROM runs WHERE status = 'failed' AND at >= ? AND gone_at IS NULL
       ORDER BY at DESC, id DESC, as_of DESC LIMIT ?`,
      ...[since, limit],
    ),
  );
}

function series(connection: Connection, metric: EntityId, { since, until, limit }: RunRange = {}) {
  const from = since ?? -always;
  const to = until ?? always;
  const rows = connection.all(
    `SELECT run, points FROM series WHERE metric = ? AND last_at >= ? AND first_at < ? ORDER BY last_at, run, as_of DESC`,
    ...[metric, from, to],
  );
  const seen = new Set<string>();
  const points = rows.flatMap((row) => {
    const run = String(row.run);
    if (seen.has(run)) return [];
    seen.add(run);
    return decode<readonly MetricPoint[]>(String(row.points)).map((point) => ({ ...point, run }));
  });
  const within = points.filter(({ at }) => at >= from && at < to).sort((a, b) => a.at - b.at);
  return limit === undefined ? within : within.slice(Math.max(0, within.length - limit));
}
