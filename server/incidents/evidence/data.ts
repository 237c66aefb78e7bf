// Data between runs: what a run read, under all the names that tools give it, and who wrote it before.
import type { Catalog } from '../../catalog/catalog.ts';
import { type EntityId, pathId } from '../../catalog/entity.ts';
import type { Run } from '../../catalog/run.ts';
import { endOf, startOf, toolOf } from '../trouble/runs.ts';

/** Other ids of the same thing, as the joins of lineage know them. */
export type SameAs = (id: EntityId) => readonly EntityId[];

export interface DataName {
  readonly id: EntityId;
  /** Why this is the same data; absent for the id itself. */
  readonly because?: string;
}

export interface Use {
  readonly run: Run;
  readonly because?: string;
}

const mostRuns = 30;
const guesses = 3;

/** The id itself, then what is joined to it, then the folders above a path and tables of the same name. */
export function namesOf(catalog: Catalog, id: EntityId, sameAs: SameAs): readonly DataName[] {
  const names: DataName[] = [{ id }];
  const add = (other: EntityId, because: string): void => {
    if (names.length < 30 && !names.some((known) => known.id === other)) names.push({ id: other, because });
  };
  for (const other of sameAs(id)) add(other, 'joined by a rule');
  const { upstream, downstream } = catalog.neighbours(id);
  for (const edge of [...upstream, ...downstream])
    if (edge.relation === 'same') add(edge.from === id ? edge.to : edge.from, edge.evidence);
  if (id.startsWith('path:')) for (const folder of foldersAbove(id)) add(folder, 'a folder above it');
  if (id.startsWith('table:')) for (const [other, because] of tablesNamedAlike(catalog, id)) add(other, because);
  return names;
}

/** `s3://b/a/c/x.parquet` → `s3://b/a/c/`, `s3://b/a/c`, `s3://b/a/`, `s3://b/a`; the bucket itself says too little. */
function foldersAbove(id: EntityId): readonly EntityId[] {
  const uri = id.slice('path:'.length);
  const [scheme = '', rest = ''] = uri.split('://');
  const [bucket = '', ...key] = rest.replace(/\/$/, '').split('/').map(decodeURIComponentSafely);
  const folders: EntityId[] = [];
  for (let depth = key.length; depth >= 1 && folders.length < 16; depth--) {
    const folder = `${scheme}://${bucket}/${key.slice(0, depth).join('/')}`;
    for (const form of [folder, `${folder}/`]) if (pathId(form) !== id) folders.push(pathId(form));
  }
  return folders;
}

function decodeURIComponentSafely(text: string): string {
  return text.replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

function tablesNamedAlike(catalog: Catalog, id: EntityId): readonly (readonly [EntityId, string])[] {
  const table = catalog.get(id);
  if (!table) return [];
  const found: (readonly [EntityId, string])[] = catalog
    .find('table', table.name)
    .map((other) => [other.id, `both are called ${table.name}`]);
  const parts = table.name.split('.');
  if (parts.length < 2) return found;
  const short = parts.slice(-2).join('.');
  const alike = catalog.find('table', short).filter(({ name }) => name.toLowerCase().endsWith(short.toLowerCase()));
  const guess = alike.length <= guesses ? alike : [];
  return [...found, ...guess.map((other) => [other.id, `a guess: both are called ${short}`] as const)];
}

/** Runs that wrote this data, newest first, under any of its names. */
export function writersOf(catalog: Catalog, id: EntityId, sameAs: SameAs): readonly Use[] {
  return usesOf(catalog, namesOf(catalog, id, sameAs), (name) => [
    ...catalog.runsUsing(name, 'writes', mostRuns),
    // A tool that runs tables (dbt) names the table a run was of; a failed one has no output.
    ...(name.startsWith('table:') ? catalog.runs(name, { limit: mostRuns }) : []),
  ]);
}

/** Runs that read or tested this data, newest first, under any of its names. */
export function readersOf(catalog: Catalog, id: EntityId, sameAs: SameAs): readonly Use[] {
  return usesOf(catalog, namesOf(catalog, id, sameAs), (name) => catalog.runsUsing(name, 'reads', mostRuns));
}

function usesOf(catalog: Catalog, names: readonly DataName[], runs: (id: EntityId) => readonly Run[]): readonly Use[] {
  const uses = new Map<EntityId, Use>();
  for (const { id, because } of names)
    for (const run of runs(id)) if (!uses.has(run.id)) uses.set(run.id, { run: itself(catalog, run), because });
  return [...uses.values()].sort((a, b) => startOf(b.run) - startOf(a.run));
}

/** OpenLineage tells of runs that another tool keeps the logs of: that tool's own record is the better one. */
export function itself(catalog: Catalog, run: Run): Run {
  if (toolOf(run.id) !== 'openlineage') return run;
  for (const id of run.linked) {
    const other = toolOf(id) === 'openlineage' ? undefined : catalog.run(id);
    if (other) return other;
  }
  return run;
}

/** The writer whose data a run that began at `at` found: the newest that had ended, or failed, by then. */
export function writerBefore(writers: readonly Use[], at: number, not: ReadonlySet<EntityId>): Use | undefined {
  return writers.find(({ run }) => endOf(run) <= at && run.status !== 'skipped' && !not.has(run.id));
}
