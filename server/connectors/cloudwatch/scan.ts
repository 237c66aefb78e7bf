// Scan: the log groups that the user named, each with the streams that were written last; of managed Airflow the tries that they are logs of.
import type { CatalogChange, ScanProblem } from '../../catalog/change.ts';
import { type EntityId, entityId } from '../../catalog/entity.ts';
import type { KnownInstances } from '../../catalog/mine.ts';
import { type Run, remoteLog } from '../../catalog/run.ts';
import { HttpError } from '../httpError.ts';
import { isRecord, said } from '../json.ts';
import type { LogGroup, LogGroups, LogStream } from '../logGroups.ts';
import type { FoundLog, LogRuns } from '../logRuns.ts';
import { logKey } from './key.ts';
import { logPathOf, managedEnvironment } from './managedAirflow.ts';

const mostGroups = 50;
/** Pages of 50 of one group, at first and later on. */
const fullPages = 4;
const laterPages = 1;
/** Tries whose ends are read at once. */
const mostRead = 40;
const endEvents = 300;

export interface Scanning {
  /** Of the connection. */
  readonly name: string;
  readonly instance: string;
  readonly environment?: string;
  readonly watch: readonly string[];
  readonly groups: LogGroups;
  readonly logRuns: LogRuns;
  readonly instances: KnownInstances;
  /** Epoch ms. */
  readonly now: number;
  readonly signal: AbortSignal;
  /** What we told of a run before. */
  readonly known: (id: EntityId) => Run | undefined;
}

export async function* scan(scanning: Scanning, since: string | undefined): AsyncIterable<CatalogChange> {
  const before = since === undefined ? undefined : readCursor(since);
  const problems: ScanProblem[] = [];
  yield before ? { incremental: true } : {};
  const found = await groupsOf(scanning, problems);
  yield { problems, entities: found.map((group) => groupEntity(group, scanning)) };
  const last = new Map(before);
  for (const group of found) {
    scanning.signal.throwIfAborted();
    try {
      const streams = await streamsOf(group.name, before ? laterPages : fullPages, scanning);
      const fresh = streams.filter(({ lastAt = 0 }) => lastAt >= (before?.get(group.name) ?? 0));
      const isManaged = managedEnvironment(group.name) !== undefined;
      yield isManaged
        ? await triesOf(group.name, streams, fresh, scanning)
        : { runs: fresh.map((stream) => streamRun(group.name, stream, scanning)) };
      last.set(group.name, Math.max(last.get(group.name) ?? 0, ...streams.map(({ lastAt = 0 }) => lastAt)));
    } catch (error) {
      scanning.signal.throwIfAborted();
      if (!(error instanceof HttpError) || !/^(forbidden|missing|refused)$/.test(error.kind)) throw error;
      yield { problems: [{ message: error.message }] };
    }
  }
  yield { cursor: JSON.stringify({ v: 1, last: [...last] }) };
}

/** When the newest event of each group was written; undefined for what is no cursor of ours. */
function readCursor(text: string): ReadonlyMap<string, number> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (!isRecord(value) || value.v !== 1 || !Array.isArray(value.last)) return undefined;
    const pairs: readonly unknown[] = value.last;
    return new Map(
      pairs.flatMap((pair) => {
        const [group, at] = Array.isArray(pair) ? pair : [];
        return typeof group === 'string' && typeof at === 'number' ? [[group, at] as const] : [];
      }),
    );
  } catch {
    return undefined;
  }
}

async function groupsOf(scanning: Scanning, problems: ScanProblem[]): Promise<readonly LogGroup[]> {
  const { watch, groups, signal, name } = scanning;
  const found = new Map<string, LogGroup>();
  for (const prefix of watch) {
    const page = await groups.groups(prefix, undefined, signal);
    for (const group of page.groups) found.set(group.name, group);
    if (page.groups.length === 0) {
      problems.push({
        message: `${name}: no log group is named ${prefix}….`,
        advice: 'Correct "watch" of this connection, or its region.',
      });
    }
    if (page.next !== undefined || found.size > mostGroups) {
      problems.push({
        message: `${name}: more than ${mostGroups} log groups are named ${prefix}…; only the first are looked at.`,
        advice: 'Name them more closely in "watch" of this connection.',
      });
    }
  }
  return [...found.values()].slice(0, mostGroups);
}

async function streamsOf(
  group: string,
  mostPages: number,
  { groups, signal }: Scanning,
): Promise<readonly LogStream[]> {
  const found: LogStream[] = [];
  let from: string | undefined;
  for (let pages = 0; pages < mostPages; pages += 1) {
    const page = await groups.streams(group, from, signal);
    found.push(...page.streams);
    from = page.next;
    if (from === undefined) break;
  }
  return found;
}

function groupId(instance: string, group: string): EntityId {
  return entityId('host', 'cloudwatch', instance, group);
}

function groupEntity({ name, bytes, createdAt, retentionDays }: LogGroup, { instance }: Scanning) {
  const kept = retentionDays === undefined ? 'kept for ever' : `kept for ${retentionDays} days`;
  const facts = said({ description: `CloudWatch log group, ${kept}`, createdAt, bytes });
  return { id: groupId(instance, name), kind: 'host' as const, name, facts };
}

/** A stream is of an instance, a container or a function: a run without an end, so that its text can be opened. */
function streamRun(group: string, { name: stream, firstAt, lastAt }: LogStream, scanning: Scanning): Run {
  const { instance, name, environment } = scanning;
  return said<Run>({
    id: entityId('run', 'cloudwatch', instance, group, stream),
    of: [groupId(instance, group)],
    name: stream,
    status: 'unknown',
    startedAt: lastAt ?? firstAt,
    where: stream,
    environment,
    metrics: [],
    params: [],
    inputs: [],
    outputs: [],
    logs: [{ file: remoteLog(name, logKey({ group, stream })), title: stream }],
    linked: [],
  });
}

/** Whole DAG runs are told, so of each that has something new all its tries are read that are among the newest. */
async function triesOf(
  group: string,
  streams: readonly LogStream[],
  fresh: readonly LogStream[],
  scanning: Scanning,
): Promise<CatalogChange> {
  const { logRuns, signal, name, now, instances } = scanning;
  const instance = airflowInstance(group, instances);
  const isTry = (stream: LogStream): boolean => logRuns.reads(logPathOf(stream.name));
  const touched = new Set(fresh.filter(isTry).map(({ name: stream }) => logRuns.groupOf(logPathOf(stream))));
  const wanted = streams.filter((one) => isTry(one) && touched.has(logRuns.groupOf(logPathOf(one.name))));
  const logs: FoundLog[] = [];
  for (const { name: stream, lastAt = 0 } of wanted.slice(0, mostRead)) {
    signal.throwIfAborted();
    const { events } = await scanning.groups.events({ group, stream }, { end: true, most: endEvents }, signal);
    logs.push({
      relative: logPathOf(stream),
      address: remoteLog(name, logKey({ group, stream })),
      modifiedAt: lastAt || (events.at(-1)?.at ?? 0),
      lines: events.flatMap(({ message }) => message.split(/\r?\n/)),
    });
  }
  const page = logRuns.page(logs, { instance, now, instances });
  // Who asks Airflow itself knows more of its runs than their logs say.
  return { ...page, runs: (page.runs ?? []).filter(({ id }) => scanning.known(id) === undefined) };
}

/** The only Airflow there is, else one of its own, by the name of its environment. */
function airflowInstance(group: string, { airflow }: KnownInstances): string {
  const [only] = airflow;
  return only !== undefined && airflow.length === 1 ? only : (managedEnvironment(group) ?? group);
}
