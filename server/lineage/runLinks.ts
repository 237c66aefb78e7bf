// Run links: lineage that runs prove: by naming runs of other tools, and by what they read and wrote.
import type { Catalog } from '../catalog/catalog.ts';
import type { Edge } from '../catalog/edge.ts';
import { type EntityId, entityId, parseEntityId } from '../catalog/entity.ts';
import type { Run } from '../catalog/run.ts';

/** Of each thing, the newest ones; and of one run, its parts and those that name it. */
const most = { runs: 3, parts: 20, naming: 10, using: 5 };
/** Who starts whom, where both name each other; the other way round has not been seen. */
const starters = ['airflow', 'databricks', 'ray', 'dbt', 'snowflake', 'mlflow'];

/** Edges from or to runs, which stand for the thing that they are runs of. */
export interface RunLinks {
  /** What its runs read, and who started them; of data, what wrote it. */
  readonly upstream: readonly Edge[];
  /** What its runs wrote, and whom they started; of data, what read it. */
  readonly downstream: readonly Edge[];
}

export const noLinks: RunLinks = { upstream: [], downstream: [] };

/** Whether runs may say something of it; tasks are asked as parts of their jobs. */
export function hasRuns(id: EntityId): boolean {
  return /^(?:job|experiment|run|table|path|model|version|endpoint):/.test(id);
}

export function runLinks(catalog: Catalog, id: EntityId): RunLinks {
  const run = catalog.run(id);
  const newest = run ? [run] : catalog.runs(id, { limit: most.runs });
  const all = newest.flatMap((whole) => [whole, ...catalog.childRuns(whole.id).slice(0, most.parts)]);
  const started = all.flatMap((part) => startsOf(catalog, part));
  const own = new Set(all.map((part) => part.id));
  return {
    upstream: distinct([
      ...started.filter(({ to }) => own.has(to)),
      ...all.flatMap((part) => part.inputs.flatMap(({ id: data }) => (data ? [reading(data, part)] : []))),
      ...catalog.runsUsing(id, 'writes', most.using).map((writer) => writing(writer, id)),
    ]),
    downstream: distinct([
      ...started.filter(({ from }) => own.has(from)),
      ...all.flatMap((part) => part.outputs.flatMap(({ id: data }) => (data ? [writing(part, data)] : []))),
      ...catalog.runsUsing(id, 'reads', most.using).map((reader) => reading(id, reader)),
    ]),
  };
}

function distinct(edges: readonly Edge[]): readonly Edge[] {
  return [...new Map(edges.map((edge) => [`${edge.from} ${edge.relation} ${edge.to}`, edge])).values()];
}

function reading(data: EntityId, run: Run): Edge {
  return { from: data, to: run.id, relation: 'reads', origin: 'reported', evidence: `${called(run)} read it` };
}

function writing(run: Run, data: EntityId): Edge {
  return { from: run.id, to: data, relation: 'writes', origin: 'reported', evidence: `${called(run)} wrote it` };
}

function startsOf(catalog: Catalog, run: Run): readonly Edge[] {
  const named = run.linked.flatMap((id) => runNamed(catalog, id) ?? []);
  const naming = namesOf(run.id).flatMap((id) => catalog.runsUsing(id, 'names', most.naming));
  return [...named.map((other) => linkOf(run, other)), ...naming.map((other) => linkOf(other, run))].flatMap(
    (edge) => edge ?? [],
  );
}

/** Of a task of Airflow that is named without its try, the run of the DAG. */
function runNamed(catalog: Catalog, id: EntityId): Run | undefined {
  const { tool, instance = '', segments = [] } = parseEntityId(id) ?? {};
  const [dag = '', run = ''] = segments;
  return catalog.run(id) ?? (tool === 'airflow' ? catalog.run(entityId('run', tool, instance, dag, run)) : undefined);
}

/** By which others may name it: a try of Airflow also by its task alone. */
function namesOf(id: EntityId): readonly EntityId[] {
  const { tool, instance = '', segments = [] } = parseEntityId(id) ?? {};
  const [dag = '', run = '', task, ...attempt] = segments;
  if (tool !== 'airflow' || task === undefined || attempt.length === 0) return [id];
  return [id, entityId('run', tool, instance, dag, run, task)];
}

/** Undefined for runs of one tool, and where nobody knows who starts whom. */
function linkOf(naming: Run, named: Run): Edge | undefined {
  const [one, other] = [naming.id, named.id].map((id) => starters.indexOf(parseEntityId(id)?.tool ?? ''));
  if (one === undefined || other === undefined || one < 0 || other < 0 || one === other) return undefined;
  const [from, to] = one < other ? [naming.id, named.id] : [named.id, naming.id];
  return { from, to, relation: 'runs', origin: 'matched', evidence: `${called(naming)} names ${called(named)}` };
}

function called({ id, name }: Run): string {
  return `${parseEntityId(id)?.tool} run ${name}`;
}
