// Requests that this process has out, so that a simulated clock waits for real servers.
import { subscribe } from 'node:diagnostics_channel';
import { setTimeout as pause, setImmediate as turn } from 'node:timers/promises';

const out = new Set<object>();

/** From before it looks for its host (nodejs.org/api/diagnostics_channel, read 2026-11) until its answer has ended too. */
subscribe('http.client.request.created', (message) => {
  const { request } = message as { readonly request: NodeJS.EventEmitter };
  out.add(request);
  request.once('close', () => out.delete(request));
});

/** Resolves when nothing is out and nothing happened for a few turns: all that goes on waits for a clock. */
export async function quiet(): Promise<void> {
  for (let still = 0; still < 12; still += 1) {
    await turn();
    if (out.size === 0) continue;
    still = -1;
    await pause(1);
  }
}
