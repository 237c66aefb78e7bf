// Writers: which run wrote an object: what its writer left in its metadata and tags, else the one run that was at work on this path then.
import type { Catalog } from '../../catalog/catalog.ts';
import { type EntityId, entityId, pathId } from '../../catalog/entity.ts';
import { type KnownInstances, mine } from '../../catalog/mine.ts';
import type { Run } from '../../catalog/run.ts';

export interface Writer {
  readonly run: EntityId;
  readonly evidence: string;
  readonly isGuess: boolean;
}

type Words = readonly (readonly [string, string])[];

/** Runs end a little after their last write, and clocks differ. */
const slackMs = 60_000;
const mostRuns = 50;

/** Metadata and tags, as `name: value` lines; the first run that they name. */
export function writerIn(words: Words, instances: KnownInstances, of: string): Writer | undefined {
  const text = words.map(([name, value]) => `${name}: ${value}`).join('\n');
  const run = mine(text, instances)[0] ?? airflowRun(words, instances);
  return run === undefined ? undefined : { run, evidence: `metadata of ${of}`, isGuess: false };
}

/** The names under which Airflow hands its context on (`AIRFLOW_CTX_DAG_RUN_ID`), in the spelling of headers too. */
function airflowRun(words: Words, { airflow }: KnownInstances): EntityId | undefined {
  const [instance] = airflow;
  if (instance === undefined || airflow.length > 1) return undefined;
  const plain = new Map(words.map(([name, value]) => [name.toLowerCase().replace(/[^a-z]/g, ''), value]));
  const value = (...names: readonly string[]): string | undefined =>
    names.map((name) => plain.get(name)).find((one) => one !== undefined && one !== '');
  const dag = value('airflowctxdagid', 'airflowdagid', 'dagid');
  const run = value('airflowctxdagrunid', 'airflowrunid', 'airflowdagrunid', 'dagrunid');
  if (dag === undefined || run === undefined) return undefined;
  return entityId('run', 'airflow', instance, dag, run);
}

/**
 * The only run that was at work when it was written, of those that say or are declared to write there. Undefined when
 * there are several, or none.
 */
export function writerAt(uri: string, at: number, catalog: Catalog | undefined): Writer | undefined {
  if (!catalog || at === 0) return undefined;
  const paths = [uri, uri.endsWith('/') ? uri.slice(0, -1) : `${uri}/`].map(pathId);
  const runs = new Map<EntityId, Run>();
  for (const path of paths) {
    for (const run of catalog.runsUsing(path, 'writes', mostRuns)) runs.set(run.id, run);
    for (const { from, relation } of catalog.neighbours(path).upstream) {
      if (relation !== 'writes') continue;
      for (const run of catalog.runs(from, { until: at + slackMs, limit: mostRuns })) runs.set(run.id, run);
    }
  }
  const working = [...runs.values()].filter((run) => isAtWork(run, at));
  const [only] = working;
  if (!only || working.length > 1) return undefined;
  return {
    run: only.id,
    evidence: `${only.name} was running when ${uri} was written, and writes there`,
    isGuess: true,
  };
}

function isAtWork({ startedAt, endedAt }: Run, at: number): boolean {
  if (startedAt === undefined || at < startedAt) return false;
  return endedAt === undefined || at <= endedAt + slackMs;
}
