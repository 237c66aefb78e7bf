// Run links: lineage between tools that runs prove by naming each other in their tags, logs and texts.
import type { Catalog } from '../catalog/catalog.ts';
import type { Edge } from '../catalog/edge.ts';
import { type EntityId, parseEntityId } from '../catalog/entity.ts';
import type { Run } from '../catalog/run.ts';

/** Of each thing, the newest ones; and of one run, its parts and those that name it. */
const most = { runs: 3, parts: 20, naming: 10 };
/** Who starts whom, where both name each other; the other way round has not been seen. */
const starters = ['airflow', 'databricks', 'ray', 'dbt', 'snowflake', 'mlflow'];

/** Edges between runs, of relation `runs`, from who started to who was started. */
export interface RunLinks {
  /** Who started runs of it. */
  readonly upstream: readonly Edge[];
  /** Whom its runs started. */
  readonly downstream: readonly Edge[];
}

export const noLinks: RunLinks = { upstream: [], downstream: [] };

/** Whether it may have runs of its own; tasks are asked as parts of their jobs. */
export function hasRuns(id: EntityId): boolean {
  return /^(?:job|experiment|run):/.test(id);
}

export function runLinks(catalog: Catalog, id: EntityId): RunLinks {
  const run = catalog.run(id);
  const newest = run ? [run] : catalog.runs(id, { limit: most.runs });
  const all = newest.flatMap((whole) => [whole, ...catalog.childRuns(whole.id).slice(0, most.parts)]);
  const found = new Map<string, Edge>();
  for (const part of all) {
    const named = part.linked.flatMap((other) => catalog.run(other) ?? []);
    const links = [
      ...named.map((other) => linkOf(part, other)),
      ...catalog.runsUsing(part.id, 'names', most.naming).map((other) => linkOf(other, part)),
    ];
    for (const edge of links) if (edge) found.set(`${edge.from} ${edge.to}`, edge);
  }
  const own = new Set(all.map((part) => part.id));
  const edges = [...found.values()];
  return { upstream: edges.filter(({ to }) => own.has(to)), downstream: edges.filter(({ from }) => own.has(from)) };
}

/** Undefined for runs of one tool, and where nobody knows who starts whom. */
function linkOf(naming: Run, named: Run): Edge | undefined {
  const [one, other] = [naming.id, named.id].map((id) => starters.indexOf(parseEntityId(id)?.tool ?? ''));
  if (one === undefined || other === undefined || one < 0 || other < 0 || one === other) return undefined;
  const [from, to] = one < other ? [naming.id, named.id] : [named.id, naming.id];
  const evidence = `${toolOf(naming)} run ${naming.name} names ${toolOf(named)} run ${named.name}`;
  return { from, to, relation: 'runs', origin: 'matched', evidence };
}

function toolOf({ id }: Run): string {
  return parseEntityId(id)?.tool ?? '';
}
