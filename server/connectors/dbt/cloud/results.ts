// Results: the artifacts that one run of dbt Cloud left, read like those of a target folder on this machine.
import type { CatalogChange } from '../../../catalog/change.ts';
import type { Edge } from '../../../catalog/edge.ts';
import { remoteLog } from '../../../catalog/run.ts';
import { type NodeResult, readCatalog, readFreshness, readManifest, readRunResults } from '../artifacts.ts';
import { type Command, pagesOf } from '../pages.ts';
import { type Artifacts, nodeId } from '../tables.ts';
import { type Account, runId, taskId } from './entities.ts';
import { instancesOf, type KeptManifest, type Live } from './live.ts';
import { logKey } from './logs.ts';
import type { StoredRun, StoredStep } from './shapes.ts';

const mostSteps = 10;
/** Of tens of MB each. */
const mostManifests = 3;
/** Builds or tests something; options may stand before the command. */
const executing = /^dbt (?:-\S+ (?:[^-\s]\S* )??)*(?:build|run|test|seed|snapshot|retry|clone)(?: |$)/;

/** Jobs that try changes write to schemas that are dropped afterwards. */
export function isTrial(run: StoredRun, { jobs }: Account): boolean {
  return /^(ci|merge)$/.test(jobs.get(run.job ?? '')?.type ?? '');
}

/** Nothing where it left no manifest. Rejects like `fetch`. `run` with its steps. */
export async function* resultsOf(
  run: StoredRun,
  account: Account,
  live: Live,
  signal: AbortSignal,
): AsyncGenerator<CatalogChange, void, void> {
  const manifest = await manifestOf(run, account, live, signal);
  if (manifest === undefined) return;
  const ask = (file: string, step?: number) => artifact(file, run, account, live, signal, step);
  const named = (pattern: RegExp) => run.steps.find(({ name, status }) => status === 10 && pattern.test(name))?.index;
  const catalog = readCatalog(run.hasDocs ? await ask('catalog.json', named(/docs/i)) : undefined);
  const freshness = readFreshness(run.hasFreshness ? await ask('sources.json', named(/freshness/i)) : undefined);
  const commands = await commandsOf(run, account, live, signal);
  const artifacts: Artifacts = {
    project: manifest.projectName ?? account.projects.get(run.project ?? '') ?? run.project ?? account.key,
    manifest,
    byId: new Map(manifest.nodes.map((node) => [node.uniqueId, node])),
    catalog,
    freshness: new Map(freshness.results.map((result) => [result.uniqueId, result])),
    sourceLine: () => 1,
    before: (id) => live.catalog?.facts(id) ?? {},
    compiled: new Map(
      commands.flatMap(({ results }) =>
        results.results.flatMap(({ uniqueId, compiledSql }) => (compiledSql ? [[uniqueId, compiledSql] as const] : [])),
      ),
    ),
  };
  yield* pagesOf(artifacts, commands, freshness);
  const edges = commands.flatMap(({ results, step }) => writtenBy(step, results.results, run, account, artifacts));
  for (let from = 0; from < edges.length; from += 1000) yield { edges: edges.slice(from, from + 1000) };
}

/** Which step of the job builds which table: what a run of it built. */
function writtenBy(
  step: StoredStep | undefined,
  results: readonly NodeResult[],
  { job = '' }: StoredRun,
  account: Account,
  { project, byId }: Artifacts,
): readonly Edge[] {
  const command = step?.command;
  if (command === undefined || !account.jobs.get(job)?.steps.includes(command)) return [];
  const from = taskId(account.key, job, command);
  return results.flatMap(({ uniqueId, status }): Edge[] => {
    const node = status === 'success' ? byId.get(uniqueId) : undefined;
    const to = node && nodeId(project, node);
    const evidence = `dbt Cloud job ${job}: run_results.json of ${command}`;
    return to?.startsWith('table:') ? [{ from, to, relation: 'writes', origin: 'reported', evidence }] : [];
  });
}

interface CloudCommand extends Command {
  readonly step?: StoredStep;
}

/** Each command leaves its own; without knowledge of the steps, those of the last one. */
async function commandsOf(
  run: StoredRun,
  account: Account,
  live: Live,
  signal: AbortSignal,
): Promise<readonly CloudCommand[]> {
  const steps = run.steps.filter(({ command }) => command !== undefined && executing.test(`${command} `));
  const wanted: readonly (StoredStep | undefined)[] = run.steps.length === 0 ? [undefined] : steps.slice(-mostSteps);
  const commands = new Map<string, CloudCommand>();
  for (const step of wanted) {
    const json = await artifact('run_results.json', run, account, live, signal, step?.index);
    if (json === undefined) continue;
    const results = readRunResults(json);
    const { commit, branch, url } = run;
    const environment = account.environments.get(run.environment ?? '');
    const key = { account: account.id, run: run.id, ...(step === undefined ? {} : { step: step.index }) };
    const title = step?.command ?? 'all steps';
    // A step that left none gives those of the one before it.
    commands.set(results.invocation ?? `${step?.index}`, {
      ...(step === undefined ? {} : { step }),
      results,
      context: {
        ...{ commit, branch, url, environment, instances: instancesOf(live) },
        parent: runId(account.key, run.id, step?.index),
        logs: [{ file: remoteLog(account.source, logKey(key)), title }],
      },
    });
  }
  return [...commands.values()];
}

/** The one of before where the same commit ran with the same dbt: manifests are large. */
async function manifestOf(run: StoredRun, account: Account, live: Live, signal: AbortSignal) {
  const { manifests } = live;
  const key = `${account.id}/${run.project ?? ''}/${run.environment ?? ''}`;
  const kept = manifests.get(key);
  if (kept && run.commit !== undefined && kept.commit === run.commit && kept.dbtVersion === run.dbtVersion)
    return kept.manifest;
  const json = await artifact('manifest.json', run, account, live, signal);
  if (json === undefined) return undefined;
  const { commit, dbtVersion } = run;
  const read: KeptManifest = { manifest: readManifest(json), commit, dbtVersion };
  manifests.delete(key);
  manifests.set(key, read);
  const [oldest] = manifests.keys();
  if (manifests.size > mostManifests && oldest !== undefined) manifests.delete(oldest);
  return read.manifest;
}

function artifact(
  file: string,
  run: StoredRun,
  account: Account,
  { api }: Pick<Live, 'api'>,
  signal: AbortSignal,
  step?: number,
): Promise<unknown> {
  const path = `/api/v2/accounts/${account.id}/runs/${run.id}/artifacts/${file}`;
  return api.artifact(path, step === undefined ? [] : [['step', String(step)]], signal);
}
