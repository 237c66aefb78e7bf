// Sources: who was asked, how it went, what they covered and when they were watched.
import type { Coverage, Health, Source, UnknownReason } from '../catalog.ts';
import type { Covered } from '../change.ts';
import { type EntityKind, entityKinds } from '../entity.ts';
import type { Connection, Row } from './connection.ts';
import { longestGapMs } from './history/listed.ts';
import type { ScanState } from './scanState.ts';

export type SourceIdentity = Omit<Source, 'health' | 'scannedAt' | 'reason'>;

/** Tools that list whole warehouses; only they can prove that a table of plain SQL is missing. */
const warehouses = ['snowflake', 'databricks', 'bigquery', 'redshift', 'postgres'];
const healths: readonly Health[] = ['never', 'fresh', 'stale', 'failing', 'forbidden'];

/** A source that was found but not asked yet; what is known of it stays. Its number. */
export function registerSource(connection: Connection, source: SourceIdentity): number {
  const { name, tool, scope, kinds, environment } = source;
  connection.run(
    `INSERT INTO sources (name, tool, scope, kinds, environment, health, scan, history_scan)
     VALUES (?, ?, ?, ?, ?, 'never', 0, 0)
     ON CONFLICT (name) DO UPDATE SET tool = excluded.tool, scope = excluded.scope, kinds = excluded.kinds,
       environment = excluded.environment`,
    ...[name, tool, scope, kinds.join(' '), environment ?? null],
  );
  return Number(connection.get('SELECT id FROM sources WHERE name = ?', name)?.id);
}

export function readSources(connection: Connection): readonly Source[] {
  return connection.all('SELECT * FROM sources ORDER BY name').map(sourceOf);
}

/** How many entities the source says there are; it walks over them. */
export function countOf(connection: Connection, name: string): number {
  const row = connection.get(
    `SELECT count(*) AS n FROM entities WHERE source = (SELECT id FROM sources WHERE name = ?) AND gone_at IS NULL`,
    name,
  );
  return Number(row?.n ?? 0);
}

function sourceOf(row: Row): Source {
  const kinds = new Set(String(row.kinds).split(' '));
  return {
    name: String(row.name),
    tool: String(row.tool),
    scope: String(row.scope),
    kinds: entityKinds.filter((kind) => kinds.has(kind)),
    health: healths.find((health) => health === row.health) ?? 'never',
    ...(row.scanned_at === null ? {} : { scannedAt: Number(row.scanned_at) }),
    ...(row.reason === null ? {} : { reason: String(row.reason) }),
    ...(row.environment === null ? {} : { environment: String(row.environment) }),
  };
}

export interface ScanEnd {
  /** Listed to the end in this scan. */
  readonly covered: readonly Covered[];
  /** Covered before and still so, though not listed again. */
  readonly continued: readonly Covered[];
  readonly problems: readonly string[];
  /** Edges that it did not say are gone. */
  readonly isWhole: boolean;
}

/** True when health, reason or coverage are other than before. */
export function markScanned(state: ScanState, { covered, continued, problems, isWhole }: ScanEnd): boolean {
  const { connection, source, scan, at } = state;
  const before = connection.get('SELECT health, scanned_at, reason FROM sources WHERE id = ?', source);
  const coverageBefore = coverageText(connection, source);
  const kept = continued.filter(({ kind, scope }) => coverageBefore.includes(`${kind} ${scope}\n`));
  connection.run('DELETE FROM coverage WHERE source = ?', source);
  for (const { kind, scope } of [...covered, ...kept]) {
    connection.run('INSERT OR IGNORE INTO coverage VALUES (?, ?, ?, ?)', source, kind, scope, at);
  }
  const reason = problems.length === 0 ? null : moreOf(problems);
  connection.run(
    `UPDATE sources SET health = 'fresh', scanned_at = ?, failing_since = NULL, reason = ?, ended_scan = ?,
       whole_at = coalesce(?, whole_at), clean_at = coalesce(?, clean_at) WHERE id = ?`,
    ...[at, reason, scan, isWhole ? at : null, problems.length === 0 ? at : null, source],
  );
  const wasWatched =
    before?.health === 'fresh' && before.scanned_at !== null && at - Number(before.scanned_at) <= longestGapMs;
  if (!wasWatched || !extendWatch(state)) {
    connection.run('INSERT OR REPLACE INTO watches VALUES (?, ?, ?)', source, at, at);
  }
  return before?.health !== 'fresh' || before.reason !== reason || coverageBefore !== coverageText(connection, source);
}

function moreOf(problems: readonly string[]): string {
  const [first = ''] = problems;
  return problems.length === 1 ? first : `${first} (and ${problems.length - 1} more)`;
}

function extendWatch({ connection, source, at }: ScanState): boolean {
  return (
    connection.run(
      `UPDATE watches SET seen_until = ?
       WHERE source = ? AND seen_from = (SELECT max(seen_from) FROM watches WHERE source = ?)`,
      ...[at, source, source],
    ) === 1
  );
}

function coverageText(connection: Connection, source: number): string {
  const rows = connection.all('SELECT kind, scope FROM coverage WHERE source = ? ORDER BY kind, scope', source);
  return rows.map((row) => `${row.kind} ${row.scope}\n`).join('');
}

/**
 * Facts stay; what they prove does not, as long as the source is not well. What was covered is remembered for a scan
 * that goes on from where the last good one ended. True when that is news.
 */
export function markFailed(
  connection: Connection,
  source: number,
  health: 'failing' | 'forbidden',
  reason: string,
  at: number,
): boolean {
  const before = connection.get('SELECT health, reason FROM sources WHERE id = ?', source);
  connection.run(
    'UPDATE sources SET health = ?, reason = ?, failing_since = coalesce(failing_since, ?) WHERE id = ?',
    ...[health, reason, at, source],
  );
  return before?.health !== health || before.reason !== reason;
}

/** Where a source was left by the last scan that ended well. */
export interface Progress {
  readonly cursor?: string;
  /** Epoch ms of the last scan that told all there is. */
  readonly fullScannedAt?: number;
  /** It had problems in parts. */
  readonly hadProblems: boolean;
}

export function readProgress(connection: Connection, source: number): Progress {
  const row = connection.get('SELECT cursor, full_scanned_at, health, reason FROM sources WHERE id = ?', source);
  return {
    ...(typeof row?.cursor === 'string' ? { cursor: row.cursor } : {}),
    ...(typeof row?.full_scanned_at === 'number' ? { fullScannedAt: row.full_scanned_at } : {}),
    hadProblems: row?.health === 'fresh' && row.reason !== null,
  };
}

/** A full scan that names no place to go on from has none; an incremental one then stays where it was. */
export function markProgress({ connection, source, at, incremental }: ScanState, cursor: string | undefined): void {
  if (incremental)
    connection.run('UPDATE sources SET cursor = coalesce(?, cursor) WHERE id = ?', cursor ?? null, source);
  else
    connection.run('UPDATE sources SET cursor = ?, full_scanned_at = ? WHERE id = ?', ...[cursor ?? null, at, source]);
}

/** When a source was asked again and again without a failure between, oldest first. */
export function readWatches(connection: Connection, name: string): readonly { from: number; until: number }[] {
  const rows = connection.all(
    `SELECT seen_from, seen_until FROM watches WHERE source = (SELECT id FROM sources WHERE name = ?) ORDER BY seen_from`,
    name,
  );
  return rows.map((row) => ({ from: Number(row.seen_from), until: Number(row.seen_until) }));
}

/**
 * The easiest mistake to make here is to say "covered" when one of several sources, or one page, is done.
 * Every source that could know must have finished well, and each must have covered the kind in the scope asked for.
 */
export function readCoverage(connection: Connection, kind: EntityKind, tool: string, scope?: string): Coverage {
  const asked = connection
    .all('SELECT * FROM sources ORDER BY name')
    .filter((row) => couldKnow(sourceOf(row), kind, tool, scope));
  if (asked.length === 0) return { covered: false, reason: { why: 'noConnection', tool } };
  let asOf = Number.POSITIVE_INFINITY;
  for (const row of asked) {
    const reason = unhealthy(row);
    if (reason) return { covered: false, reason };
    const whole = String(row.scope);
    const wanted = scope !== undefined && isWithin(scope, whole) ? scope : whole;
    const covered = connection
      .all('SELECT scope, as_of FROM coverage WHERE source = ? AND kind = ?', row.id ?? null, kind)
      .filter((entry) => isWithin(wanted, String(entry.scope)));
    if (covered.length === 0) return { covered: false, reason: { why: 'partial', source: String(row.name) } };
    for (const entry of covered) asOf = Math.min(asOf, Number(entry.as_of));
  }
  return { covered: true, asOf };
}

function couldKnow(source: Source, kind: EntityKind, tool: string, scope?: string): boolean {
  const speaks =
    tool === 'sql' ? warehouses.includes(source.tool) : source.tool === tool || keepsModels(source, kind, tool);
  const isNear = scope === undefined || isWithin(scope, source.scope) || isWithin(source.scope, scope);
  return speaks && isNear && source.kinds.includes(kind);
}

/** `models:/main.ml.churn` is MLflow's name of a model that Databricks keeps: without its word, none is missing. */
function keepsModels({ tool }: Source, kind: EntityKind, asked: string): boolean {
  return asked === 'mlflow' && tool === 'databricks' && (kind === 'model' || kind === 'version');
}

/** `airflow://1a2b/dags` is within `airflow://1a2b`. */
function isWithin(inner: string, outer: string): boolean {
  return inner === outer || inner.startsWith(outer.endsWith('/') ? outer : `${outer}/`);
}

function unhealthy(row: Row): UnknownReason | undefined {
  const source = String(row.name);
  const message = row.reason === null ? '' : String(row.reason);
  switch (row.health) {
    case 'never':
      return { why: 'neverScanned', source };
    case 'failing':
      return {
        why: 'failing',
        source,
        ...(row.failing_since === null ? {} : { since: Number(row.failing_since) }),
        message,
      };
    case 'forbidden':
      return { why: 'forbidden', source, message };
    default:
      return undefined;
  }
}
