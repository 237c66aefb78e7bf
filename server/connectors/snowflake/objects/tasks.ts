// Tasks: graphs of tasks as jobs with their tasks, and what their definitions write; pure.
import { CronExpressionParser } from 'cron-parser';
import type { SeenEntity } from '../../../catalog/change.ts';
import type { Edge } from '../../../catalog/edge.ts';
import type { Facts } from '../../../catalog/facts.ts';
import { said } from '../../json.ts';
import { writtenBy } from '../history/target.ts';
import { idsOf, type ObjectName, type Place, written } from '../ids.ts';
import { keyOf } from './scan.ts';
import type { StoredTask } from './shapes.ts';
import { mentioned } from './tables.ts';

/** The root of each graph: by task, and by the id that the history of tasks has for the root. */
export interface Graphs {
  rootOf(task: ObjectName): ObjectName;
  rootById(id: string): ObjectName | undefined;
  /** Whether it may run code that logs: a call or a block. Yes for a task that is not seen. */
  mayLog(task: ObjectName): boolean;
}

/** A task whose predecessors are not seen is a root; circles, which Snowflake does not allow, end somewhere. */
export function graphsOf(tasks: readonly StoredTask[]): Graphs {
  const byName = new Map(tasks.map((task) => [keyOf(task.name), task]));
  const roots = new Map<string, ObjectName>();
  const rootOf = (name: ObjectName): ObjectName => {
    const path: string[] = [];
    let at = name;
    for (;;) {
      const key = keyOf(at);
      const known = roots.get(key);
      const task = byName.get(key);
      const next = task?.finalizes ?? task?.needs[0];
      const isEnd = known !== undefined || next === undefined || path.includes(key) || path.length > 1000;
      if (isEnd) {
        const root = known ?? at;
        for (const one of [...path, key]) roots.set(one, root);
        return root;
      }
      path.push(key);
      at = next;
    }
  };
  const ids = new Map(tasks.flatMap(({ task, name }) => (task === undefined ? [] : [[task, name] as const])));
  const mayLog = (name: ObjectName): boolean => {
    const { definition } = byName.get(keyOf(name)) ?? {};
    return definition === undefined || /\b(?:call|begin|declare|execute)\b/i.test(definition);
  };
  return { rootOf, rootById: (id) => ids.get(id), mayLog };
}

export interface Jobs {
  readonly entities: readonly SeenEntity[];
  readonly edges: readonly Edge[];
}

export function jobsOf(tasks: readonly StoredTask[], graphs: Graphs, place: Place): Jobs {
  const entities: SeenEntity[] = [];
  const edges: Edge[] = [];
  const targets = new Map<string, ObjectName>();
  for (const task of tasks) {
    const root = graphs.rootOf(task.name);
    const isRoot = keyOf(root) === keyOf(task.name);
    if (isRoot) entities.push(jobOf(task, place));
    entities.push(taskOf(task, root, place));
    edges.push(...edgesOf(task, root, place));
    const target = task.definition === undefined ? undefined : writtenBy(task.definition, task.name);
    if (target) targets.set(keyOf(target), target);
  }
  for (const target of targets.values()) entities.push(mentioned(target, place));
  return { entities, edges };
}

function jobOf(task: StoredTask, place: Place): SeenEntity {
  return {
    id: idsOf(place).job(task.name),
    kind: 'job',
    name: written(task.name),
    aliases: [task.name[2]],
    facts: said<Facts>({
      ...scheduleOf(task.schedule),
      description: task.comment ?? task.suspendedBecause,
      owner: task.owner,
      paused: task.isSuspended,
      createdAt: task.createdAt,
      url: taskUrl(task.name, place),
    }),
  };
}

function taskOf(task: StoredTask, root: ObjectName, place: Place): SeenEntity {
  const [, , own] = task.name;
  return {
    id: idsOf(place).task(root, own),
    kind: 'task',
    name: `${written(root)}.${own}`,
    aliases: [`${root[2]}.${own}`, own],
    facts: said<Facts>({
      description: task.comment,
      owner: task.owner,
      operator: 'Snowflake task',
      pool: task.warehouse ?? 'serverless',
      paused: task.isSuspended,
      createdAt: task.createdAt,
      compiledSql: task.definition,
      url: taskUrl(task.name, place),
    }),
  };
}

function edgesOf(task: StoredTask, root: ObjectName, place: Place): readonly Edge[] {
  const ids = idsOf(place);
  const id = ids.task(root, task.name[2]);
  const target = task.definition === undefined ? undefined : writtenBy(task.definition, task.name);
  const edge = (from: string, to: string, relation: Edge['relation'], evidence: string): Edge => ({
    ...{ from, to, relation, evidence },
    origin: 'reported',
  });
  return [
    edge(ids.job(root), id, 'contains', 'SHOW TASKS of Snowflake'),
    ...task.needs.map((need) => edge(ids.task(root, need[2]), id, 'runs', 'predecessors of the Snowflake task')),
    ...(target
      ? [edge(id, ids.table(target), 'writes', `definition of the Snowflake task ${written(task.name)}`)]
      : []),
  ];
}

function taskUrl([database, schema, task]: ObjectName, { url }: Place): string | undefined {
  if (url === undefined) return undefined;
  const [d, s, t] = [database, schema, task].map(encodeURIComponent);
  return `${url}/#/data/databases/${d}/schemas/${s}/task/${t}`;
}

const unitMs = { second: 1_000, minute: 60_000, hour: 3_600_000 } as const;

/** `USING CRON 0 9 * * * UTC`, `60 MINUTE` (docs.snowflake.com/sql-reference/sql/create-task, 2026-11). */
export function scheduleOf(schedule: string | undefined): Pick<Facts, 'schedule' | 'periodMs'> {
  if (schedule === undefined) return {};
  const every = /^\s*(\d{1,6})\s*(second|minute|hour)s?\s*$/i.exec(schedule);
  if (every) {
    const unit = every[2]?.toLowerCase();
    const ms = unit === 'second' || unit === 'minute' || unit === 'hour' ? unitMs[unit] : 0;
    return { schedule, periodMs: Number(every[1]) * ms };
  }
  const cron = /^\s*using cron ((?:\S{1,60} ){4}\S{1,60})(?: (\S{1,60}))?\s*$/i.exec(schedule);
  if (!cron) return { schedule };
  const [, fields = '', zone] = cron;
  return said({ schedule: zone === undefined ? fields : `${fields} (${zone})`, periodMs: periodOf(fields) });
}

/** The longest of the next waits in ms; undefined when it cannot be read, or is so irregular that no wait is late. */
function periodOf(fields: string): number | undefined {
  try {
    const expression = CronExpressionParser.parse(fields, { currentDate: new Date(0), tz: 'UTC' });
    const times = Array.from({ length: 8 }, () => expression.next().getTime());
    const waits = times.slice(1).map((time, index) => time - (times[index] ?? time));
    const [least, longest] = [Math.min(...waits), Math.max(...waits)];
    return longest > 0 && longest <= least * 8 ? longest : undefined;
  } catch {
    return undefined;
  }
}
