// Changes: which commit a run ran, and what had changed since the last run that was good.
import type { Catalog } from '../../catalog/catalog.ts';
import type { EntityId } from '../../catalog/entity.ts';
import type { Run } from '../../catalog/run.ts';
import type { Evidence } from '../../protocol/incident.ts';
import type { CommitLine, ExplainContext, Explanation } from '../explain.ts';
import { lastGood, startOf, whole } from '../trouble/runs.ts';
import { groupOf } from './executions.ts';
import { missingHop, runTitle, sourceOf } from './hops.ts';
import type { Start } from './starts.ts';

interface RanCommit {
  readonly hash: string;
  readonly run: Run;
  /** The run does not say itself; another one that started just before does. */
  readonly guess: boolean;
}

const shownCommits = 4;
const mostExperiments = 100;

export function changeHops(
  start: Start,
  ran: Run,
  context: ExplainContext,
): { readonly hops: readonly Evidence[]; readonly commits: Explanation['commits'] } {
  const { catalog, changes } = context;
  const bad = commitOf(
    catalog,
    [start.run, ran].filter((run) => run !== undefined),
  );
  if (!bad) return { hops: [noCommit(catalog, ran)], commits: {} };
  const goodRun = start.lastGood ?? goodBefore(catalog, ran, start);
  const good = goodRun && commitOf(catalog, [goodRun]);
  const commits = { good: good?.hash, bad: bad.hash };
  const hop: Evidence = {
    status: 'found',
    title: `It ran ${changes?.summary(bad.hash) ?? `commit ${bad.hash.slice(0, 9)}`}`,
    reason: bad.guess
      ? `A guess: ${runTitle(catalog, ran)} does not say its commit; ${runTitle(catalog, bad.run)}, started before it, ran this one`
      : `${runTitle(catalog, bad.run)} says so`,
    source: sourceOf(catalog, bad.run.id),
    at: startOf(bad.run),
    about: bad.run.id,
  };
  return { hops: [hop, ...sinceGood(catalog, good, bad, context)], commits };
}

function sinceGood(
  catalog: Catalog,
  good: RanCommit | undefined,
  bad: RanCommit,
  { changes }: ExplainContext,
): readonly Evidence[] {
  if (!good) return [];
  const reason = `Compared with the last good one, ${runTitle(catalog, good.run)}`;
  const source = 'git';
  if (good.hash === bad.hash)
    return [
      {
        status: 'found',
        title: 'The code is the same as in the last good run',
        reason: `${reason}: look at the data and the environment`,
        source: sourceOf(catalog, good.run.id),
        at: startOf(good.run),
        about: good.run.id,
      },
    ];
  const between = changes?.between(good.hash, bad.hash);
  if (!between)
    return [
      missingHop(
        `What changed from ${good.hash.slice(0, 9)} to ${bad.hash.slice(0, 9)} is not known`,
        `${reason}; git was not asked, or does not have these commits`,
        'Open the repository the code was run from, trust the workspace, and fetch its history',
      ),
    ];
  const more = between.length - shownCommits;
  return between.slice(0, shownCommits).map((commit: CommitLine, index) => ({
    status: 'found',
    title: `Changed since: ${commit.summary}`,
    reason: index === shownCommits - 1 && more > 0 ? `${reason}; ${more} older commits are not shown` : reason,
    source,
    at: commit.at,
  }));
}

function noCommit(catalog: Catalog, ran: Run): Evidence {
  return missingHop(
    `Which commit ${runTitle(catalog, ran)} ran is not known`,
    'Neither it nor an MLflow run before it says so',
    'Tag MLflow runs with mlflow.source.git.commit, or deploy DAGs from a Git bundle (Airflow 3), which writes the commit into each log',
  );
}

/** What one of the records says, else any record of the same execution, else the nearest MLflow run before it. */
export function commitOf(catalog: Catalog, records: readonly Run[]): RanCommit | undefined {
  for (const record of records) if (record.commit) return { hash: record.commit, run: record, guess: false };
  for (const record of records) {
    const told = [whole(catalog, record), ...groupOf(catalog, whole(catalog, record))].find(({ commit }) => commit);
    if (told?.commit) return { hash: told.commit, run: told, guess: false };
  }
  const at = Math.max(0, ...records.map(startOf));
  const before = recordBefore(catalog, at);
  return before?.commit ? { hash: before.commit, run: before, guess: true } : undefined;
}

function recordBefore(catalog: Catalog, at: number): Run | undefined {
  let newest: Run | undefined;
  for (const experiment of catalog.list('experiment', mostExperiments)) {
    const run = catalog.runs(experiment.id, { until: at, limit: 20 }).find(({ commit }) => commit !== undefined);
    if (run && (!newest || startOf(run) > startOf(newest))) newest = run;
  }
  return newest;
}

function goodBefore(catalog: Catalog, ran: Run, start: Start): Run | undefined {
  const of: EntityId | undefined = whole(catalog, ran).of[0];
  return of === undefined ? undefined : lastGood(catalog, of, start.since ?? startOf(ran));
}
