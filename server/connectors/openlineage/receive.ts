// Receive: what a body that was posted as lineage events holds, what is kept of it, and what its sender is told; pure.
import { isRecord, type JsonRecord, record } from '../json.ts';
import { readEvent } from './said/events.ts';

export interface ReceivedBody {
  /** One JSON text an event, without a line break. */
  readonly lines: readonly string[];
  readonly status: 200 | 204 | 400;
  /** Absent: an empty answer. */
  readonly answer?: object;
}

/** Of a batch; more are refused, so that one request stays small. */
const mostEvents = 20_000;
const mostFailures = 100;

/**
 * One event, or a batch (a list of them). Answers as openlineage.io/apidocs/openapi 2.0.2 says (spec/OpenLineage.yml,
 * 2026-08): 200 for one; for a batch 204 when all were taken, else 200 with what failed. What is no JSON, and a body with
 * nothing in it that is an event, is 400: sending it again does not help.
 */
export function receiveBody(text: string): ReceivedBody {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return refused('The body is not JSON.');
  }
  if (!Array.isArray(json)) {
    const line = lineOf(json);
    if (line === undefined)
      return refused('This is no OpenLineage event: it has no eventTime, or neither a job nor a dataset.');
    return { lines: [line], status: 200, answer: { status: 'success' } };
  }
  if (json.length > mostEvents) return refused(`A batch holds ${mostEvents} events at most; send several.`);
  const lines = json.map(lineOf);
  const failed = lines.flatMap((line, index) => (line === undefined ? [index] : []));
  const kept = lines.filter((line) => line !== undefined);
  if (failed.length === 0) return { lines: kept, status: 204 };
  const reason = 'It is no OpenLineage event.';
  const counts = { received: json.length, successful: kept.length, failed: failed.length };
  return {
    lines: kept,
    status: kept.length === 0 ? 400 : 200,
    answer: {
      status: 'partial_success',
      summary: { ...counts, retriable: 0, non_retriable: failed.length },
      failed_events: failed.slice(0, mostFailures).map((index) => ({ index, reason, retriable: false })),
    },
  };
}

function refused(message: string): ReceivedBody {
  return { lines: [], status: 400, answer: { code: 400, message } };
}

/** Undefined for what is no event. Variables of its environment, which may be secrets, are not kept. */
function lineOf(json: unknown): string | undefined {
  if (!isRecord(json) || readEvent(json) === undefined) return undefined;
  const { facets } = record(json.run);
  if (!isRecord(facets) || !('environmentVariables' in facets)) return JSON.stringify(json);
  const { environmentVariables: _, ...kept } = facets as JsonRecord;
  return JSON.stringify({ ...json, run: { ...record(json.run), facets: kept } });
}
