// Door: what the main thread asks of the live sync, wherever it runs.
import { setTimeout as pause } from 'node:timers/promises';
import type { AttentionParams, ConnectionConfig, ConnectionStatus, ProxySettings } from '../../protocol/connection.ts';
import type { AskLog } from './logQuestions.ts';
import type { AskSeries } from './seriesQuestions.ts';

export interface LiveDoor {
  /**
   * All there are, at first and whenever they change; until then nothing is asked. Unless `isWhole`, more may be hidden
   * by a mistake in a file: what is not among them is not forgotten.
   */
  setConnections(connections: readonly ConnectionConfig[], isWhole?: boolean): void;
  setProxy(proxy: ProxySettings | undefined): void;
  attention(params: AttentionParams): void;
  /** It was stored, changed or removed. */
  secretChanged(name: string): void;
  connectionStatuses(): Promise<readonly ConnectionStatus[]>;
  /** One, or all. Resolves when they have been asked, whatever came of it. */
  syncNow(name?: string): Promise<void>;
  /** Gives up after `deadlineMs` and never fails: what is not fresh by then is shown with its age. */
  freshen(ids: readonly string[], deadlineMs: number): Promise<void>;
  readonly askLog: AskLog;
  readonly askSeries: AskSeries;
}

export const noLive =
  'Nothing is asked over the network in this window, because its folder is not trusted. Trust it (Manage Workspace Trust), then try again.';

/** Where nothing may be asked. */
export const closedDoor: LiveDoor = {
  setConnections: () => {},
  setProxy: () => {},
  attention: () => {},
  secretChanged: () => {},
  connectionStatuses: async () => [],
  syncNow: async () => {},
  freshen: async () => {},
  askLog: () => Promise.reject(new Error(noLive)),
  askSeries: () => Promise.reject(new Error(noLive)),
};

/** Resolves when the work is done or it is too late, and never rejects. */
export async function within(deadlineMs: number, work: Promise<unknown>): Promise<void> {
  const deadline = new AbortController();
  const late = pause(deadlineMs, undefined, { signal: deadline.signal }).catch(() => {});
  await Promise.race([work.catch(() => {}), late]);
  deadline.abort();
}
