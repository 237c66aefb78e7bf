// Look: everything that is asked about one place, and the page of the catalog that comes of it.

import type { Catalog } from '../../catalog/catalog.ts';
import type { CatalogChange } from '../../catalog/change.ts';
import type { EntityId } from '../../catalog/entity.ts';
import type { Facts } from '../../catalog/facts.ts';
import type { KnownInstances } from '../../catalog/mine.ts';
import { parseRemoteLog } from '../../catalog/run.ts';
import { said } from '../json.ts';
import type { LogRuns } from '../logRuns.ts';
import type { ObjectStore, Tags } from '../objectStore.ts';
import type { StoredSearches } from '../storedSearches.ts';
import { dataset, lastWrite, ownerIn } from './datasets.ts';
import { airflowRuns, isTryLog } from './logs/airflow.ts';
import { isModelFile, type Model, type ModelVersion, modelPage, modelsIn, withObjectVersions } from './models.ts';
import { type Place, pathIdOf } from './places.ts';
import { type Sample, sample, sampleOn } from './sample.ts';
import { searchPages, withoutSearches } from './searches.ts';
import { type Writer, writerAt, writerIn } from './writers.ts';

export interface Looking {
  readonly store: ObjectStore;
  readonly signal: AbortSignal;
  readonly logRuns: LogRuns;
  readonly searches: StoredSearches;
  /** Of the connection. */
  readonly source: string;
  /** Epoch ms. */
  readonly now: number;
  readonly catalog?: Catalog;
  readonly instances: KnownInstances;
  /** What we said of an entity before. */
  readonly said: (id: EntityId) => Facts | undefined;
  readonly isAws: boolean;
  readonly region?: string;
  /** Of the bucket; absent: not asked this time. */
  readonly bucketTags?: (bucket: string) => Promise<Tags>;
  /** Versions that were asked who wrote them; asked once. */
  readonly asked: Set<EntityId>;
  /** Somebody has it on screen: the newest object is asked for its tags too. */
  readonly closely: boolean;
}

export interface Looked {
  readonly sample: Sample;
  readonly page: CatalogChange;
}

/** Versions of one object are listed on so many pages, and so many new versions are asked who wrote them. */
const mostVersionPages = 2;
const mostAsked = 3;
const mostRemembered = 5_000;

/** `before`: how it looked the last time. Rejects like `ObjectStore`. */
export async function look(place: Place, before: Sample | undefined, looking: Looking): Promise<Looked> {
  const sampling = {
    store: looking.store,
    signal: looking.signal,
    keep: (key: string) => isModelFile(key) || isTryLog(key, looking.logRuns) || looking.searches.isState(key),
  };
  const found =
    before?.last !== undefined && !looking.closely
      ? await sampleOn(place, before, sampling)
      : await sample(place, sampling, before);
  const id = pathIdOf(place);
  const told = looking.said(id);
  const tags = await tagsOf(place, found, looking);
  const seen = { place, sample: found, isAws: looking.isAws, ...said({ tags, region: looking.region }) };
  const entity = dataset(seen);
  // What was not asked this time is as it was.
  const facts = tags ? entity.facts : said({ ...entity.facts, owner: told?.owner, tags: told?.tags });
  const owner = tags ? ownerIn(tags) : told?.owner;
  // Of the store's clock: what is newer was not there at the last look.
  const since =
    looking.closely || !before ? undefined : { at: before.newest?.modifiedAt ?? 0, isSame: sameNewest(before, found) };
  const models = await Promise.all(
    modelsIn(place.bucket, withoutSearches(found.kept, looking.searches)).map((model) =>
      modelOf(model, owner, since, looking),
    ),
  );
  const tried = since?.isSame
    ? undefined
    : await airflowRuns(place, found.kept, since?.at ?? 0, {
        ...looking,
        known: (run) => knownElsewhere(run, looking),
      });
  const searched = since?.isSame ? [] : await searchPages(place, found.kept, since?.at ?? 0, looking);
  return {
    sample: found,
    page: {
      entities: [
        { ...entity, ...(facts ? { facts } : {}) },
        ...models.flatMap((one) => one.entities ?? []),
        ...(tried?.entities ?? []),
        ...searched.flatMap((one) => one.entities ?? []),
      ],
      edges: [
        ...models.flatMap((one) => one.edges ?? []),
        ...(tried?.edges ?? []),
        ...searched.flatMap((one) => one.edges ?? []),
      ],
      runs: [...(tried?.runs ?? []), ...searched.flatMap((one) => one.runs ?? [])],
      series: searched.flatMap((one) => one.series ?? []),
      events: [...lastWrite(seen), ...models.flatMap((one) => one.events ?? [])],
      // The deepest that can be said to be empty, and all that we said was below it.
      covered: found.objects === 0 && !found.atLeast && place.key.endsWith('/') ? [gone(id)] : [],
    },
  };
}

/** Who asks Airflow itself knows more of its runs than their logs say. */
function knownElsewhere(id: EntityId, { catalog, source }: Looking) {
  const run = catalog?.run(id);
  return run?.logs.some(({ file }) => parseRemoteLog(file)?.source === source) ? undefined : run;
}

function gone(id: EntityId) {
  return { kind: 'path' as const, scope: id.slice('path:'.length).replace(/\/$/, '') };
}

interface Since {
  readonly at: number;
  /** Nothing was written. */
  readonly isSame: boolean;
}

function sameNewest(before: Sample | undefined, { newest }: Sample): boolean {
  return (
    before?.newest !== undefined &&
    before.newest.key === newest?.key &&
    before.newest.modifiedAt === newest.modifiedAt &&
    before.newest.etag === newest.etag
  );
}

/** Undefined: they were not asked for. A user who may list may still not be allowed to see them. */
async function tagsOf(
  { bucket }: Place,
  { newest }: Sample,
  { store, signal, bucketTags, closely }: Looking,
): Promise<Tags | undefined> {
  if (!bucketTags && !closely) return undefined;
  const ofBucket = (await bucketTags?.(bucket)) ?? [];
  const ofObject = closely && newest ? await allowed(() => store.tags(bucket, newest.key, signal), signal) : [];
  return [...(ofObject ?? []), ...ofBucket];
}

async function modelOf(
  model: Model,
  owner: string | undefined,
  since: Since | undefined,
  looking: Looking,
): Promise<CatalogChange> {
  // Its versions would have to be listed again, and nothing was written: it is as it was.
  if (since?.isSame && model.fixedKey !== undefined)
    return { entities: [{ id: model.id, kind: 'model', name: model.uri }] };
  const whole = model.fixedKey === undefined ? model : await versioned(model, model.fixedKey, looking);
  const madeBy = await makersOf(whole, since, looking);
  return modelPage(whole, { ...said({ owner }), madeBy });
}

async function versioned(model: Model, key: string, { store, signal }: Looking): Promise<Model> {
  const found = await allowed(async () => {
    const all = [];
    let from: string | undefined;
    for (let pages = 0; pages < mostVersionPages; pages += 1) {
      const page = await store.versions(model.bucket, key, from, signal);
      all.push(...page.versions);
      from = page.next;
      if (from === undefined) break;
    }
    return all;
  }, signal);
  return withObjectVersions(model, found ?? []);
}

/** The newest are asked; of older ones what was said of them before is true still. */
async function makersOf(
  model: Model,
  since: Since | undefined,
  looking: Looking,
): Promise<ReadonlyMap<EntityId, Writer>> {
  const makers = new Map<EntityId, Writer>();
  const unknown = model.versions.filter(({ id }) => {
    const run = looking.said(id)?.madeBy;
    const edge = looking.catalog
      ?.neighbours(id)
      .upstream.find(({ from, relation }) => relation === 'made' && from === run);
    if (run === undefined || !edge) return true;
    makers.set(id, { run, evidence: edge.evidence, isGuess: edge.origin !== 'reported' });
    return false;
  });
  const fresh = since?.isSame ? [] : unknown.filter(({ id, at }) => at >= (since?.at ?? 0) && !looking.asked.has(id));
  const asked = new Set(fresh.slice(-mostAsked));
  for (const version of unknown) {
    if (looking.asked.size > mostRemembered) looking.asked.clear();
    looking.asked.add(version.id);
    const writer =
      (asked.has(version) ? await writerOf(version, model.bucket, looking) : undefined) ??
      writerAt(model.uri, version.at, looking.catalog);
    if (writer) makers.set(version.id, writer);
  }
  return makers;
}

async function writerOf(
  { key, version, uri, at }: ModelVersion,
  bucket: string,
  { store, signal, instances }: Looking,
): Promise<Writer | undefined> {
  // What an older version of an object was told is no longer there to be asked by its key.
  const head = await allowed(() => store.head(bucket, key, signal), signal);
  if (!head || (version !== undefined && head.version !== version) || Math.abs(head.modifiedAt - at) > 2_000)
    return undefined;
  const tags = (await allowed(() => store.tags(bucket, key, signal), signal)) ?? [];
  return writerIn([...head.metadata, ...tags], instances, uri);
}

/** Undefined where only this is not allowed, or is not known to a store that is not AWS. */
async function allowed<T>(ask: () => Promise<T>, signal: AbortSignal): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    signal.throwIfAborted();
    const kind = error instanceof Error && 'kind' in error ? String(error.kind) : '';
    if (/^(forbidden|missing|refused)$/.test(kind) || isUnimplemented(error)) return undefined;
    throw error;
  }
}

function isUnimplemented(error: unknown): boolean {
  return error instanceof Error && 'status' in error && error.status === 501;
}
