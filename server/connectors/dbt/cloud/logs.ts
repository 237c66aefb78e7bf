// Logs: what dbt printed in the steps of a run, as dbt Cloud hands it out, and how such a log is written in its address.
import type { FetchedLog } from '../../connector.ts';
import { HttpError } from '../../httpError.ts';
import { list, number, record } from '../../json.ts';
import type { Api } from './api.ts';
import { isOpen, readRun, readStepLogs, statusOf } from './shapes.ts';

export interface LogKey {
  readonly account: string;
  readonly run: string;
  /** Absent: all of them, one after the other. */
  readonly step?: number;
  /** With what dbt writes to its log file alone: every query. */
  readonly debug?: boolean;
}

/** What is shown of a long log is its end. */
const mostText = 16_000_000;

export function logKey({ account, run, step, debug = false }: LogKey): string {
  return `${debug ? 'debug' : 'logs'}/${account}/${run}${step === undefined ? '' : `/${step}`}`;
}

/** Undefined for what is no key of ours. */
export function parseLogKey(text: string): LogKey | undefined {
  const match = /^(debug|logs)\/(\d{1,19})\/(\d{1,19})(?:\/(\d{1,6}))?$/.exec(text);
  if (!match) return undefined;
  const [, kind, account = '', run = '', step] = match;
  return { account, run, debug: kind === 'debug', ...(step === undefined ? {} : { step: Number(step) }) };
}

/** Rejects like `fetch`; a run that is not there any more is said so. */
export async function readLog({ account, run, step, debug }: LogKey, api: Api, signal: AbortSignal) {
  const related = debug ? '["run_steps","debug_logs"]' : '["run_steps"]';
  const path = `/api/v2/accounts/${account}/runs/${run}/`;
  const data = await api.data(path, [['include_related', related]], signal).catch((error: unknown) => {
    if (!(error instanceof HttpError) || error.kind !== 'missing') throw error;
    const words = `${api.place} has no run ${run} any more. What was read of it before stays here.`;
    throw new HttpError('missing', words, { status: 404, cause: error });
  });
  const stored = readRun(data);
  const raw = list(record(data).run_steps);
  const parts = (stored?.steps ?? [])
    .filter(({ index }) => step === undefined || index === step)
    .map((one) => {
      const texts = readStepLogs(raw.find((each) => number(record(each).index) === one.index));
      const written = plain((debug ? texts.debug : texts.logs) || texts.logs || texts.debug);
      const words = written === '' ? '' : written.replace(/\n*$/, '\n');
      return step === undefined ? `== ${one.index}. ${one.name} (${statusOf(one)}) ==\n${words}` : words;
    });
  const whole = parts.join('');
  const log: FetchedLog = { text: ending(whole), complete: stored !== undefined && !isOpen(stored) };
  return log;
}

function ending(whole: string): string {
  if (whole.length <= mostText) return whole;
  const end = whole.slice(-mostText);
  return `[Plumbline: the end of a log of ${whole.length.toLocaleString('en')} characters]\n${end.slice(end.indexOf('\n') + 1)}`;
}

/** dbt colours what it prints. */
function plain(words: string): string {
  return words.replace(/\u001b\[[0-9;]{0,20}m/g, '').replace(/\r\n/g, '\n');
}
