// Resolve: what a reference turned out to be in the catalog, with all the honest answers.
import type { Catalog, UnknownReason } from '../catalog/catalog.ts';
import { type Entity, parseEntityId } from '../catalog/entity.ts';
import { stableUri } from '../catalog/keys.ts';
import { nameKey, tableParts } from '../catalog/names.ts';
import type { Reference } from '../references/reference.ts';
import type { Resolution } from './resolution.ts';

export interface ResolveOptions {
  /** A definition of this name stands in the workspace. */
  readonly definedHere: boolean;
  /** Names are looked for in it first; absent: anywhere. */
  readonly environment?: string;
}

const mostMatches = 50;
const mostNear = 3;

/** Tools whose names any source may know: SQL text does not say which warehouse, a path is known to whoever used it. */
const openTools = new Set(['sql', 's3', 'path', 'statsd', 'spark', 'pandas']);

export function resolve(reference: Reference, catalog: Catalog, options: ResolveOptions): Resolution {
  const { filled, ...detail } = reference.detail;
  // What the workspace gives to Jinja is looked for by itself; where nothing has that name, the pattern still counts.
  const guessed = filled === undefined ? undefined : resolve({ ...reference, name: filled, detail }, catalog, options);
  if (guessed?.status === 'resolved') return guessed;
  const asked = askedTheSame(reference, catalog);
  if (asked) return { status: 'resolved', entity: asked };
  if (reference.name.includes('*')) return matching(reference, catalog);
  const found = narrowed(reference, candidates(reference, catalog));
  const live = found.filter((entity) => entity.goneAt === undefined);
  const here = inEnvironment(live, catalog, options.environment);
  const entity = here.length > 1 ? (onlyOne(reference, here) ?? builtHere(reference, here, catalog)) : here[0];
  if (entity) return { status: 'resolved', entity };
  if (here.length > 1) return { status: 'ambiguous', candidates: here };
  const elsewhere = live[0] && environmentOf(live[0], catalog);
  if (elsewhere) return { status: 'unknown', reason: { why: 'otherEnvironment', environment: elsewhere } };
  return absent(reference, catalog, options, found);
}

/** A monitor that is made in code under a name that is not known there, by what it asks; none where several ask that. */
function askedTheSame({ kind, name, tool, detail }: Reference, catalog: Catalog): Entity | undefined {
  if (kind !== 'monitor' || detail.query === undefined) return undefined;
  if (!name.includes('*') && catalog.find('monitor', name, tool).some(({ goneAt }) => goneAt === undefined))
    return undefined;
  const same = catalog.find('monitor', detail.query, tool).filter(({ goneAt }) => goneAt === undefined);
  return same.length === 1 ? same[0] : undefined;
}

/** Nothing live has the name: gone, not yet deployed, proven missing, or nobody could be asked. */
function absent(
  reference: Reference,
  catalog: Catalog,
  { definedHere, environment }: ResolveOptions,
  found: readonly Entity[],
): Resolution {
  const children = reference.kind === 'path' ? catalog.match('path', childPattern(reference.name), mostMatches) : [];
  if (children.length > 0) return { status: 'matches', pattern: childPattern(reference.name), entities: children };
  const last = [...found].sort((a, b) => (b.goneAt ?? 0) - (a.goneAt ?? 0))[0];
  if (last?.goneAt !== undefined) return { status: 'gone', entity: last, until: last.goneAt };
  if (definedHere) return { status: 'undeployed' };
  const coverage = catalog.covers(reference.kind, reference.tool);
  if (!coverage.covered) return { status: 'unknown', reason: coverage.reason };
  if (isOfTheDatabase(reference)) return { status: 'unknown', reason: { why: 'partial', source: reference.tool } };
  const foreign = foreignEnvironment(reference, catalog, environment);
  if (foreign) return { status: 'unknown', reason: foreign };
  return {
    status: 'missing',
    asOf: coverage.asOf,
    near: catalog.near(reference.kind, reference.name, mostNear, toolOf(reference)),
  };
}

/** Every database has it, and not every tool lists it (Snowflake's SHOW may not). */
function isOfTheDatabase({ kind, name }: Reference): boolean {
  return kind === 'table' && tableParts(name).at(-2)?.toLowerCase() === 'information_schema';
}

/** A version or an alias of a model is asked of the model; a `runs` reference of the run. */
function candidates(reference: Reference, catalog: Catalog): readonly Entity[] {
  const { kind, name, detail } = reference;
  const names = [
    ...(kind === 'task' && detail.container
      ? [...(detail.group ? [`${detail.container}.${detail.group}.${name}`] : []), `${detail.container}.${name}`]
      : []),
    ...(kind === 'table' && detail.package ? [`${detail.package}.${name}`] : []),
    ...(detail.qualified ? [detail.qualified] : []),
    name,
    ...(kind === 'path' ? [stableUri(name)] : []),
  ];
  for (const candidate of names) {
    const found = catalog.find(kind, candidate, toolOf(reference));
    if (found.length > 0) return found;
  }
  return [];
}

/** Only those that stand where the code says: a task of this DAG, a metric of this experiment. */
function narrowed({ kind, detail }: Reference, found: readonly Entity[]): readonly Entity[] {
  const { container } = detail;
  if (!container || container.includes('*') || (kind !== 'task' && kind !== 'metric')) return found;
  return found.filter(({ id, name, aliases }) => {
    const segments = parseEntityId(id)?.segments ?? [];
    if (kind === 'metric') return segments.at(-2) === container;
    // A job of Databricks is a number in the ids of its tasks, and has a name and a key in code.
    return segments[0] === container || [name, ...aliases].some((one) => one.startsWith(`${container}.`));
  });
}

/**
 * Several entities of one full name are one thing told by several tools (a table in a dbt manifest and in OpenLineage
 * events); so the first is as good as any, and the one whose own name it is goes before those it is an alias of.
 */
function onlyOne({ kind, name, detail }: Reference, entities: readonly Entity[]): Entity | undefined {
  const asked = nameKey(kind, detail.qualified ?? name);
  const own = entities.filter((entity) => nameKey(kind, entity.name) === asked);
  const all = own.length > 0 ? own : entities;
  if (all.length === 1 || kind !== 'table') return all.length === 1 ? all[0] : undefined;
  const instances = new Set(all.map((entity) => parseEntityId(entity.id)).map((id) => `${id?.tool}://${id?.instance}`));
  const names = new Set(all.map((entity) => nameKey(kind, entity.name)));
  return names.size === 1 && instances.size === all.length ? all[0] : undefined;
}

/**
 * `ref('orders')` names what this project builds: on this machine by the artifacts of its folder, which know the file, and
 * in other environments by what dbt Cloud tells. Unless an environment is chosen, it is the one of the folder.
 */
function builtHere({ kind, tool }: Reference, entities: readonly Entity[], catalog: Catalog): Entity | undefined {
  if (kind !== 'table' || tool !== 'dbt') return undefined;
  const projects = new Set(entities.map(({ id }) => parseEntityId(id)).map((id) => `${id?.tool}://${id?.instance}`));
  const here = entities.filter(({ id }) => catalog.facts(id).definedAt !== undefined);
  return projects.size === 1 && here.length === 1 ? here[0] : undefined;
}

function matching(reference: Reference, catalog: Catalog): Resolution {
  const { kind, name, detail } = reference;
  const pattern = kind === 'task' && detail.container ? `${detail.container}.${name}` : name;
  const entities = catalog.match(kind, pattern, mostMatches).filter((entity) => entity.goneAt === undefined);
  const known = kind === 'path' && entities.length === 0 ? folderAbove(name, catalog) : entities;
  return { status: 'matches', pattern: name, entities: known };
}

/** What is kept by day is known as its folder: a pattern below `s3://lake/churn/features/` is of that. */
function folderAbove(pattern: string, catalog: Catalog): readonly Entity[] {
  const fixed = pattern.slice(0, pattern.indexOf('*'));
  const folder = fixed.slice(0, fixed.lastIndexOf('/') + 1);
  if (!/^[a-z0-9+.-]+:\/\/[^/]+\/./i.test(folder)) return [];
  return catalog.find('path', stableUri(folder)).filter((entity) => entity.goneAt === undefined);
}

/** Undefined: any tool's. */
const toolOf = ({ tool }: Reference): string | undefined => (openTools.has(tool) ? undefined : tool);

const childPattern = (path: string): string => `${path.replace(/\/+$/, '')}/*`;

function inEnvironment(entities: readonly Entity[], catalog: Catalog, environment?: string): readonly Entity[] {
  if (environment === undefined) return entities;
  const inside = entities.filter((entity) => environmentOf(entity, catalog) === environment);
  if (inside.length > 0) return inside;
  return entities.filter((entity) => environmentOf(entity, catalog) === undefined);
}

/** Undefined when the sources of the entity belong to none. */
function environmentOf(entity: Entity, catalog: Catalog): string | undefined {
  const told = new Set(catalog.factsBySource(entity.id).map(({ source }) => source));
  return catalog.sources().find((source) => told.has(source.name) && source.environment)?.environment;
}

/** Nothing of the tool is configured for the active environment: then its absence elsewhere proves nothing. */
function foreignEnvironment(reference: Reference, catalog: Catalog, environment?: string): UnknownReason | undefined {
  if (environment === undefined) return undefined;
  const sources = catalog
    .sources()
    .filter(({ tool, kinds }) => tool === reference.tool && kinds.includes(reference.kind));
  const foreign = sources.find((source) => source.environment && source.environment !== environment)?.environment;
  const isAsked = sources.some((source) => !source.environment || source.environment === environment);
  return foreign && !isAsked ? { why: 'otherEnvironment', environment: foreign } : undefined;
}
