// Runs: the results of the last dbt command as runs of its tables and tests; pure.
import type { Content } from '../../catalog/content.ts';
import { type EntityId, entityId } from '../../catalog/entity.ts';
import { type KnownInstances, mine } from '../../catalog/mine.ts';
import type { DataUse, LogPlace, Run, RunStatus } from '../../catalog/run.ts';
import { oneLine, said } from '../json.ts';
import type { ManifestNode, NodeResult, RunResults } from './artifacts.ts';
import { nodeId } from './tables.ts';

/** Commands that build or test. `docs generate` and `compile` write run_results.json too, with `success` for mere compiling. */
const executing = ['build', 'run', 'test', 'seed', 'snapshot', 'retry', 'clone'];

const statuses: Readonly<Record<string, RunStatus>> = {
  success: 'success',
  pass: 'success',
  warn: 'success',
  reused: 'success',
  error: 'failed',
  fail: 'failed',
  'partial success': 'failed',
  'runtime error': 'failed',
  skipped: 'skipped',
  'no-op': 'skipped',
};

export interface RunContext {
  readonly project: string;
  /** By unique id. */
  readonly nodes: ReadonlyMap<string, ManifestNode>;
  readonly logs: readonly LogPlace[];
  readonly instances: KnownInstances;
  /** Of the run of dbt Cloud that this command was a part of. */
  readonly parent?: EntityId;
  readonly commit?: string;
  /** What it built of a node, where that is known. */
  readonly contentOf?: (node: ManifestNode, run: EntityId) => Content | undefined;
  readonly branch?: string;
  readonly environment?: string;
  readonly url?: string;
}

/** Empty when the last command built and tested nothing. */
export function* runsOf(results: RunResults, context: RunContext): Generator<Run, void, void> {
  if (results.which !== undefined && !executing.includes(results.which)) return;
  const linked = mine(results.environmentText, context.instances);
  for (const result of results.results) {
    const node = context.nodes.get(result.uniqueId);
    const of = node && nodeId(context.project, node);
    if (node && of && node.type !== 'exposure') yield runOf(result, node, of, results, context, linked);
  }
}

function runOf(
  result: NodeResult,
  node: ManifestNode,
  of: EntityId,
  results: RunResults,
  context: RunContext,
  linked: readonly EntityId[],
): Run {
  const { project, nodes, instances, parent, branch, url } = context;
  const status = statuses[result.status] ?? 'unknown';
  const made = of.startsWith('table:') ? use(project, node) : [];
  // The query's own id leads to the warehouse's record of it.
  const asked = result.queryId === undefined ? [] : mine(`query_id: ${result.queryId}`, instances);
  const id = entityId('run', 'dbt', project, results.invocation ?? 'last', result.uniqueId);
  return said<Run>({
    id,
    of: [of],
    name: `dbt ${results.which ?? 'run'} ${node.name}`,
    status,
    startedAt: result.startedAt ?? (status === 'skipped' ? undefined : results.generatedAt),
    endedAt: result.endedAt ?? results.generatedAt,
    commit: results.commit ?? context.commit,
    content: context.contentOf?.(node, id),
    environment: context.environment ?? results.target,
    ...{ parent, branch, url },
    message: messageOf(result, status),
    metrics: result.failures === undefined ? [] : [failuresPoint(result, results)],
    params: result.queryId ? [{ name: 'query id', value: result.queryId }] : [],
    inputs: node.dependsOn.flatMap((key): DataUse[] => use(project, nodes.get(key))),
    outputs: status === 'success' ? made.map((data) => said({ ...data, rows: result.rowsAffected })) : [],
    logs: status === 'failed' ? context.logs : [],
    linked: [...linked, ...asked],
  });
}

function use(project: string, node: ManifestNode | undefined): DataUse[] {
  const id = node && nodeId(project, node);
  return node && id?.startsWith('table:') ? [{ id, name: node.relationName ?? node.name }] : [];
}

function failuresPoint(result: NodeResult, results: RunResults): Run['metrics'][number] {
  return { name: 'failures', value: result.failures ?? 0, at: result.endedAt ?? results.generatedAt ?? 0 };
}

/** `Database Error in model x (models/x.sql): column "churned" does not exist`: the heading and the first line under it. */
function messageOf(result: NodeResult, status: RunStatus): string | undefined {
  if (status === 'success' && result.status !== 'warn') return undefined;
  const [heading, ...rest] = (result.message ?? '').split('\n').map((line) => oneLine(line) ?? '');
  const detail = rest.find((line) => line !== '');
  return oneLine(detail ? `${heading}: ${detail}` : heading);
}
