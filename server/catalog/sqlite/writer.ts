// Writer: how the sync worker puts what it saw into the store.
import { bumpRevision, countEntities } from './batch.ts';
import { type Connection, StoreError } from './connection.ts';
import { type Scan, type ScanOptions, SourceScan } from './scan.ts';
import { scanState } from './scanState.ts';
import { markFailed, registerSource, type SourceIdentity } from './sources.ts';

export interface CatalogWriter {
  /** A source that discovery found; `never` scanned until its first scan ends. Known ones keep what is known. */
  register(source: SourceIdentity): void;
  /**
   * `at`: epoch ms; the time the facts of this scan carry where a page has no time of its own. Throws a StoreError when
   * the store cannot be written.
   */
  startScan(source: SourceIdentity, at: number, options?: ScanOptions): Scan;
  /** It could not even be asked. Throws when nobody registered or scanned it before. */
  fail(sourceName: string, health: 'failing' | 'forbidden', reason: string, at: number): void;
  /** Nothing when there is no such source, or one of the new name. */
  renameSource(name: string, newName: string): void;
  /** Forgets the source and everything only it said. */
  removeSource(name: string): void;
}

const tablesBySource = [
  'entities',
  'names',
  'edges',
  'runs',
  'run_of',
  'run_use',
  'series',
  'history',
  'edge_history',
  'listed',
  'events',
  'coverage',
  'watches',
];

/** `connection` is asked each time, because a store that was damaged is replaced while we run. */
export function createWriter(connection: () => Connection): CatalogWriter {
  return {
    register(source) {
      const store = connection();
      store.writing(() => {
        const known = store.get('SELECT id FROM sources WHERE name = ?', source.name);
        registerSource(store, source);
        if (!known) bumpRevision(store);
      });
    },
    startScan(source, at, options) {
      const store = connection();
      return store.writing(() => {
        const id = registerSource(store, source);
        store.run('UPDATE sources SET scan = scan + 1 WHERE id = ?', id);
        return new SourceScan(scanState(store, id, at), options);
      });
    },
    fail(sourceName, health, reason, at) {
      const store = connection();
      store.writing(() => {
        const id = store.get('SELECT id FROM sources WHERE name = ?', sourceName)?.id;
        if (id === undefined || id === null) throw new StoreError('other', `No source is called ${sourceName}.`);
        if (markFailed(store, Number(id), health, reason, at)) bumpRevision(store);
      });
    },
    renameSource(name, newName) {
      const store = connection();
      store.writing(() => {
        if (store.get('SELECT id FROM sources WHERE name = ?', newName)) return;
        store.run('UPDATE sources SET name = ? WHERE name = ?', newName, name);
        bumpRevision(store);
      });
    },
    removeSource(name) {
      const store = connection();
      store.writing(() => {
        const id = store.get('SELECT id FROM sources WHERE name = ?', name)?.id;
        if (id === undefined || id === null) return;
        for (const table of tablesBySource) store.run(`DELETE FROM ${table} WHERE source = ?`, id);
        store.run('DELETE FROM sources WHERE id = ?', id);
        countEntities(store);
        bumpRevision(store);
      });
    },
  };
}
