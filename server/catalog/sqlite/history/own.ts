// Own records: what a tool's own times say of the past, where nobody watched: starts and ends of runs, creation of versions.
import type { AsOf } from '../../asOf.ts';
import { type EntityId, parseEntityId } from '../../entity.ts';
import type { Facts } from '../../facts.ts';
import type { Run } from '../../run.ts';
import type { Connection } from '../connection.ts';
import { decode } from '../json.ts';

/** Undefined when the tool keeps no such record of the field. */
export function ownRecordOf(connection: Connection, id: EntityId, field: string, time: number): AsOf | undefined {
  if (field === 'status') return statusOf(connection, id, time);
  if (field === 'latestVersion') return newestVersion(connection, id, time);
  return undefined;
}

/** Before its start a run had no status that counts. */
function statusOf(connection: Connection, id: EntityId, time: number): AsOf | undefined {
  const row = connection.get(
    `SELECT r.body, r.as_of, s.name FROM runs r JOIN sources s ON s.id = r.source WHERE r.id = ?
     ORDER BY r.as_of DESC LIMIT 1`,
    id,
  );
  if (!row) return undefined;
  const { status, startedAt, endedAt } = decode<Run>(String(row.body));
  const own = { answer: 'known', source: String(row.name), evidence: 'the start and end of the run' } as const;
  if (endedAt !== undefined && time >= endedAt) return { ...own, value: status, since: endedAt };
  if (startedAt === undefined) return undefined;
  if (time < startedAt) return { ...own, until: startedAt };
  if (endedAt === undefined && time > Number(row.as_of)) return undefined;
  return { ...own, value: 'running', since: startedAt, ...(endedAt === undefined ? {} : { until: endedAt }) };
}

const mostVersions = 2000;

/** Of the versions that are still there; one that was deleted since is not known of. */
function newestVersion(connection: Connection, id: EntityId, time: number): AsOf | undefined {
  const rows = connection.all(
    `SELECT DISTINCT e.id, e.facts, s.name FROM edges g JOIN entities e ON e.id = g.to_id JOIN sources s ON s.id = e.source
     WHERE g.from_id = ? AND g.relation = 'contains' AND e.kind = 'version' AND e.gone_at IS NULL LIMIT ?`,
    ...[id, mostVersions],
  );
  const versions = rows
    .map((row) => ({
      source: String(row.name),
      value: parseEntityId(String(row.id))?.segments.at(-1),
      at: typeof row.facts === 'string' ? decode<Facts>(row.facts).createdAt : undefined,
    }))
    .flatMap(({ at, ...rest }) => (at === undefined ? [] : [{ ...rest, at }]))
    .sort((a, b) => a.at - b.at);
  const [last, next] = [versions.findLast(({ at }) => at <= time), versions.find(({ at }) => at > time)];
  if (!last || rows.length === mostVersions) return undefined;
  const { source, value, at: since } = last;
  const evidence = 'creation of the versions that are there now';
  return { answer: 'known', value, since, ...(next ? { until: next.at } : {}), source, evidence };
}
