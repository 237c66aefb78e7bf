// Shapes: what Datadog's search for SLOs answers, each part checked; what cannot be used is left out and counted.
import { list, number, oneLine, record, text } from '../../json.ts';
import type { Surprises } from '../../problems.ts';
import { idText } from '../monitors/shapes.ts';

/** How it stands over one time; percentages. */
export interface SloStatus {
  readonly value?: number;
  readonly target?: number;
  /** `7d`, `30d`, `90d`, `custom`. */
  readonly over?: string;
  /** `breached`, `warning`, `ok`, `no_data`. */
  readonly state?: string;
  /** Of the error budget, what is left; below zero when it is overspent. */
  readonly budget?: number;
}

export interface RestSlo {
  readonly id: string;
  readonly name: string;
  readonly description?: string;
  readonly tags: readonly string[];
  readonly creator?: string;
  /** Epoch ms. */
  readonly createdAt?: number;
  readonly modifiedAt?: number;
  readonly statuses: readonly SloStatus[];
  /** Queries of metrics that it is counted by. */
  readonly queries: readonly string[];
  /** Ids of monitors that it is counted by. */
  readonly monitors: readonly string[];
}

const most = { tags: 60, statuses: 4, monitors: 100 };
const longest = { name: 500, tag: 400, description: 600, query: 20_000 };

/** Undefined for an answer of another shape. `count`: as many as the page had, also those that cannot be used. */
export function readSlos(answer: unknown, surprises: Surprises) {
  const { data, meta } = record(answer);
  const { slos } = record(record(data).attributes);
  if (!Array.isArray(slos)) return undefined;
  const total = number(record(record(meta).pagination).total);
  return { slos: slos.flatMap((one: unknown) => readSlo(one, surprises) ?? []), count: slos.length, total };
}

function readSlo(value: unknown, surprises: Surprises): RestSlo | undefined {
  const { id, attributes } = record(record(value).data);
  const slo = record(attributes);
  const name = oneLine(slo.name, longest.name);
  if (typeof id !== 'string' || !/^[\w-]{1,100}$/.test(id) || name === undefined) {
    surprises.add('SLOs without an id or a name');
    return undefined;
  }
  const description = oneLine(slo.description, longest.description);
  const creator = oneLine(record(slo.creator).name, 200) ?? oneLine(record(slo.creator).email, 200);
  const [createdAt, modifiedAt] = [seconds(slo.created_at), seconds(slo.modified_at)];
  return {
    ...{ id, name },
    ...(description === undefined ? {} : { description }),
    ...(creator === undefined ? {} : { creator }),
    ...(createdAt === undefined ? {} : { createdAt }),
    ...(modifiedAt === undefined ? {} : { modifiedAt }),
    tags: list(slo.all_tags)
      .flatMap((tag) => oneLine(tag, longest.tag) ?? [])
      .slice(0, most.tags),
    statuses: list(slo.overall_status).slice(0, most.statuses).map(readStatus),
    queries: [record(slo.query).numerator, record(slo.query).denominator].flatMap(
      (one) => text(one)?.slice(0, longest.query) ?? [],
    ),
    monitors: list(slo.monitor_ids)
      .flatMap((one) => idText(one) ?? [])
      .slice(0, most.monitors),
  };
}

function readStatus(value: unknown): SloStatus {
  const { status, target, timeframe, state, error_budget_remaining: left } = record(value);
  const [now, promised, budget] = [status, target, left].map((one) => (one === null ? undefined : number(one)));
  const [over, stands] = [oneLine(timeframe, 20), oneLine(state, 20)];
  return {
    ...(now === undefined ? {} : { value: now }),
    ...(promised === undefined ? {} : { target: promised }),
    ...(budget === undefined ? {} : { budget }),
    ...(over === undefined ? {} : { over }),
    ...(stands === undefined ? {} : { state: stands }),
  };
}

function seconds(value: unknown): number | undefined {
  const said = number(value);
  return said === undefined || said <= 0 ? undefined : Math.round(said * 1000);
}
