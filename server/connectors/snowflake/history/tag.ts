// Tag: what a QUERY_TAG or the comment of a statement says of who asked: a node of dbt, a task of Airflow, or another run's id; pure.
import { type EntityId, entityId } from '../../../catalog/entity.ts';
import { type KnownInstances, mine } from '../../../catalog/mine.ts';
import { isRecord, type JsonRecord, oneLine } from '../../json.ts';
import type { OriginOfQuery, QueryOrigin } from '../../queryOrigin.ts';

export interface Asker {
  /** What a tool whose marks are known (dbt) says of itself. */
  readonly origin?: QueryOrigin;
  /** Runs of other tools. */
  readonly linked: readonly EntityId[];
  /** Jobs and tasks that it is a run of. */
  readonly of: readonly EntityId[];
  /** For people. */
  readonly words?: string;
}

const longest = 4_000;

/** QUERY_TAG is free text; teams write JSON with `dag_id`, `task_id` and `run_id` into it, for Airflow has no form of its own. */
export function askerOf(
  { tag, statement }: { readonly tag?: string; readonly statement?: string },
  instances: KnownInstances,
  originOf: OriginOfQuery,
): Asker {
  const origin = originOf(
    { ...(statement === undefined ? {} : { text: statement }), ...(tag === undefined ? {} : { tag }) },
    instances,
  );
  const said = jsonIn(tag);
  const one = (...keys: readonly string[]): string | undefined =>
    keys.flatMap((key) => oneLine(said?.[key], 300) ?? [])[0];
  const linked = new Set<EntityId>([
    ...(origin?.runs ?? []),
    ...mine(`${tag ?? ''}\n${(statement ?? '').slice(0, longest)}`, instances),
  ]);
  const of = new Set<EntityId>();
  const [dag, task] = [one('dag_id', 'airflow_dag_id', 'dag'), one('task_id', 'airflow_task_id', 'task')];
  const run = one('run_id', 'dag_run_id', 'airflow_run_id');
  for (const instance of instances.airflow) {
    if (dag && task) of.add(entityId('task', 'airflow', instance, dag, task));
    if (dag && run) linked.add(entityId('run', 'airflow', instance, dag, run, ...(task ? [task] : [])));
  }
  const words = origin?.node ?? (dag && task ? `${dag}.${task}` : oneLine(tag, 200));
  return { linked: [...linked], of: [...of], ...(origin ? { origin } : {}), ...(words ? { words } : {}) };
}

function jsonIn(words: string | undefined): JsonRecord | undefined {
  if (words === undefined || words.length > longest) return undefined;
  try {
    const value: unknown = JSON.parse(words);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
