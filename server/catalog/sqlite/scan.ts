// Scan: one pass over one source, applied page by page; its end decides what is covered and what is gone.
import type { CatalogChange, Covered } from '../change.ts';
import type { Run } from '../run.ts';
import { bumpRevision, countEntities, inBatches } from './batch.ts';
import type { Row } from './connection.ts';
import { writeEntity } from './entityWrites.ts';
import { forgetEdges } from './history/edges.ts';
import { extendListed } from './history/listed.ts';
import { recordEvent, recordHistory } from './history/record.ts';
import { decode } from './json.ts';
import { removeLinks, writeEdge, writeRun, writeSeries } from './runWrites.ts';
import type { ScanState } from './scanState.ts';
import { markFailed, markProgress, markScanned, type Progress, readProgress } from './sources.ts';

export interface ScanOptions {
  /**
   * `look`: a few things looked at again; says nothing of the source as a whole, and nothing becomes gone.
   * Its pages are applied and it is ended before anything else is begun.
   */
  readonly as?: 'scan' | 'look';
  /** With problems, what a page says is covered still is; without this option nothing is. */
  readonly coveredDecides?: boolean;
}

export interface Scan {
  /** Of the scans before it. */
  readonly before: Progress;
  /** `at`: when the page was read, epoch ms; default the beginning of the scan. */
  apply(change: CatalogChange, at?: number): void;
  /**
   * The listing ended well. Marks what it covered; what was not seen in a covered kind and scope is gone.
   * With problems nothing is covered and nothing is gone. `changed`: some answer is different than before the scan.
   */
  finish(): { readonly changed: boolean };
  /** The listing broke: old facts stay, coverage is withdrawn, the next one goes on from where the last good one ended. */
  abandon(reason: string, health: 'failing' | 'forbidden'): void;
}

export class SourceScan implements Scan {
  readonly before: Progress;
  readonly #options: ScanOptions;
  readonly #covered: Covered[] = [];
  readonly #continued: Covered[] = [];
  readonly #problems: string[] = [];
  #state: ScanState;
  #cursor: string | undefined;
  #changed = false;

  constructor(state: ScanState, options: ScanOptions = {}) {
    this.#state = options.as === 'look' ? { ...state, incremental: true } : state;
    this.#options = options;
    this.before = readProgress(state.connection, state.source);
  }

  apply(change: CatalogChange, at: number = this.#state.at): void {
    if (change.incremental) this.#state = { ...this.#state, incremental: true };
    const state = { ...this.#state, at };
    const writes: (() => boolean)[] = [];
    for (const entity of change.entities ?? []) writes.push(() => writeEntity(state, entity));
    for (const run of change.runs ?? []) writes.push(() => writeRun(state, run));
    for (const series of change.series ?? []) writes.push(() => writeSeries(state, series));
    for (const edge of change.edges ?? []) writes.push(() => writeEdge(state, edge));
    for (const event of change.events ?? []) writes.push(() => recordEvent(state, event));
    const changed = inBatches(state.connection, writes, (write) => write());
    this.#changed ||= changed;
    this.#cursor = change.cursor ?? this.#cursor;
    this.#covered.push(...(change.covered ?? []));
    this.#continued.push(...(change.continued ?? []));
    for (const { message, advice } of change.problems ?? []) {
      this.#problems.push(advice ? `${message} ${advice}` : message);
    }
  }

  finish(): { readonly changed: boolean } {
    if (this.#options.as === 'look') return this.#endLook();
    const { connection, incremental } = this.#state;
    const isClean = this.#problems.length === 0;
    const counts = isClean || this.#options.coveredDecides === true;
    const covered = counts ? this.#covered : [];
    const isWhole = isClean && !incremental;
    this.#changed = this.#forget(covered, isWhole) || this.#changed;
    if (this.#changed || this.#isAfterBreak()) this.#remember();
    connection.writing(() => {
      if (this.#changed) countEntities(connection);
      const continued = incremental && counts ? this.#continued : [];
      const recovered = markScanned(this.#state, { covered, continued, problems: this.#problems, isWhole });
      markProgress(this.#state, this.#cursor);
      extendListed(this.#state);
      this.#changed ||= recovered;
      if (recovered) bumpRevision(connection);
    });
    return { changed: this.#changed };
  }

  abandon(reason: string, health: 'failing' | 'forbidden'): void {
    const { connection, source, at } = this.#state;
    connection.writing(() => {
      if (this.#changed) countEntities(connection);
      if (markFailed(connection, source, health, reason, at) || this.#changed) bumpRevision(connection);
    });
  }

  #endLook(): { readonly changed: boolean } {
    const { connection, source, scan } = this.#state;
    if (this.#changed || this.#isAfterBreak()) this.#remember();
    connection.writing(() => {
      if (this.#changed) countEntities(connection);
      connection.run('UPDATE sources SET ended_scan = ? WHERE id = ?', scan, source);
    });
    return { changed: this.#changed };
  }

  /** Entities and runs of covered scopes become gone; edges go that a scan of all there is does not say any more. */
  #forget(covered: readonly Covered[], isWhole: boolean): boolean {
    const { connection } = this.#state;
    let changed = false;
    for (const { kind, scope } of covered) {
      changed = (kind === 'run' ? this.#forgetRuns(scope) : this.#forgetEntities(`${kind}:${scope}`)) || changed;
    }
    if (!isWhole) return changed;
    connection.writing(() => {
      const edges = forgetEdges(this.#state);
      if (edges > 0) bumpRevision(connection);
      changed ||= edges > 0;
    });
    return changed;
  }

  #forgetEntities(prefix: string): boolean {
    const { connection, source, scan, at } = this.#state;
    return connection.writing(() => {
      const gone = connection.run(
        `UPDATE entities SET gone_at = ?, changed = ?
         WHERE id >= ? AND id < ? AND source = ? AND scan < ? AND gone_at IS NULL`,
        ...[at, scan, `${prefix}/`, `${prefix}0`, source, scan],
      );
      if (gone > 0) bumpRevision(connection);
      return gone > 0;
    });
  }

  #forgetRuns(scope: string): boolean {
    const { connection, source, scan, at } = this.#state;
    const rows = connection.all(
      'SELECT id, body FROM runs WHERE id >= ? AND id < ? AND source = ? AND scan < ? AND gone_at IS NULL',
      ...[`run:${scope}/`, `run:${scope}0`, source, scan],
    );
    return inBatches(connection, rows, ({ id, body }) => {
      removeLinks(this.#state, decode<Run>(String(body)));
      connection.run('UPDATE runs SET gone_at = ? WHERE id = ? AND source = ?', at, id ?? null, source);
      connection.run('DELETE FROM series WHERE run = ? AND source = ?', id ?? null, source);
      return true;
    });
  }

  /** The scan before this one broke off; what it wrote already may be in no history. */
  #isAfterBreak(): boolean {
    const { connection, source, scan } = this.#state;
    const ended = connection.get('SELECT ended_scan FROM sources WHERE id = ?', source)?.ended_scan;
    return Number(ended ?? 0) < scan - 1;
  }

  /** At the end of the scan, because one entity may be told in several pages. */
  #remember(): void {
    const { connection, source, scan, recorded } = this.#state;
    const changed: readonly Row[] = connection.all(
      'SELECT id, facts, as_of, gone_at, first_seen, last_seen FROM entities WHERE source = ? AND changed > ?',
      source,
      recorded,
    );
    inBatches(connection, changed, (row) => {
      recordHistory(row.gone_at === null ? { ...this.#state, at: Number(row.as_of) } : this.#state, row);
      return false;
    });
    connection.writing(() => connection.run('UPDATE sources SET history_scan = ? WHERE id = ?', scan, source));
  }
}
