// Alert: one group of a monitor that is not well, from the beginning of its episode; the same for every tool that watches.

/** How a monitor, or one group of it, stands. `pending`: its condition holds, but not yet for as long as it must. */
export const alertStates = ['firing', 'warning', 'noData', 'pending'] as const;
export type AlertState = (typeof alertStates)[number];
/** `ok`: it was looked at and nothing is wrong; `unknown`: its tool cannot tell (its query fails). */
export type MonitorState = AlertState | 'ok' | 'unknown';

export interface AlertLabel {
  readonly name: string;
  readonly value: string;
}

/** Somebody or something keeps it from paging. */
export interface Muted {
  /** `inhibition`: another alert stands for it. */
  readonly by: 'silence' | 'inhibition' | 'downtime';
  /** In words: who, and why; tool text. */
  readonly why: string;
  /** Epoch ms; absent: until somebody ends it, or the tool does not say. */
  readonly until?: number;
}

export interface AlertLink {
  /** `Runbook`, `Dashboard`, `Query in Prometheus`. */
  readonly title: string;
  /** http or https. */
  readonly url: string;
}

export interface Alert {
  /** Which group of its monitor, stable over episodes: `{instance="a", model="churn"}`; empty when it has no groups. */
  readonly group: string;
  /** Its labels or tags, by name. */
  readonly labels: readonly AlertLabel[];
  readonly state: AlertState;
  /** Epoch ms: the beginning of this episode. */
  readonly since: number;
  /** The value that broke the rule; absent when the tool does not say, or when it is no number. */
  readonly value?: number;
  /** One line, as its authors wrote it. */
  readonly summary?: string;
  readonly description?: string;
  readonly muted?: Muted;
  readonly links?: readonly AlertLink[];
  /** What the tool says of where the value comes from: `target 10.0.0.7:9100 is down: connection refused`. */
  readonly origin?: string;
}

const badness: readonly MonitorState[] = ['firing', 'warning', 'noData', 'pending'];

/** The worst of its alerts; `ok` without any. */
export function stateOfAlerts(alerts: readonly Alert[]): MonitorState {
  return badness.find((state) => alerts.some((alert) => alert.state === state)) ?? 'ok';
}
