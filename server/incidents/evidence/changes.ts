// Changes: which commit a run ran, and what had changed since the last run that was good.
import type { Catalog } from '../../catalog/catalog.ts';
import type { EntityId } from '../../catalog/entity.ts';
import type { Run } from '../../catalog/run.ts';
import type { Evidence } from '../../protocol/incident.ts';
import type { CommitLine, ExplainContext, Explanation } from '../explain.ts';
import { lastGood, startOf, whole } from '../trouble/runs.ts';
import {
  commitsOfContent,
  contentOf,
  type HeldContent,
  type Holding,
  heldWords,
  isHeld,
  type RanContent,
} from './contents.ts';
import { groupOf } from './executions.ts';
import { missingHop, runTitle, sourceOf } from './hops.ts';
import type { Start } from './starts.ts';

interface RanCommit {
  readonly hash: string;
  readonly run: Run;
  /** The run does not say itself; another one that started just before does. */
  readonly guess: boolean;
  /** Known by what it ran: `hash` is one of these commits. */
  readonly held?: HeldContent;
}

const shownCommits = 4;
const mostExperiments = 100;

export function changeHops(
  start: Start,
  ran: Run,
  context: ExplainContext,
): { readonly hops: readonly Evidence[]; readonly commits: Explanation['commits'] } {
  const { catalog, changes } = context;
  const records = [start.run, ran].filter((run) => run !== undefined);
  const { commit: bad, content: badContent } = ranCommit(catalog, records, changes?.holding, 'first');
  const goodRun = start.lastGood ?? goodBefore(catalog, ran, start);
  const { commit: good, content: goodContent } = goodRun
    ? ranCommit(catalog, [goodRun], changes?.holding, 'last')
    : { commit: undefined, content: undefined };
  const contents = [badContent, goodContent].flatMap((one) => (one ? [one.content] : []));
  const asked = contents.length > 0 ? { contents } : {};
  if (!bad) return { hops: [noCommit(catalog, ran, badContent, changes?.holding)], commits: asked };
  const commits = { good: good?.hash, bad: bad.hash, ...asked };
  const summary = changes?.summary(bad.hash) ?? `commit ${bad.hash.slice(0, 9)}`;
  const hop: Evidence = {
    status: 'found',
    title: bad.held ? `Its ${heldWords(bad.held, summary)}` : `It ran ${summary}`,
    reason: reasonOf(catalog, ran, bad),
    source: sourceOf(catalog, bad.run.id),
    at: startOf(bad.run),
    about: bad.run.id,
  };
  return { hops: [hop, ...sinceGood(catalog, good, bad, context)], commits };
}

function reasonOf(catalog: Catalog, ran: Run, { run, held, guess }: RanCommit): string {
  const title = runTitle(catalog, ran);
  if (held) {
    return guess
      ? `A guess: ${title} says neither its commit nor what it ran; what runs by now is this of ${held.path}`
      : `${runTitle(catalog, run)} does not say its commit, but what it ran of ${held.path}`;
  }
  return guess
    ? `A guess: ${title} does not say its commit; ${runTitle(catalog, run)}, started before it, ran this one`
    : `${runTitle(catalog, run)} says so`;
}

/** What is told goes before what is found by content, and that before what another run tells. */
function ranCommit(
  catalog: Catalog,
  records: readonly Run[],
  holding: Holding | undefined,
  side: 'first' | 'last',
): { readonly commit: RanCommit | undefined; readonly content: RanContent | undefined } {
  const told = commitOf(catalog, records);
  if (told && !told.guess) return { commit: told, content: undefined };
  const ran = contentOf(catalog, records);
  // What runs by now says nothing of the last good run.
  const content = ran?.guess && side === 'last' ? undefined : ran;
  const held = content && holding?.(content.content);
  if (!content || !isHeld(held)) return { commit: told, content };
  return { commit: { hash: commitsOfContent(held)[side], run: content.run, guess: content.guess, held }, content };
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
  if (good.hash === bad.hash || (good.held && good.held.first === bad.held?.first))
    return [
      {
        status: 'found',
        title: `The code ${bad.held ? `of ${bad.held.path} ` : ''}is the same as in the last good run`,
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

function noCommit(catalog: Catalog, ran: Run, content: RanContent | undefined, holding: Holding | undefined): Evidence {
  if (content && holding?.(content.content)?.is === 'nowhere') {
    const { file, at } = content.content;
    return {
      status: 'found',
      title: `What ${runTitle(catalog, ran)} ran of ${file} is in no commit of this repository`,
      reason: `${content.guess ? 'A guess, by what runs by now: it' : 'It'} was changed by hand, or comes from another repository`,
      source: 'git',
      ...(at === undefined ? {} : { at }),
    };
  }
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
