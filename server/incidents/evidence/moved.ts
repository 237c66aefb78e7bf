// Moved: what was changed around a run just before it went bad: aliases, columns, schedules, definitions, deployments.
import type { FieldChange } from '../../catalog/asOf.ts';
import type { Catalog } from '../../catalog/catalog.ts';
import { type EntityId, entityId, parseEntityId } from '../../catalog/entity.ts';
import type { Run } from '../../catalog/run.ts';
import type { Evidence } from '../../protocol/incident.ts';
import { endOf, nameOf, startOf, whole } from '../trouble/runs.ts';
import type { Start } from './starts.ts';
import { columnHop, seenWords } from './tableChanges.ts';

const mostHops = 3;
const mostThings = 20;
/** How far back one looks when no good run is known. */
const usualMs = 7 * 24 * 3_600_000;
/** Fields whose value says in words what was done. */
const deeds: ReadonlyMap<string, string> = new Map([
  ['definition', 'was altered'],
  ['deployment', 'was deployed'],
  ['change', 'was changed'],
]);

/** Changes between the last good run and the bad one, newest first; nothing is said twice. */
export function movedHops(start: Start, ran: Run, catalog: Catalog): readonly Evidence[] {
  const until = endOf(ran) || startOf(ran);
  const since = start.lastGood ? startOf(start.lastGood) : until - usualMs;
  const said = new Set(start.evidence.map(({ title }) => title));
  const changes = thingsOf(start, ran, catalog)
    .flatMap((id) => catalog.changes(id).map((change) => ({ id, change })))
    .filter(({ change }) => change.to >= since && change.from <= until)
    .sort((a, b) => b.change.to - a.change.to);
  const hops = changes.flatMap(({ id, change }) => hopOf(catalog, id, change) ?? []);
  return hops.filter(({ title }) => !said.has(title) && said.add(title)).slice(0, mostHops);
}

/** What it is a run of, what it read, and the models of the versions it read. */
function thingsOf({ about, run }: Start, ran: Run, catalog: Catalog): readonly EntityId[] {
  const runs = [ran, whole(catalog, ran), ...(run ? [run] : [])];
  const used = runs.flatMap(({ of, inputs }) => [...of, ...inputs.flatMap(({ id }) => id ?? [])]);
  const things = [...(about === undefined ? [] : [about]), ...used];
  return [...new Set(things.flatMap((id) => [id, ...modelOf(id)]))].slice(0, mostThings);
}

function modelOf(id: EntityId): readonly EntityId[] {
  const parts = parseEntityId(id);
  if (parts?.kind !== 'version') return [];
  return [entityId('model', parts.tool, parts.instance, ...parts.segments.slice(0, -1))];
}

function hopOf(catalog: Catalog, id: EntityId, change: FieldChange): Evidence | undefined {
  const { field, before, after, to, source } = change;
  if (field === 'columns') return columnHop(catalog, id, change);
  const name = nameOf(catalog, id);
  const alias = field.startsWith('alias ') ? field.slice('alias '.length) : undefined;
  const from = before === undefined ? '' : ` from ${before}`;
  const into = after === undefined ? ' to none' : ` to ${after}`;
  const deed = after === undefined ? undefined : deeds.get(field);
  if (alias === undefined && field !== 'schedule' && field !== 'stage' && !deed) return undefined;
  const title = deed
    ? `${name} ${deed}: ${after}`
    : alias === undefined
      ? `The ${field} of ${name} changed${from}${into}`
      : `${alias} of ${name} moved${from}${into}`;
  return { status: 'found', title, reason: seenWords(change), source, at: to, about: id };
}
