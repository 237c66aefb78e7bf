// Priority: lets background work give way to the one that answers requests.
import { constants, setPriority } from 'node:os';

/**
 * `pid`: a process of ours that was just started, with the threads that it starts from then on. Without one, the calling thread, and only on Linux,
 * where a process id of 0 means that (setpriority(2), read 2026-11-23); elsewhere it would slow down the whole process, so
 * there nothing happens. Refused by a sandbox: the same.
 */
export function stepBack(pid = 0): void {
  if (pid === 0 && process.platform !== 'linux') return;
  try {
    setPriority(pid, constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // Then it runs as fast as everybody.
  }
}
