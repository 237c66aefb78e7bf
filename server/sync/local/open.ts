// Open: makes a connector for a discovered source and lets the store know of it before anything is scanned; and of those that are found no more.
import type { CatalogStore } from '../../catalog/store.ts';
import type { Connector, ConnectorHost } from '../../connectors/connector.ts';
import { failureOf } from '../health.ts';
import { identityOf } from '../pass.ts';
import type { Discovered } from './discovery.ts';
import { knownIn } from './known.ts';

/**
 * All sources are registered before the first is scanned, so that ids of one tool in the text of another are understood
 * whatever the order. `live`: what the connections gave is known too. Undefined when the connector could not be made: the store then says why.
 */
export async function openSource(
  { factory, source }: Discovered,
  store: CatalogStore,
  host: ConnectorHost,
  live?: CatalogStore,
): Promise<Connector | undefined> {
  const writer = store.writer();
  try {
    const connector = await factory.create(source, host, knownIn(store, live));
    writer.register(identityOf(connector));
    return connector;
  } catch (error) {
    const { health, reason } = failureOf(error);
    host.log.warn('could not open a source', { source: source.name, reason });
    writer.register({ name: source.name, tool: source.tool, scope: `${source.tool}://`, kinds: [] });
    writer.fail(source.name, health, reason, host.now());
    return undefined;
  }
}

/**
 * A source that is found no more because the workspace folders are others: it goes with its folder, or, where it is found
 * under another name since names say which folder, takes that name with all its history. False when neither is so.
 */
export function folderLeft(
  store: CatalogStore,
  { source }: Discovered,
  found: readonly Discovered[],
  folders: readonly string[],
): boolean {
  const again = found.find(({ source: { tool, path } }) => tool === source.tool && path === source.path);
  const isKnown = (name: string): boolean =>
    store
      .snapshot()
      .sources()
      .some((one) => one.name === name);
  if (again && !isKnown(again.source.name)) store.writer().renameSource(source.name, again.source.name);
  else if (again || !folders.includes(source.workspaceFolder)) store.writer().removeSource(source.name);
  else return false;
  return true;
}

const keptMs = 7 * 24 * 3_600_000;

/**
 * Sources that are found no more fail first and are forgotten a week later, so that a rebuild loses no history.
 * True when something changed.
 */
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
