// Priority: lets a thread of background work give way to the one that answers requests.
import { constants, setPriority } from 'node:os';

/**
 * Only on Linux, where a process id of 0 means the calling thread (setpriority(2), read 2026-11-23); elsewhere it would
 * slow down the whole process, so there nothing happens. Refused by a sandbox: the same.
 */
export function stepBack(): void {
  if (process.platform !== 'linux') return;
  try {
    setPriority(0, constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // Then it runs as fast as everybody.
  }
}
