// Jump: the explanation together with what logs, frames and git say; the only part of incidents that waits for the world.
import type { Catalog } from '../catalog/catalog.ts';
import type { EntityId } from '../catalog/entity.ts';
import type { Run } from '../catalog/run.ts';
import type { Commit, GitRepository } from '../connectors/repository.ts';
import type { EvidenceChain, FoundAt, Incident, LogWindow } from '../protocol/incident.ts';
import type { HostLog } from '../workspace/plumblineFile.ts';
import { commitOf } from './evidence/changes.ts';
import { commitsOfContent, contentOf, type Holding, holdingOf, isHeld, type RanContent } from './evidence/contents.ts';
import {
  type ChangeLookup,
  type CommitLine,
  type ExplainContext,
  type Explanation,
  explain,
  type LogFinding,
} from './explain.ts';
import { type FrameCommit, type FrameWorld, localFrames } from './frames.ts';
import { withHostLogs } from './hostLogs.ts';
import { findInLog, type LogReader } from './logSearch.ts';
import { logSpan } from './logSpan.ts';
import { openLog } from './logWindow.ts';
import { withSearchedLogs } from './searchedLogs.ts';
import { whole } from './trouble/runs.ts';

export interface JumpWorld extends FrameWorld {
  readonly reader: LogReader;
  /** Repositories of the workspace folders; empty in Restricted Mode. */
  repositories(): Promise<readonly GitRepository[]>;
}

/** Runs `work` on one snapshot; called again after each wait, because the snapshot may have moved on. */
export type Ask = <Result>(work: (context: ExplainContext) => Result) => Result;

/** Logs of this many runs are searched at most. */
const mostLogs = 12;

export async function explainWithLogs(id: string, ask: Ask, world: JumpWorld): Promise<EvidenceChain> {
  const first = ask((context) => {
    const explanation = explain(id, { ...context, hasLogs: (run) => hasLogs(context, run) });
    const { catalog, config } = context;
    const candidates = explanation.candidates
      .slice(0, mostLogs)
      .map((run) => withAllLogs(catalog, run, config.hostLogs));
    return { ...explanation, candidates };
  });
  const holding = await holdingOf(first.commits.contents ?? [], () => world.repositories());
  const asked = ask((context) => {
    const areHeld = first.commits.contents?.some((content) => isHeld(holding(content)));
    const { commits } = areHeld ? explain(id, { ...context, changes: { ...unasked, holding } }) : first;
    return { commits, ran: commitsOf(context.catalog, first, holding) };
  });
  const [findings, changes] = await Promise.all([
    searchLogs({ ...first, ran: asked.ran }, world),
    lookUpChanges(asked.commits, world),
  ]);
  return ask((context) => {
    const known = { changes: { ...changes, holding }, findingIn: (run: EntityId) => findings.get(run) };
    return explain(id, { ...context, ...known, hasLogs: (run) => hasLogs(context, run) }).chain;
  });
}

const unasked: ChangeLookup = { summary: () => undefined, between: () => undefined };

/** Its own, those of its host, and those that a search for logs finds; its own are the last. */
function withAllLogs(catalog: Catalog, run: Run, declared: readonly HostLog[]): Run {
  return withSearchedLogs(catalog, withHostLogs(catalog, run, declared));
}

function hasLogs({ catalog, config }: ExplainContext, run: Run): boolean {
  return run.logs.length > 0 || withAllLogs(catalog, run, config.hostLogs).logs.length > 0;
}

function commitsOf(
  catalog: Catalog,
  { candidates }: Explanation,
  holding: Holding,
): ReadonlyMap<EntityId, FrameCommit> {
  return new Map(
    candidates.flatMap((run) => {
      const commit = frameCommit(commitOf(catalog, [run]), contentOf(catalog, [run]), holding);
      return commit ? [[run.id, commit] as const] : [];
    }),
  );
}

/** Other files than the one whose content is known need not be of its commit. */
function frameCommit(
  told: FrameCommit | undefined,
  ran: RanContent | undefined,
  holding: Holding,
): FrameCommit | undefined {
  const held = told && !told.guess ? undefined : ran && holding(ran.content);
  return isHeld(held)
    ? { hash: commitsOfContent(held).last, guess: true }
    : told && { hash: told.hash, guess: told.guess };
}

/** In order, until one tells; a log that cannot be read explains nothing. */
async function searchLogs(
  { candidates, chain, ran }: Explanation & { readonly ran: ReadonlyMap<EntityId, FrameCommit> },
  world: JumpWorld,
): Promise<ReadonlyMap<EntityId, LogFinding>> {
  const findings = new Map<EntityId, LogFinding>();
  for (const run of candidates) {
    const finding = await searchLog(run, { commit: ran.get(run.id), incident: chain.incident }, world);
    if (finding) findings.set(run.id, finding);
    if (finding?.telling) break;
  }
  return findings;
}

interface Told {
  readonly commit: FrameCommit | undefined;
  readonly incident: Incident | undefined;
}

async function searchLog(run: Run, { commit, incident }: Told, world: JumpWorld): Promise<LogFinding | undefined> {
  for (const { file } of run.logs.toReversed()) {
    const found = await findInLog(world.reader, file, logSpan(run, incident)).catch(() => undefined);
    if (!found) continue;
    const { root, telling, failure, byte, within } = found;
    const finding = { file, root, telling, failure, at: { byte, within } };
    if (!found.own) return finding;
    const [frame] = await localFrames([found.own], file, commit, world);
    if (!frame?.local) return finding;
    const name = frame.file.split(/[/\\]/).at(-1);
    const moved = frame.moved ? `; ${frame.moved}` : '';
    const placeText = `${name}:${frame.line}${frame.function ? ` in ${frame.function}` : ''}${moved}`;
    return { ...finding, place: frame.local, placeText };
  }
  return undefined;
}

async function lookUpChanges({ good, bad }: Explanation['commits'], world: JumpWorld): Promise<ChangeLookup> {
  const repository = bad === undefined ? undefined : await repositoryWith(bad, world);
  const commit = bad === undefined ? undefined : await repository?.commit(bad).catch(() => undefined);
  const compared = repository && good !== undefined && bad !== undefined && good !== bad;
  const known = compared ? await repository.commit(good).catch(() => undefined) : undefined;
  const between = compared && known ? await repository.log(good, { until: bad }).catch(() => undefined) : undefined;
  return {
    summary: (hash) => (commit && hash === bad ? summaryOf(commit) : undefined),
    between: (from, to) => (from === good && to === bad ? between?.map(lineOf) : undefined),
  };
}

async function repositoryWith(hash: string, world: JumpWorld): Promise<GitRepository | undefined> {
  for (const repository of await world.repositories().catch(() => [])) {
    if (await repository.commit(hash).catch(() => undefined)) return repository;
  }
  return undefined;
}

function lineOf(commit: Commit): CommitLine {
  return { hash: commit.hash, summary: summaryOf(commit), at: commit.at };
}

function summaryOf({ hash, subject, author, at }: Commit): string {
  return `${hash.slice(0, 9)} ${subject} (${author}, ${new Date(at).toISOString().slice(0, 10)})`;
}

export interface LogQuestion {
  readonly run: EntityId;
  readonly file?: string;
  readonly around?: number;
  readonly at?: FoundAt;
}

/** A window of a run's log with its frames linked to the files of the workspace. */
export async function logWindow(
  { run: id, file, around, at }: LogQuestion,
  ask: Ask,
  world: JumpWorld,
): Promise<LogWindow | { readonly problem: string }> {
  const found = ask(({ catalog, config }) => {
    const run = catalog.run(id);
    const told = run && { commit: commitOf(catalog, [run]), ran: contentOf(catalog, [run]) };
    return run && { ...placeOf(catalog, config.hostLogs, run, file), ...told };
  });
  if (!found)
    return { problem: `No source knows the run ${id} any more. Sync again, or open its log from the tool itself.` };
  const opened = await openLog(world.reader, {
    ...{ run: found.run, file, around, at, related: found.related },
    span: logSpan(found.run),
  });
  if ('problem' in opened) return opened;
  const isTold = opened.frames.length === 0 || !found.ran || found.commit?.guess === false;
  const holding = await holdingOf(isTold || !found.ran ? [] : [found.ran.content], () => world.repositories());
  const commit = frameCommit(found.commit, found.ran, holding);
  return { ...opened.window, frames: await localFrames(opened.frames, opened.window.file, commit, world) };
}

/** A run without a log of its own (a whole DAG run) shows that of the part that failed last, else of its last part. */
function placeOf(
  catalog: Catalog,
  declared: readonly HostLog[],
  asked: Run,
  file: string | undefined,
): { readonly run: Run; readonly related: readonly Run[] } {
  const run = withAllLogs(catalog, asked, declared);
  const parts = catalog
    .childRuns(run.id)
    .map((part) => withAllLogs(catalog, part, declared))
    .filter(({ logs }) => logs.length > 0);
  const siblings = run.parent === undefined ? [] : catalog.childRuns(whole(catalog, run).id);
  const related = [...parts, ...siblings.filter(({ id, logs }) => id !== run.id && logs.length > 0)];
  if (file !== undefined) {
    const holder = [run, ...related].find(({ logs }) => logs.some((log) => log.file === file));
    return { run: holder ?? run, related };
  }
  if (asked.logs.length > 0) return { run, related };
  return { run: parts.findLast(({ status }) => status === 'failed') ?? parts.at(-1) ?? run, related };
}
