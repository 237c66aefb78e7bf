// Explain: from an incident, metric, model, table, job or run, hop by hop, to the run, log line and commit that explain it.
import type { Catalog } from '../catalog/catalog.ts';
import type { Content } from '../catalog/content.ts';
import type { EntityId } from '../catalog/entity.ts';
import { parseRemoteLog, type Run } from '../catalog/run.ts';
import type { Evidence, EvidenceChain, FoundAt, Incident, LinePlace, RootLine } from '../protocol/incident.ts';
import type { PlumblineConfig } from '../workspace/plumblineFile.ts';
import { changeHops } from './evidence/changes.ts';
import type { Holding } from './evidence/contents.ts';
import type { SameAs } from './evidence/data.ts';
import { type Execution, executionOf } from './evidence/executions.ts';
import { alsoHop, missingHop, runHop, runTitle, sourceOf, stepHop } from './evidence/hops.ts';
import { movedHops } from './evidence/moved.ts';
import { type Start, startOfExplanation } from './evidence/starts.ts';
import { type UpstreamWalk, walkUp } from './evidence/upstream.ts';
import { endOf, nameOf, startOf, toolOf, whole } from './trouble/runs.ts';

/** What was read in the log of a run. */
export interface LogFinding {
  readonly file: string;
  readonly root: RootLine;
  readonly at: FoundAt;
  /** False for a line that is only the best there is, such as a warning of a library. */
  readonly telling: boolean;
  /** True when the log speaks of a failure, not only of a warning. */
  readonly failure: boolean;
  /** The innermost frame of the team's own code, as it is in the workspace today. */
  readonly place?: LinePlace;
  /** `validation.py:36 in evaluate`, with what git says of the line since. */
  readonly placeText?: string;
}

export interface CommitLine {
  readonly hash: string;
  /** One line: subject, author, date. */
  readonly summary: string;
  /** Epoch ms. */
  readonly at?: number;
}

/** Answered by git from memory; undefined means that git has not said (yet, or at all). */
export interface ChangeLookup {
  summary(commit: string): string | undefined;
  /** Which commits hold what ran. Absent: git has not said. */
  readonly holding?: Holding;
  /** Commits after `good` up to `bad`, newest first. */
  between(good: string, bad: string): readonly CommitLine[] | undefined;
}

export interface ExplainContext {
  readonly catalog: Catalog;
  readonly config: PlumblineConfig;
  /** Epoch ms. */
  readonly now: number;
  readonly incidents: readonly Incident[];
  ownerOf(id: EntityId): string | undefined;
  readonly sameAs?: SameAs;
  readonly changes?: ChangeLookup;
  /** Whether a log of it can be read, be it one that another tool keeps. Absent: only its own count. */
  hasLogs?(run: Run): boolean;
  /** What was found in the log of a run; undefined when its log was not read or says nothing. */
  findingIn?(run: EntityId): LogFinding | undefined;
}

export interface Explanation {
  readonly chain: EvidenceChain;
  /** Runs whose logs may explain it, the most likely first. Read them, then explain again with `findingIn`. */
  readonly candidates: readonly Run[];
  /** Commits that git should be asked about. */
  readonly commits: ToAsk;
}

export interface ToAsk {
  readonly good?: string;
  readonly bad?: string;
  /** Of runs that do not say their commit: once it is known which hold them, `good` and `bad` may be others. */
  readonly contents?: readonly Content[];
}

const shownSteps = 6;
const shownAlso = 3;

/** Pure. Never empty: what could not be found is a hop that says which link is missing and how to supply it. */
export function explain(id: string, context: ExplainContext): Explanation {
  const start = startOfExplanation(id, context);
  if (!start.run) return withoutRun(start, context);
  const { catalog } = context;
  const evidence: Evidence[] = [...start.evidence];
  const execution = executionOf(catalog, start.run);
  const ran = execution?.run ?? start.run;
  if (toolOf(start.run.id) === 'mlflow') evidence.push(executionHop(catalog, execution));
  const walk = walkUp(catalog, ran, ran.id === start.run.id ? [] : [start.run], context.sameAs ?? (() => []));
  const candidates = candidatesOf(catalog, ran, walk, context);
  const cause = causeOf(candidates, context);
  evidence.push(...upstreamHops(catalog, ran, walk), ...tryHops(catalog, ran, cause?.run));
  evidence.push(...logHops(candidates, cause, context));
  const { hops, commits } = changeHops(start, ran, context);
  evidence.push(...movedHops(start, ran, catalog), ...hops, ownerHop(start, cause?.run ?? ran, context));
  const run = cause?.run.id ?? ran.id;
  const log = cause && { run, file: cause.finding.file, root: cause.finding.root, at: cause.finding.at };
  const first = candidates[0];
  const unread = first?.logs[0] && { run: first.id, file: first.logs[0].file };
  const chain = { incident: start.incident, title: start.title, evidence, run, log: log ?? unread };
  return { chain, candidates, commits };
}

function withoutRun(start: Start, context: ExplainContext): Explanation {
  const evidence = [...start.evidence, ...(start.about ? [ownerHop(start, undefined, context)] : [])];
  return { chain: { incident: start.incident, title: start.title, evidence }, candidates: [], commits: {} };
}

function executionHop(catalog: Catalog, execution: Execution | undefined): Evidence {
  if (!execution)
    return missingHop(
      'Which job made this MLflow run is not known',
      'The run names no Airflow run, and no job of a similar name was at work at that time',
      'Set the tags airflow.dag_id and airflow.run_id in the MLflow run (in a task: AIRFLOW_CTX_DAG_ID and AIRFLOW_CTX_DAG_RUN_ID), or name the log folder under logs: in plumbline.yaml',
    );
  return runHop(catalog, execution.run, execution.reason);
}

// region Where to look
interface Cause {
  readonly run: Run;
  readonly finding: LogFinding;
}

/**
 * Own failure, failed writers of what was read, the run's own log (a warning there), the other tasks of its job run,
 * failed tests of what was read, other runs that read the same and failed.
 */
function candidatesOf(
  catalog: Catalog,
  ran: Run,
  walk: UpstreamWalk,
  { hasLogs = ({ logs }) => logs.length > 0 }: ExplainContext,
): readonly Run[] {
  const own = failedParts(catalog, ran);
  const failed = walk.toFailed
    .toReversed()
    .flatMap(({ writer }) => (writer.status === 'failed' ? failedParts(catalog, writer) : []));
  const parent = whole(catalog, ran);
  const around = catalog.childRuns(parent.id).filter((part) => startOf(part) <= startOf(ran));
  const others = [...walk.tests, ...walk.siblings].flatMap(({ run }) => failedParts(catalog, run));
  const inOrder = [...own, ...failed, ran, ...around.toReversed(), ...catalog.childRuns(ran.id), ...others];
  const withLogs = inOrder.filter(hasLogs);
  return [...new Map(withLogs.map((run) => [run.id, run])).values()].slice(0, 20);
}

/** The tries that made a run fail, last try first; the run itself when it has no parts. */
function failedParts(catalog: Catalog, run: Run): readonly Run[] {
  if (run.status !== 'failed') return [];
  const parts = catalog.childRuns(run.id).filter(({ status }) => status === 'failed');
  return parts.length === 0 ? [run] : parts.toSorted((a, b) => endOf(b) - endOf(a));
}

function causeOf(candidates: readonly Run[], { findingIn }: ExplainContext): Cause | undefined {
  const found = candidates.flatMap((run): Cause[] => {
    const finding = findingIn?.(run.id);
    return finding ? [{ run, finding }] : [];
  });
  return found.find(({ finding }) => finding.telling) ?? found[0];
}
// endregion

// region Hops
function upstreamHops(catalog: Catalog, ran: Run, walk: UpstreamWalk): readonly Evidence[] {
  const hops: Evidence[] = [];
  // What a search for logs found read nothing.
  if (walk.inputs === 0 && toolOf(ran.id) !== 'datadog') hops.push(noInputs(catalog, ran));
  const steps = walk.toFailed.length > 0 ? walk.toFailed : walk.steps.slice(0, shownSteps);
  hops.push(...steps.map((step) => stepHop(catalog, step)));
  for (const id of walk.toFailed.length > 0 ? [] : walk.unwritten.slice(0, 2)) hops.push(unwritten(catalog, id));
  hops.push(...walk.tests.slice(0, shownAlso).map((test) => alsoHop(catalog, test, true)));
  hops.push(...walk.siblings.slice(0, shownAlso).map((sibling) => alsoHop(catalog, sibling, false)));
  return hops;
}

function noInputs(catalog: Catalog, ran: Run): Evidence {
  return missingHop(
    `What ${runTitle(catalog, ran)} read is not known`,
    'Neither the run nor its lineage events name any input',
    'Log datasets with mlflow.log_input, or turn on the OpenLineage provider of Airflow (inlets and outlets, file or HTTP transport)',
  );
}

function unwritten(catalog: Catalog, id: EntityId): Evidence {
  return missingHop(
    `Who wrote ${nameOf(catalog, id)} before is not known`,
    'No run that any source knows has it among its outputs',
    'Let the job that writes it report its outputs (OpenLineage, dbt artifacts), or join its names under joins: in plumbline.yaml',
  );
}

/** Where the run as a whole is the one asked about: which of its tries failed. */
function tryHops(catalog: Catalog, ran: Run, cause: Run | undefined): readonly Evidence[] {
  if (!cause || cause.id === ran.id || whole(catalog, cause).id !== whole(catalog, ran).id) return [];
  const reason = cause.status === 'failed' ? 'It is the task that failed in this run' : 'It is a task of the same run';
  return [runHop(catalog, cause, reason)];
}

function logHops(candidates: readonly Run[], cause: Cause | undefined, context: ExplainContext): readonly Evidence[] {
  const { catalog } = context;
  if (cause) {
    const { run, finding } = cause;
    const source = sourceOf(catalog, run.id);
    // What only a server hands out has no file to open; the log of the run does.
    const place = parseRemoteLog(finding.file) ? {} : { place: { file: finding.file, line: finding.root.line } };
    const line: Evidence = {
      status: 'found',
      title: finding.root.text,
      reason: `${finding.root.reason}; log of ${runTitle(catalog, run)}`,
      source,
      at: endOf(run),
      about: run.id,
      ...place,
    };
    if (!finding.placeText) return [line];
    const code = {
      title: finding.placeText,
      reason: 'The innermost frame of your own code',
      source: 'traceback and git',
    };
    return [line, { status: 'found', ...code, at: endOf(run), place: finding.place }];
  }
  if (candidates.length === 0)
    return [
      missingHop(
        'There is no log to look at',
        'None of these runs has a log that Plumbline can read',
        'Name the folder of the Airflow logs under logs: in plumbline.yaml (a copy or a mount of the remote log store will do)',
      ),
    ];
  const names = candidates.slice(0, 3).map((run) => runTitle(catalog, run));
  const read = context.findingIn !== undefined;
  const reason = read ? 'None of them holds an error or a warning' : 'They have not been read yet';
  return [
    missingHop(
      `No line in the logs of ${names.join(' or ')} explains it`,
      reason,
      'Open the log and read it from its end',
    ),
  ];
}

function ownerHop(start: Start, run: Run | undefined, { catalog, ownerOf }: ExplainContext): Evidence {
  const about = [...(run ? [...run.of, ...whole(catalog, run).of] : []), ...(start.about ? [start.about] : [])];
  // Nobody owns a test; who owns what it tests is asked.
  if (start.incident?.kind === 'failedTest') about.push(...(start.run?.inputs ?? []).flatMap(({ id }) => id ?? []));
  for (const id of about) {
    const declared = ownerOf(id);
    const facts = catalog.facts(id);
    const owner = declared ?? facts.owner;
    if (owner === undefined) continue;
    const isOfTool = declared === undefined || declared === facts.dataOwner;
    const source = isOfTool ? sourceOf(catalog, id) : 'plumbline.yaml or CODEOWNERS';
    return { status: 'found', title: `Owner: ${owner}`, reason: `Owns ${nameOf(catalog, id)}`, source, about: id };
  }
  const name = about[0] === undefined ? 'it' : nameOf(catalog, about[0]);
  return missingHop(
    `Who owns ${name} is not known`,
    'No source and no file names an owner',
    `Add it under owners: in plumbline.yaml or to CODEOWNERS`,
  );
}
// endregion
