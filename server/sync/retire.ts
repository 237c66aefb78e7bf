// Retire: sources that are found no more fail first and are forgotten a week later, so that a rebuild loses no history.
import type { CatalogStore } from '../catalog/store.ts';

const keptMs = 7 * 24 * 3_600_000;

/** True when something changed. */
export function retireMissing(store: CatalogStore, found: readonly string[], now: number): boolean {
  const writer = store.writer();
  let changed = false;
  for (const { name, health, scannedAt, reason } of store.snapshot().sources()) {
    if (found.includes(name)) continue;
    const gone =
      'It was not found any more in the workspace folders. Bring it back, or wait a week for it to be forgotten.';
    if (now - (scannedAt ?? 0) > keptMs) writer.removeSource(name);
    else if (health !== 'failing' || reason !== gone) writer.fail(name, 'failing', gone, now);
    else continue;
    changed = true;
  }
  return changed;
}
