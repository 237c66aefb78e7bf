// Logs: streams of log groups, whole or in a time window, as logs that are read by ranges.
import type { LogGroups } from '../logGroups.ts';
import { PagedLogs } from '../pagedLogs.ts';
import { parseLogKey } from './key.ts';

/** `name`: of the connection. */
export function streamLogs(name: string, groups: LogGroups, now: () => number): PagedLogs {
  return new PagedLogs(
    name,
    (key) => {
      const window = parseLogKey(key);
      return (
        window && {
          ask: (from, signal) => groups.events(window, from === undefined ? {} : { from }, signal),
          ...(window.until === undefined ? {} : { until: window.until }),
        }
      );
    },
    now,
  );
}
