// Run: one full pass over every source of the workspace folders, in this thread; for the command line and tests.
import type { CatalogStore } from '../../catalog/store.ts';
import type { Connector, ConnectorFactory, ConnectorHost, Log } from '../../connectors/connector.ts';
import { connectors as allConnectors } from '../../connectors/registry.ts';
import { createHost } from '../../world/host.ts';
import { type Outcome, scanSource } from '../pass.ts';
import { discover } from './discovery.ts';
import { openSource, retireMissing } from './open.ts';

export interface SyncOptions {
  /** Absolute workspace folders. */
  readonly folders: readonly string[];
  readonly store: CatalogStore;
  /** What the connections gave. */
  readonly live?: CatalogStore;
  /** Absolute folder of the events that were posted to us. */
  readonly received?: string;
  /** False in Restricted Mode: nothing is run. */
  readonly trusted: boolean;
  readonly log: Log;
  /** Epoch ms; the real clock unless said otherwise. */
  readonly now?: () => number;
  readonly signal?: AbortSignal;
  /** Default: all there are. */
  readonly connectors?: readonly ConnectorFactory[];
}

export interface SyncSummary {
  readonly sources: readonly Outcome[];
  readonly changed: boolean;
  readonly tookMs: number;
}

/** Rejects when aborted or when the store cannot be written; what is wrong with a source stands in its outcome. */
export async function runSync(options: SyncOptions): Promise<SyncSummary> {
  const { folders, store, trusted, log } = options;
  const now = options.now ?? Date.now;
  const signal = options.signal ?? new AbortController().signal;
  const host: ConnectorHost = createHost({ log, trusted, now });
  const began = now();
  const found = await discover(folders, options.connectors ?? allConnectors, host, signal, options.received);
  const open: Connector[] = [];
  const outcomes: Outcome[] = [];
  for (const discovered of found) {
    signal.throwIfAborted();
    const connector = await openSource(discovered, store, host, options.live);
    if (connector) open.push(connector);
    else outcomes.push(unopened(discovered.source.name, store));
  }
  const parts = { writer: store.writer(), now, log };
  try {
    for (const connector of open) outcomes.push(await scanSource(connector, parts, signal));
  } finally {
    for (const connector of open) connector.dispose?.();
  }
  const retired = retireMissing(
    store,
    found.map(({ source }) => source.name),
    now(),
  );
  return { sources: outcomes, changed: retired || outcomes.some(({ changed }) => changed), tookMs: now() - began };
}

function unopened(name: string, store: CatalogStore): Outcome {
  const source = store
    .snapshot()
    .sources()
    .find((candidate) => candidate.name === name);
  const health = source?.health === 'forbidden' ? 'forbidden' : 'failing';
  return { name, tool: source?.tool ?? '', health, reason: source?.reason, changed: true, problems: [], tookMs: 0 };
}
