// Shapes: what Datadog answers of monitors and downtimes, each part checked; what cannot be used is left out and counted.
import type { MonitorState } from '../../../catalog/alert.ts';
import { isRecord, list, number, oneLine, record, text, time } from '../../json.ts';
import type { Surprises } from '../../problems.ts';

/** One group as the monitor stands for it. */
export interface RestGroup {
  /** `host:a,env:prod`; `*` of a monitor without groups. */
  readonly name: string;
  readonly state: MonitorState;
  /** Epoch ms: when it came to be so; absent when Datadog does not say. */
  readonly since?: number;
}

export interface RestMonitor {
  readonly id: string;
  readonly name: string;
  /** `query alert`, `log alert` … */
  readonly type: string;
  readonly query: string;
  readonly message?: string;
  readonly tags: readonly string[];
  readonly createdAt?: number;
  readonly modifiedAt?: number;
  readonly creator?: string;
  readonly state: MonitorState;
  readonly stateSince?: number;
  /** Those that were asked for; absent: Datadog told of none. */
  readonly groups?: readonly RestGroup[];
  readonly downtimes: readonly RestScope[];
}

/** What keeps a monitor, or some of its groups, from paging. Times are epoch ms. */
export interface RestScope {
  /** Tags that a group must all have; `*`: every group. */
  readonly scope: readonly string[];
  readonly from?: number;
  readonly until?: number;
}

const longest = { name: 500, query: 20_000, message: 20_000, tag: 400 };
const mostTags = 60;
const mostGroups = 5_000;

/** `id` may be too long for a number of JavaScript, then it is the text of its digits. */
export function idText(value: unknown): string | undefined {
  const written = typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : value;
  return typeof written === 'string' && /^\d{1,25}$/.test(written) ? written : undefined;
}

/** Times of v1 that are numbers are seconds. */
function seconds(value: unknown): number | undefined {
  const said = number(value);
  return said === undefined || said <= 0 ? undefined : Math.round(said * 1000);
}

/** `notifies`: whether missing data pages somebody; else nobody wants to know. */
export function stateOf(value: unknown, notifies: boolean): MonitorState {
  if (value === 'Alert') return 'firing';
  if (value === 'Warn') return 'warning';
  if (value === 'OK') return 'ok';
  return value === 'No Data' && notifies ? 'noData' : 'unknown';
}

export function readMonitors(answer: unknown, surprises: Surprises): readonly RestMonitor[] {
  if (!Array.isArray(answer)) surprises.add('a list of monitors that is none');
  return list(answer).flatMap((value) => readMonitor(value, surprises) ?? []);
}

export function readMonitor(value: unknown, surprises: Surprises): RestMonitor | undefined {
  const monitor = record(value);
  const id = idText(monitor.id);
  const name = oneLine(monitor.name, longest.name);
  if (id === undefined || name === undefined || typeof monitor.query !== 'string') {
    surprises.add('monitors without an id, a name or a query');
    return undefined;
  }
  const options = record(monitor.options);
  const notifies =
    options.notify_no_data === true ||
    options.on_missing_data === 'show_and_notify_no_data' ||
    monitor.type === 'service check';
  const groups = readGroups(record(monitor.state).groups, notifies);
  const [message, creator] = [text(monitor.message), record(monitor.creator)];
  const [createdAt, modifiedAt] = [time(monitor.created), time(monitor.modified)];
  const stateSince = time(monitor.overall_state_modified);
  const who = oneLine(creator.name, 200) ?? oneLine(creator.handle, 200);
  return {
    ...{ id, name, type: text(monitor.type) ?? '', query: monitor.query.slice(0, longest.query) },
    ...(message === undefined ? {} : { message: message.slice(0, longest.message) }),
    tags: list(monitor.tags)
      .flatMap((tag) => oneLine(tag, longest.tag) ?? [])
      .slice(0, mostTags),
    ...(createdAt === undefined ? {} : { createdAt }),
    ...(modifiedAt === undefined ? {} : { modifiedAt }),
    ...(who === undefined ? {} : { creator: who }),
    state: stateOf(monitor.overall_state, notifies),
    ...(stateSince === undefined ? {} : { stateSince }),
    ...(groups && { groups }),
    downtimes: [...readDowntimes(monitor.matching_downtimes), ...readSilenced(options.silenced)],
  };
}

function readGroups(value: unknown, notifies: boolean): readonly RestGroup[] | undefined {
  if (!isRecord(value)) return undefined;
  return Object.entries(value)
    .slice(0, mostGroups)
    .map(([key, one]) => readGroup(key, record(one), notifies));
}

export function readGroup(key: string, group: Readonly<Record<string, unknown>>, notifies: boolean): RestGroup {
  const state = stateOf(group.status, notifies);
  const since = state === 'noData' ? seconds(group.last_nodata_ts) : seconds(group.last_triggered_ts);
  return { name: text(group.name) ?? key, state, ...(since === undefined ? {} : { since }) };
}

function readDowntimes(value: unknown): readonly RestScope[] {
  return list(value).map((one): RestScope => {
    const { scope, start, end } = record(one);
    const [from, until] = [seconds(start), seconds(end)];
    const written = list(scope).flatMap((each) => text(each)?.split(',') ?? []);
    return {
      scope: written.map((each) => each.trim()),
      ...(from === undefined ? {} : { from }),
      ...(until === undefined ? {} : { until }),
    };
  });
}

/** `options.silenced`: by group, until when; null: for ever. The old way to mute, still written by the page of a monitor. */
function readSilenced(value: unknown): readonly RestScope[] {
  return Object.entries(record(value)).map(([group, end]): RestScope => {
    const until = seconds(end);
    return { scope: group.split(',').map((each) => each.trim()), ...(until === undefined ? {} : { until }) };
  });
}

/** One group of the search across all monitors. */
export interface FoundGroup extends RestGroup {
  readonly monitor: string;
}

/** Undefined for an answer of another shape. `more`: another page follows. */
export function readFoundGroups(
  answer: unknown,
  surprises: Surprises,
): { readonly groups: readonly FoundGroup[]; readonly pages: number } | undefined {
  const { groups, metadata } = record(answer);
  const pages = number(record(metadata).page_count);
  if (!Array.isArray(groups) || pages === undefined) return undefined;
  const found = groups.flatMap((value: unknown): FoundGroup[] => {
    const group = record(value);
    const monitor = idText(group.monitor_id);
    if (monitor === undefined) surprises.add('groups without a monitor');
    // Whether missing data pages somebody is a matter of the monitor.
    return monitor === undefined ? [] : [{ ...readGroup(text(group.group) ?? '*', group, true), monitor }];
  });
  return { groups: found, pages };
}

/** A downtime as v2 tells of it, for the words. */
export interface RestDowntime {
  readonly monitor?: string;
  /** Of monitors that have all of them; `*`: all monitors. */
  readonly monitorTags: readonly string[];
  readonly message?: string;
  readonly creator?: string;
  readonly until?: number;
}

export function readDowntimePage(answer: unknown): readonly RestDowntime[] {
  const { data, included } = record(answer);
  const users = new Map(
    list(included).flatMap((value) => {
      const { id, attributes } = record(value);
      const name = oneLine(record(attributes).name, 200) ?? oneLine(record(attributes).handle, 200);
      return typeof id === 'string' && name !== undefined ? [[id, name] as const] : [];
    }),
  );
  return list(data).flatMap((value): RestDowntime[] => {
    const { attributes, relationships } = record(value);
    const downtime = record(attributes);
    if (downtime.status !== undefined && downtime.status !== 'active') return [];
    const target = record(downtime.monitor_identifier);
    const monitor = idText(target.monitor_id);
    const creator = users.get(text(record(record(record(relationships).created_by).data).id) ?? '');
    const message = oneLine(downtime.message, 300);
    const schedule = record(downtime.schedule);
    const until = time(record(schedule.current_downtime).end) ?? time(schedule.end);
    return [
      {
        ...(monitor === undefined ? {} : { monitor }),
        monitorTags: list(target.monitor_tags).flatMap((tag) => text(tag) ?? []),
        ...(message === undefined ? {} : { message }),
        ...(creator === undefined ? {} : { creator }),
        ...(until === undefined ? {} : { until }),
      },
    ];
  });
}
