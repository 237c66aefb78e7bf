// Usage: who writes and who reads a thing, as tools report it and as the code says.
import type { EdgeRelation, SourcedEdge } from '../../catalog/edge.ts';
import type { Entity, EntityId } from '../../catalog/entity.ts';
import { nameKey } from '../../catalog/names.ts';
import type { PlacedReference, Role } from '../../references/reference.ts';
import type { FeatureContext } from '../context.ts';
import { code, fileLink } from '../markdown.ts';
import { count, kindWords } from '../words.ts';

const mostNamed = 6;
const mostPlaces = 5;

/** The entity first, then what other tools call the same: by a join, or by the very same full name. */
export function sameThings({ catalog }: FeatureContext, entity: Entity): readonly Entity[] {
  const ids = new Set<EntityId>([entity.id]);
  const { upstream, downstream } = catalog.neighbours(entity.id);
  for (const edge of [...upstream, ...downstream]) {
    if (edge.relation === 'same') ids.add(edge.from === entity.id ? edge.to : edge.from);
  }
  if (entity.kind === 'table' || entity.kind === 'path') {
    const key = nameKey(entity.kind, entity.name);
    for (const other of catalog.find(entity.kind, entity.name)) {
      if (nameKey(other.kind, other.name) === key) ids.add(other.id);
    }
  }
  // OpenLineage calls an Airflow DAG by its id and a task `<dag>.<task>`: both are jobs there.
  if (entity.kind === 'job' || entity.kind === 'task') {
    for (const other of catalog.find('job', entity.name, 'openlineage')) ids.add(other.id);
  }
  return [...ids].flatMap((id) => (id === entity.id ? entity : (catalog.get(id) ?? [])));
}

export interface Users {
  readonly writers: readonly string[];
  readonly readers: readonly string[];
  /** What a dbt model is built from. */
  readonly parents: readonly string[];
}

const upstreamWrites: readonly EdgeRelation[] = ['writes', 'made'];

/** Names in markdown, each once. */
export function users(context: FeatureContext, things: readonly Entity[]): Users {
  const own = new Set(things.map(({ id }) => id));
  const writers = new Set<string>();
  const readers = new Set<string>();
  const parents = new Set<string>();
  const tests = new Set<EntityId>();
  for (const { id } of things) {
    const { upstream, downstream } = context.catalog.neighbours(id);
    for (const edge of upstream) {
      if (own.has(edge.from)) continue;
      if (upstreamWrites.includes(edge.relation)) writers.add(named(context, edge, edge.from));
      else if (edge.relation === 'reads') parents.add(named(context, edge, edge.from));
    }
    for (const edge of downstream) {
      if (edge.relation !== 'reads' || own.has(edge.to)) continue;
      if (edge.to.startsWith('task:dbt:')) tests.add(edge.to);
      else readers.add(named(context, edge, edge.to));
    }
  }
  if (tests.size > 0) readers.add(count(tests.size, 'dbt test'));
  return { writers: [...writers], readers: [...readers], parents: [...parents] };
}

function named({ catalog }: FeatureContext, edge: SourcedEdge, id: EntityId): string {
  const entity = catalog.get(id);
  const kind = entity ? kindWords[entity.kind].toLowerCase() : '';
  return `${kind} ${code(entity?.name ?? id)}${edge.origin === 'matched' ? ' (matched by name)' : ''}`.trim();
}

export function userLines({ writers, readers, parents }: Users): readonly string[] {
  return [
    ...(writers.length > 0 ? [`Written by ${listed(writers)}`] : []),
    ...(parents.length > 0 ? [`Built from ${listed(parents)}`] : []),
    ...(readers.length > 0 ? [`Read by ${listed(readers)}`] : []),
  ];
}

export function listed(names: readonly string[], most: number = mostNamed): string {
  const more = names.length - most;
  return `${names.slice(0, most).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

const roleWords: readonly (readonly [Role, string])[] = [
  ['defines', 'defined in'],
  ['writes', 'written in'],
  ['runs', 'started in'],
  ['reads', 'read in'],
];

/** `In this workspace: defined in dags/train.py:14; read in a.py:3, b.py:9 and 2 more`, with links. Undefined without any. */
export function codeLine(placed: readonly PlacedReference[]): string | undefined {
  const parts = roleWords.flatMap(([role, words]) => {
    const places = new Set(placed.filter(({ reference }) => reference.role === role).map(placeLink));
    return places.size > 0 ? [`${words} ${listed([...places], mostPlaces)}`] : [];
  });
  return parts.length > 0 ? `In this workspace: ${parts.join('; ')}` : undefined;
}

/** `dags/train.py:14`, `explore.ipynb cell 2:1`, with a link. */
export function placeLink({ uri, reference, cell }: PlacedReference): string {
  const { line } = reference.range.start;
  if (cell) return fileLink(`${shortPath(uri)} cell ${cell.index}:${line - cell.line + 1}`, uri);
  return fileLink(`${shortPath(uri)}:${line + 1}`, uri, line);
}

/** The file and its folder: enough to know it, short enough to read. */
export function shortPath(uri: string): string {
  const parts = uri.split('/').slice(-2).join('/');
  try {
    return decodeURIComponent(parts);
  } catch {
    return parts;
  }
}
