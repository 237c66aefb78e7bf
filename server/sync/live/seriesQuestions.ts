// Series questions: what the main thread asks of the values of a metric, and how each connection that has them answers.
import type { MetricSeries } from '../../catalog/change.ts';
import { type EntityId, parseEntityId } from '../../catalog/entity.ts';
import type { LiveConnector } from '../../connectors/connector.ts';
import type { ConnectionConfig } from '../../protocol/connection.ts';
import { failureOf } from '../health.ts';

/** Epoch ms. Plain data: it crosses threads. */
export interface SeriesQuestion {
  readonly metric: EntityId;
  readonly from: number;
  readonly to: number;
}

/** Of one connection; `problem` is in words for the user, and then there is no series. */
export interface SeriesAnswer {
  readonly source: string;
  readonly series: readonly MetricSeries[];
  readonly problem?: string;
}

/** Empty when no connection can give values of it. Rejects only where nothing may be asked at all. */
export type AskSeries = (question: SeriesQuestion) => Promise<readonly SeriesAnswer[]>;

const patienceMs = 30_000;

/** Asks each connection of the metric's tool whose scope it lies in; one that fails keeps no other from answering. */
export async function answerSeries(
  list: readonly ConnectionConfig[],
  connectorOf: (name: string) => LiveConnector,
  question: SeriesQuestion,
  stopping: AbortSignal,
): Promise<readonly SeriesAnswer[]> {
  const tool = parseEntityId(question.metric)?.tool;
  const answers = list
    .filter((config) => config.tool === tool)
    .map((config) => answerOf(config, connectorOf, question, stopping));
  return (await Promise.all(answers)).filter((answer) => answer !== undefined);
}

async function answerOf(
  { name, paused }: ConnectionConfig,
  connectorOf: (name: string) => LiveConnector,
  { metric, from, to }: SeriesQuestion,
  stopping: AbortSignal,
): Promise<SeriesAnswer | undefined> {
  const late = AbortSignal.timeout(patienceMs);
  try {
    const connector = connectorOf(name);
    if (!connector.series || !isWithin(metric, connector)) return undefined;
    if (paused) {
      return {
        source: name,
        series: [],
        problem: `${name} is paused. Resume it in the Connections view to see values.`,
      };
    }
    const signal = AbortSignal.any([stopping, late]);
    return { source: name, series: await connector.series(metric, { from, to }, signal) };
  } catch (error) {
    const problem = late.aborted
      ? `${name} gave no values within ${patienceMs / 1000} s. Try again, or look at a shorter time.`
      : failureOf(error).reason;
    return { source: name, series: [], problem };
  }
}

function isWithin(id: EntityId, { scope, alsoScopes = [] }: LiveConnector): boolean {
  const place = id.slice(id.indexOf(':') + 1);
  return [scope, ...alsoScopes].some((one) => place.startsWith(`${one}/`));
}
