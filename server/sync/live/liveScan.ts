// Live scan: one scan of a connection into the store, and looks at what is on screen, also while a long scan runs.
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Catalog } from '../../catalog/catalog.ts';
import type { CatalogChange } from '../../catalog/change.ts';
import type { EntityId } from '../../catalog/entity.ts';
import type { CatalogStore, Scan } from '../../catalog/store.ts';
import type { LiveConnector, Log } from '../../connectors/connector.ts';
import { failureOf, isStoreTrouble } from '../health.ts';
import { instancesOf, isNewcomer, type Kept, mayAskAgain, readKept, writeKept } from '../mined.ts';
import { identityOf } from '../pass.ts';

export interface LiveScanParts {
  readonly connector: LiveConnector;
  readonly store: CatalogStore;
  /** Epoch ms. */
  readonly now: () => number;
  readonly log: Log;
  /** All that is known, for connectors that read ids of other tools out of texts. */
  readonly known?: Catalog;
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
  /** Of the last scan that ended well. */
  #kept: Kept | undefined;

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
    const { cursor: stored, fullScannedAt, hadProblems } = scan.before;
    const kept = readKept(stored);
    const instances = this.#instances();
    const isAgain = instances !== undefined && isNewcomer(kept.instances, instances) && mayAskAgain(kept, began);
    const isDue = mustBeFull || began - (fullScannedAt ?? 0) >= fullMs;
    const since = isDue || isAgain ? undefined : kept.cursor;
    if (isAgain && !isDue)
      log.info('another instance is known: all texts are read once more', { source: connector.source.name });
    let last: Kept = kept;
    const keeping = (cursor: string): string => {
      if (instances === undefined) return cursor;
      const against = full ? instances : (kept.instances ?? instances);
      last = { cursor, instances: against, againAt: isAgain ? began : kept.againAt };
      return writeKept(last);
    };
    const problems: string[] = [];
    let full = true;
    this.#running = scan;
    try {
      for await (const page of connector.scan(signal, since)) {
        signal.throwIfAborted();
        if (page.incremental) full = false;
        scan.apply(page.cursor === undefined ? page : { ...page, cursor: keeping(page.cursor) }, now());
        problems.push(...(page.problems ?? []).map(({ message }) => message));
        await nextTurn();
      }
      signal.throwIfAborted();
      this.#running = undefined;
      const { changed } = scan.finish();
      this.#kept = last;
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

  /** Since the last scan somebody became known whom the texts that were read could not name; the next one reads them again. */
  get isBehind(): boolean {
    const instances = this.#instances();
    if (instances === undefined || this.#kept === undefined) return false;
    return isNewcomer(this.#kept.instances, instances) && mayAskAgain(this.#kept, this.#parts.now());
  }

  /** Undefined for connectors that read no texts. */
  #instances(): readonly string[] | undefined {
    const { connector, known } = this.#parts;
    return connector.mines && known ? instancesOf(known, connector.source.tool) : undefined;
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
