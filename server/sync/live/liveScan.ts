// Live scan: one scan of a connection into the store, and looks at what is on screen, also while a long scan runs.
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { CatalogChange } from '../../catalog/change.ts';
import type { EntityId } from '../../catalog/entity.ts';
import type { CatalogStore, Scan } from '../../catalog/store.ts';
import type { LiveConnector, Log } from '../../connectors/connector.ts';
import { failureOf, isStoreTrouble } from '../health.ts';
import { identityOf } from '../pass.ts';

export interface LiveScanParts {
  readonly connector: LiveConnector;
  readonly store: CatalogStore;
  /** Epoch ms. */
  readonly now: () => number;
  readonly log: Log;
}

export interface Ended {
  readonly changed: boolean;
  readonly full: boolean;
  /** In parts. */
  readonly problems: readonly string[];
  /** It was tried in parts before, and all went well now: what is missing of them comes with a full scan. */
  readonly recovered: boolean;
}

export class LiveScan {
  readonly #parts: LiveScanParts;
  #running: Scan | undefined;

  /** Makes the source known. Throws when our own store cannot be written. */
  constructor(parts: LiveScanParts) {
    this.#parts = parts;
    const { connector, store } = parts;
    const { name } = connector.source;
    const known = store
      .snapshot()
      .sources()
      .find((source) => source.name === name);
    // The name stands for another thing now: nothing that was said of the old one is true of it.
    if (known && known.scope !== connector.scope) store.writer().removeSource(name);
    store.writer().register(identityOf(connector));
  }

  /**
   * From where the last good one ended, or of all there is once `fullMs` have passed since the last time.
   * Rejects with what is wrong, which the source then says too; when aborted; and when our own store cannot be written.
   */
  async scan(mustBeFull: boolean, fullMs: number, signal: AbortSignal): Promise<Ended> {
    const { connector, store, now, log } = this.#parts;
    const began = now();
    const scan = store.writer().startScan(identityOf(connector), began, { coveredDecides: true });
    const { cursor, fullScannedAt, hadProblems } = scan.before;
    const since = mustBeFull || began - (fullScannedAt ?? 0) >= fullMs ? undefined : cursor;
    const problems: string[] = [];
    let full = true;
    this.#running = scan;
    try {
      for await (const page of connector.scan(signal, since)) {
        signal.throwIfAborted();
        scan.apply(page, now());
        if (page.incremental) full = false;
        problems.push(...(page.problems ?? []).map(({ message }) => message));
        await nextTurn();
      }
      signal.throwIfAborted();
      this.#running = undefined;
      const { changed } = scan.finish();
      log.debug('scanned', { source: connector.source.name, full, changed, tookMs: now() - began });
      return { changed, full, problems, recovered: hadProblems && problems.length === 0 && !full };
    } catch (error) {
      this.#running = undefined;
      signal.throwIfAborted();
      if (!isStoreTrouble(error)) {
        const { reason, health } = failureOf(error);
        scan.abandon(reason, health);
      }
      throw error;
    }
  }

  /** True when something is other than before. Rejects like `scan`; the source says nothing of it. */
  async look(ids: readonly EntityId[], signal: AbortSignal): Promise<boolean> {
    const { connector, store, now } = this.#parts;
    const pages: CatalogChange[] = [];
    for await (const page of connector.describe(ids, signal)) {
      signal.throwIfAborted();
      pages.push(page);
    }
    const told = pages.map(({ entities, runs, series, edges, events }) => ({ entities, runs, series, edges, events }));
    const at = now();
    // What a scan is in the middle of is one more page of it: two at a time would not know of each other.
    if (this.#running) {
      for (const page of told) this.#running.apply(page, at);
      return true;
    }
    const look = store.writer().startScan(identityOf(connector), at, { as: 'look' });
    for (const page of told) look.apply(page);
    return look.finish().changed;
  }
}
