// Mentions: what the words of a monitor name by the address of its page, by its path or by the id of a run.
import type { Catalog } from '../catalog/catalog.ts';
import type { Edge } from '../catalog/edge.ts';
import type { EntityId } from '../catalog/entity.ts';
import { mineWritten } from '../catalog/mine.ts';
import { instancesIn } from '../catalog/mining/instances.ts';

const longest = 20_000;
const mostMentions = 10;

/** Edges from what the words name; what no source knows is left out. `where`: `the message of the Datadog monitor`. */
export function mentionedIn(words: readonly string[], to: EntityId, where: string, catalog: Catalog): readonly Edge[] {
  const found = new Map<EntityId, string>();
  for (const { id, written } of mineWritten(words.join('\n').slice(0, longest), instancesIn(catalog)))
    for (const about of aboutOf(id, catalog))
      if (about !== to && found.size < mostMentions && !found.has(about)) found.set(about, written);
  return [...found].map(([from, written]): Edge => {
    const evidence = `${where} names it: ${written}`.slice(0, 300);
    return { from, to, relation: 'measures', origin: 'matched', evidence };
  });
}

/** A run stands for what it is a run of. Monitors are not about each other. */
function aboutOf(id: EntityId, catalog: Catalog): readonly EntityId[] {
  if (id.startsWith('run:')) return catalog.run(id)?.of.slice(0, 3) ?? [];
  if (id.startsWith('monitor:')) return [];
  const entity = catalog.get(id);
  return entity && entity.goneAt === undefined ? [id] : [];
}
