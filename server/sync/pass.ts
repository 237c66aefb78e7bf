// Pass: one scan of one source into the store, and what came of it.
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { CatalogWriter, Scan, SourceIdentity } from '../catalog/store.ts';
import type { Connector, Log, SourceName } from '../connectors/connector.ts';
import { failureOf, isStoreTrouble } from './health.ts';

export interface Outcome {
  readonly name: string;
  readonly tool: string;
  readonly health: 'fresh' | 'failing' | 'forbidden';
  /** Some answer is different than before. */
  readonly changed: boolean;
  readonly problems: readonly string[];
  readonly reason?: string;
  readonly tookMs: number;
}

export interface PassParts {
  readonly writer: CatalogWriter;
  readonly now: () => number;
  readonly log: Log;
}

/** What a scan needs of a connector, of files or of a server. */
export interface Scannable extends Pick<Connector, 'scope' | 'kinds' | 'scan'> {
  readonly source: SourceName;
}

export function identityOf({ source, scope, kinds }: Scannable): SourceIdentity {
  const { name, tool, environment } = source;
  return { name, tool, scope, kinds, ...(environment === undefined ? {} : { environment }) };
}

/**
 * Never fails for what is wrong with the source: that is its health. Rejects when aborted (the old facts stay, what
 * was read already is kept) and when our own store cannot be written.
 */
export async function scanSource(connector: Scannable, parts: PassParts, signal: AbortSignal): Promise<Outcome> {
  const { writer, now, log } = parts;
  const { name, tool } = connector.source;
  const began = now();
  const problems: string[] = [];
  const scan: Scan = writer.startScan(identityOf(connector), began);
  try {
    for await (const change of connector.scan(signal)) {
      signal.throwIfAborted();
      scan.apply(change);
      problems.push(...(change.problems ?? []).map(({ message }) => message));
      // Pages are the places where messages and heartbeats get their turn.
      await nextTurn();
    }
    signal.throwIfAborted();
    const { changed } = scan.finish();
    const tookMs = now() - began;
    log.info('scanned', { source: name, changed, problems: problems.length, tookMs });
    return { name, tool, health: 'fresh', changed, problems, tookMs };
  } catch (error) {
    signal.throwIfAborted();
    if (isStoreTrouble(error)) throw error;
    const failure = failureOf(error);
    scan.abandon(failure.reason, failure.health);
    log.warn('could not scan', { source: name, ...failure });
    return { name, tool, ...failure, changed: true, problems, tookMs: now() - began };
  }
}
