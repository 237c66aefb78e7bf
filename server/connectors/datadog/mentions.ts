// Mentions: jobs, models and runs that the message of a monitor names by the address of their page, or by their id.
import type { Catalog } from '../../catalog/catalog.ts';
import type { Edge } from '../../catalog/edge.ts';
import type { Entity, EntityId } from '../../catalog/entity.ts';
import { type KnownInstances, knownInstances, mine } from '../../catalog/mine.ts';
import { jobsByNumber } from './tags.ts';

const longest = 20_000;
const mostMentions = 10;
const mostOfAName = 3;

/** Pages whose address names a thing: Airflow 2 and 3, MLflow's registry, Databricks (2026-11). */
const pages: readonly {
  readonly pattern: RegExp;
  readonly find: (name: string, catalog: Catalog) => readonly Entity[];
}[] = [
  { pattern: /https?:\/\/[^\s<>"')\]]{1,300}?\/dags\/([\w.~%-]{1,250})/g, find: named('job', 'airflow') },
  { pattern: /https?:\/\/[^\s<>"')\]]{1,300}?#\/models\/([\w.~%@-]{1,250})/g, find: named('model', 'mlflow') },
  {
    pattern: /https:\/\/[a-z0-9.-]{1,200}\.(?:databricks\.com|azuredatabricks\.net)\/\S{0,80}?jobs?\/(\d{1,20})\b/gi,
    find: jobsByNumber,
  },
];

/** Edges from what the message names; what no source knows is left out. */
export function mentionedIn(message: string, to: EntityId, catalog: Catalog): readonly Edge[] {
  const text = message.slice(0, longest);
  const found = new Map<EntityId, string>();
  for (const { pattern, find } of pages) {
    for (const [written, name = ''] of text.matchAll(pattern)) {
      if (found.size >= mostMentions) break;
      for (const { id } of find(decoded(name), catalog)) found.set(id, written);
    }
  }
  for (const run of mine(text, instancesOf(catalog))) {
    for (const id of catalog.run(run)?.of ?? []) if (found.size < mostMentions && !found.has(id)) found.set(id, run);
  }
  return [...found].map(([from, written]): Edge => {
    const evidence = `the message of the Datadog monitor names it: ${written}`.slice(0, 300);
    return { from, to, relation: 'measures', origin: 'matched', evidence };
  });
}

function named(kind: 'job' | 'model', tool: string) {
  return (name: string, catalog: Catalog): readonly Entity[] => {
    const found = catalog.find(kind, name, tool).filter(({ goneAt }) => goneAt === undefined);
    return found.length > mostOfAName ? [] : found;
  };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

const remembered = new WeakMap<Catalog, { readonly revision: number; readonly instances: KnownInstances }>();

function instancesOf(catalog: Catalog): KnownInstances {
  const before = remembered.get(catalog);
  if (before?.revision === catalog.revision) return before.instances;
  const instances = knownInstances(
    catalog.sources(),
    catalog.list('job', 1000).map(({ id }) => id),
  );
  remembered.set(catalog, { revision: catalog.revision, instances });
  return instances;
}
