// Log questions: what the main thread asks of a log that only its connection can read, and how a connector answers.
import type { FetchedLog, LiveConnector, LogSought, LogStat } from '../../connectors/connector.ts';

/** `source` and `key` are the parts of a `remoteLog` address. Plain data: it crosses threads. */
export type LogQuestion = { readonly source: string; readonly key: string } & (
  | { readonly ask: 'whole' | 'stat' }
  | { readonly ask: 'range'; readonly offset: number; readonly length: number }
  | { readonly ask: 'search'; readonly sought: LogSought }
);

/** What was not asked for is absent; so is `stat` when nothing is there and `at` when nothing was found. */
export interface LogAnswer {
  /** This connection hands out logs whole only: ask that. Of `search`: look for it by reading ranges. */
  readonly unable?: boolean;
  readonly whole?: FetchedLog;
  readonly stat?: LogStat;
  readonly bytes?: Uint8Array;
  readonly at?: number;
}

/** Rejects in words for the user. */
export type AskLog = (question: LogQuestion) => Promise<LogAnswer>;

/** A log of many GB is searched where it lies, and that takes a while: 5 GB of gzip a minute on a busy machine. */
const patienceMs = { whole: 60_000, stat: 60_000, range: 60_000, search: 180_000 };

export async function answerLog(
  connector: LiveConnector,
  question: LogQuestion,
  stopping: AbortSignal,
): Promise<LogAnswer> {
  const patience = patienceMs[question.ask];
  const late = AbortSignal.timeout(patience);
  try {
    return await answered(connector, question, AbortSignal.any([stopping, late]));
  } catch (error) {
    if (!late.aborted) throw error;
    const { source } = question;
    throw new Error(`${source} did not hand out this log within ${patience / 1000} s. Try again, or ask for less.`, {
      cause: error,
    });
  }
}

async function answered(connector: LiveConnector, question: LogQuestion, signal: AbortSignal): Promise<LogAnswer> {
  const { logs, source } = connector;
  const { key } = question;
  if (!logs) {
    if (question.ask !== 'whole') return { unable: true };
    if (!connector.readLog) throw new Error(`${source.name} hands out no logs. Open the run in the tool's own pages.`);
    return { whole: await connector.readLog(key, signal) };
  }
  switch (question.ask) {
    case 'whole':
      return { unable: true };
    case 'stat': {
      const stat = await logs.stat(key, signal);
      return stat ? { stat } : {};
    }
    case 'range':
      return { bytes: await logs.readRange(key, question.offset, question.length, signal) };
    case 'search': {
      if (!logs.search) return { unable: true };
      const at = await logs.search(key, question.sought, signal);
      return at === undefined ? {} : { at };
    }
  }
}
