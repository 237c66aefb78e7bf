// Changes: what a statement of the history did to a thing itself: owner, pause, schedule, default version, definition; pure.
import type { PastChange } from '../../../catalog/change.ts';
import type { EntityId } from '../../../catalog/entity.ts';
import type { Row } from '../ask/rows.ts';
import { idsOf, type ObjectName, type Place } from '../ids.ts';
import { type Graphs, scheduleOf } from '../objects/tasks.ts';
import { namePattern, qualified, withoutComments } from './target.ts';

/** How such statements begin, for LIKE. */
export const changing = [
  ...['ALTER TASK %', 'ALTER TABLE %', 'ALTER VIEW %', 'ALTER DYNAMIC %', 'ALTER MODEL %', 'GRANT OWNERSHIP %'],
  ...['DROP TABLE %', 'DROP VIEW %', 'DROP TASK %', 'CREATE OR REPLACE TASK %', 'CREATE OR REPLACE DYNAMIC %'],
] as const;

type What = 'table' | 'task' | 'model';

interface Change {
  readonly what: What;
  readonly name: string;
  readonly field: string;
  readonly value: string;
}

const longest = 200;
const kinds: Readonly<Record<string, What>> = { task: 'task', model: 'model' };
const object = '(table|view|dynamic\\s{1,9}table|task|model)';
const exists = '(?:if\\s{1,9}exists\\s{1,9})?';
const begins = (pattern: string): RegExp => new RegExp(`^${pattern}`, 'i');
const word = '("(?:[^"]|""){1,255}"|[\\w$]{1,255})';

const paused = begins(`alter\\s{1,9}task\\s{1,9}${exists}${namePattern}\\s{1,9}(suspend|resume)\\b`);
const scheduled = begins(`alter\\s{1,9}task\\s{1,9}${exists}${namePattern}\\s{1,9}set\\s`);
const owned = begins(
  `grant\\s{1,9}ownership\\s{1,9}on\\s{1,9}${object}\\s{1,9}${namePattern}\\s{1,9}to\\s{1,9}role\\s{1,9}${word}`,
);
const byDefault = begins(
  `alter\\s{1,9}model\\s{1,9}${exists}${namePattern}\\s{1,9}set\\s{1,9}default_version\\s{0,9}=\\s{0,9}${word}`,
);
const aliased = begins(
  `alter\\s{1,9}model\\s{1,9}${exists}${namePattern}\\s{1,9}version\\s{1,9}${word}\\s{1,9}set\\s{1,9}alias\\s{0,9}=\\s{0,9}${word}`,
);
/** Columns, names and bodies; not comments, tags, clustering and the like. */
const redefined = [
  begins(
    `alter\\s{1,9}${object}\\s{1,9}${exists}${namePattern}\\s{1,9}(?:add|drop|rename|alter|modify|swap|set\\s{1,9}target_lag)\\b`,
  ),
  begins(`drop\\s{1,9}${object}\\s{1,9}${exists}${namePattern}`),
  begins(`create\\s{1,9}or\\s{1,9}replace\\s{1,9}(task|dynamic\\s{1,9}table)\\s{1,9}${namePattern}`),
];

/** Statements as documented on docs.snowflake.com under sql-reference/sql (alter-task, alter-model, grant-ownership …), read 2026-11-24. */
export function changeIn(statement: string): Change | undefined {
  const text = withoutComments(statement.slice(0, 20_000)).slice(0, 4_000);
  const [, pausedTask, how] = paused.exec(text) ?? [];
  if (pausedTask && how)
    return { what: 'task', name: pausedTask, field: 'paused', value: String(how.toLowerCase() === 'suspend') };
  const [, scheduledTask] = scheduled.exec(text) ?? [];
  const { schedule } = scheduleOf(
    scheduledTask ? /\bschedule\s{0,9}=\s{0,9}'([^']{1,200})'/i.exec(text)?.[1] : undefined,
  );
  if (scheduledTask && schedule) return { what: 'task', name: scheduledTask, field: 'schedule', value: schedule };
  const [, ofKind, ownedName, role] = owned.exec(text) ?? [];
  if (ofKind && ownedName && role) return { what: whatOf(ofKind), name: ownedName, field: 'owner', value: plain(role) };
  const [, model, version] = byDefault.exec(text) ?? [];
  if (model && version) return { what: 'model', name: model, field: 'alias DEFAULT', value: plain(version) };
  const [, called, of, alias] = aliased.exec(text) ?? [];
  if (called && of && alias) return { what: 'model', name: called, field: `alias ${plain(alias)}`, value: plain(of) };
  const words = text.replace(/\s+/g, ' ').trim().slice(0, longest);
  for (const pattern of redefined) {
    const [, kind, name] = pattern.exec(text) ?? [];
    if (kind && name) return { what: whatOf(kind), name, field: 'definition', value: words };
  }
  return undefined;
}

function whatOf(kind: string): What {
  return kinds[kind.toLowerCase()] ?? 'table';
}

/** As Snowflake keeps it. */
function plain(word: string): string {
  return word.startsWith('"') ? word.slice(1, -1).replaceAll('""', '"') : word.toUpperCase();
}

export interface ChangeContext {
  readonly place: Place;
  readonly graphs: Graphs;
  /** Of things that nobody knows nothing is told: temporary ones come and go all the time. */
  readonly isKnown: (id: EntityId) => boolean;
}

/** A statement that succeeded, as what it changed; a task that begins a graph is the job as well. */
export function changesIn(row: Row, { place, graphs, isKnown }: ChangeContext): readonly PastChange[] {
  const [statement, query] = [row.raw('query_text'), row.raw('query_id')];
  const at = row.time('end_time') ?? row.time('start_time');
  const isDone = row.raw('execution_status')?.toUpperCase() === 'SUCCESS';
  if (statement === undefined || query === undefined || at === undefined || !isDone) return [];
  const change = changeIn(statement);
  const name = change && qualified(change.name, [row.raw('database_name'), row.raw('schema_name')]);
  if (!name) return [];
  const { field, value, what } = change;
  const said = withoutComments(statement).replace(/\s+/g, ' ').slice(0, longest);
  const evidence = `Snowflake query ${query.toLowerCase()}: ${row.line('user_name', 200) ?? 'somebody'} ran ${said}`;
  return entitiesOf(what, name, { place, graphs })
    .filter(isKnown)
    .map((entity) => ({ entity, field, value, at, evidence }));
}

function entitiesOf(
  what: What,
  name: ObjectName,
  { place, graphs }: Pick<ChangeContext, 'place' | 'graphs'>,
): readonly EntityId[] {
  const ids = idsOf(place);
  if (what !== 'task') return [what === 'model' ? ids.model(name) : ids.table(name)];
  const root = graphs.rootOf(name);
  const isRoot = root.join('\n') === name.join('\n');
  return [...(isRoot ? [ids.job(name)] : []), ids.task(root, name[2])];
}
