// Owners: who owns which service, by Datadog's software catalog.
import type { CatalogChange } from '../../catalog/change.ts';
import { list, oneLine, record } from '../json.ts';
import type { Live } from './ask/live.ts';

const pageOf = 100;
const mostPages = 50;

/** Remembered by the name of the service; nothing is told of services themselves. Rejects like asking. */
export async function listOwners(live: Live, signal: AbortSignal): Promise<CatalogChange> {
  const { api, memory } = live;
  const at = api.host.now();
  const of = new Map<string, string>();
  for (let page = 0; page < mostPages; page += 1) {
    const query = [
      ['filter[kind]', 'service'],
      ['page[limit]', String(pageOf)],
      ['page[offset]', String(page * pageOf)],
    ] as const;
    const answer = record(await api.get('/api/v2/catalog/entity', query, signal));
    if (!Array.isArray(answer.data)) throw api.broken('it does not list services at /api/v2/catalog/entity');
    const before = of.size;
    for (const value of list(answer.data)) {
      const { name, owner } = record(record(value).attributes);
      const [service, who] = [oneLine(name, 200), oneLine(owner, 200)];
      if (service !== undefined && who !== undefined) of.set(service, who);
    }
    if (answer.data.length < pageOf || (page > 0 && of.size === before)) break;
  }
  memory.owners = { at, of };
  return {};
}
