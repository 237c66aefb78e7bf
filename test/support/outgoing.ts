// Requests that this process has out, so that a simulated clock waits for real servers.
import { subscribe } from 'node:diagnostics_channel';
import { setTimeout as pause, setImmediate as turn } from 'node:timers/promises';

const out = new Set<object>();

/** Channels of node:http (nodejs.org/api/diagnostics_channel, read 2026-11). */
subscribe('http.client.request.start', (message) => out.add(requestOf(message)));
subscribe('http.client.request.error', (message) => out.delete(requestOf(message)));
subscribe('http.client.response.finish', (message) => out.delete(requestOf(message)));

function requestOf(message: unknown): NodeJS.EventEmitter & object {
  if (typeof message !== 'object' || message === null || !('request' in message)) throw new Error('no request');
  const { request } = message as { readonly request: NodeJS.EventEmitter };
  // Also one that is given up while its answer comes.
  request.once('close', () => out.delete(request));
  return request;
}

/** Resolves when nothing is out and nothing happened for a few turns: all that goes on waits for a clock. */
export async function quiet(): Promise<void> {
  for (let still = 0; still < 12; still += 1) {
    await turn();
    if (out.size === 0) continue;
    still = -1;
    await pause(1);
  }
}
