// Stale tables: sources whose newest row is older than their owners allow, as dbt found when it last looked.
import type { Catalog } from '../../catalog/catalog.ts';
import type { Incident } from '../../protocol/incident.ts';
import { utc } from './missedRuns.ts';

const mostTables = 1000;

export function staleTables(catalog: Catalog): readonly Incident[] {
  return catalog.staleTables(mostTables).flatMap((id): Incident[] => {
    const table = catalog.get(id);
    if (!table || table.goneAt !== undefined) return [];
    const told = catalog.factsBySource(table.id).findLast(({ facts }) => facts.freshness !== undefined);
    const freshness = told?.facts.freshness;
    if (!told || freshness === undefined || freshness === 'pass') return [];
    const loaded = told.facts.updatedAt;
    const age = loaded === undefined ? '' : `; its newest row is of ${utc(loaded)}`;
    return [
      {
        id: `incident:staleTable:${table.id}`,
        kind: 'staleTable',
        title: `${table.name} is stale`,
        entity: table.id,
        // As far as is known: no newer row came since.
        since: loaded ?? told.asOf,
        lastSeen: told.asOf,
        summary: `Freshness ${freshness === 'warn' ? 'is past its warning limit' : 'is past its error limit'}${age}.`,
      },
    ];
  });
}
