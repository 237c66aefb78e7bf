// The listings of a server, each with the question that both generations of MLflow understand.
import { isRecord, list, record, text } from '../../../json.ts';
import type { StoredExperiment, StoredLoggedModel, StoredModel, StoredRun, StoredVersion } from '../../shape.ts';
import type { Api } from './api.ts';
import { allOf, type Listing, pagesOf } from './pages.ts';
import type { Surprises } from './problems.ts';
import { readAll, readExperiment, readLoggedModel, readModel, readRun, readVersion } from './shapes.ts';

/** Greater ones are refused with 400: models 1,000, versions 200,000, runs and experiments 50,000 (3.17 and 2.22, tried 2026-11-23). */
const pageSizes = { experiments: 1000, models: 1000, versions: 5000, runs: 1000, loggedModels: 50, changed: 100 };
/** MLflow 2 runs behind gunicorn, whose request line ends at 4,094 characters (tried): that many run ids fit. */
const idsInQuery = 80;
/** In the body of a POST. */
const idsInBody = 500;
const experimentsInBody = 2000;

export interface Asking {
  readonly api: Api;
  readonly surprises: Surprises;
  readonly signal: AbortSignal;
}

export async function experiments({ api, surprises, signal }: Asking): Promise<readonly StoredExperiment[]> {
  const listing: Listing = {
    ...{ name: 'experiments/search', field: 'experiments', size: pageSizes.experiments, method: 'POST' },
    ask: [['view_type', 'ACTIVE_ONLY']],
  };
  return readAll(await allOf(api, listing, signal), readExperiment, surprises);
}

export async function models({ api, surprises, signal }: Asking): Promise<readonly StoredModel[]> {
  const listing: Listing = {
    ...{ name: 'registered-models/search', field: 'registered_models', size: pageSizes.models, method: 'GET' },
    ask: [],
  };
  return readAll(await allOf(api, listing, signal), readModel, surprises);
}

const versionListing = { name: 'model-versions/search', field: 'model_versions', method: 'GET' } as const;

export async function versions({ api, surprises, signal }: Asking): Promise<readonly StoredVersion[]> {
  return readAll(
    await allOf(api, { ...versionListing, size: pageSizes.versions, ask: [] }, signal),
    readVersion,
    surprises,
  );
}

/** Newest changed first, up to the first that changed before `at`; a version whose time is not said counts as changed. */
export async function versionsSince(at: number, { api, surprises, signal }: Asking): Promise<readonly StoredVersion[]> {
  const ask: Listing['ask'] = [['order_by', 'last_updated_timestamp DESC']];
  const found: StoredVersion[] = [];
  for await (const page of pagesOf(api, { ...versionListing, size: pageSizes.changed, ask }, signal)) {
    const read = readAll(page, readVersion, surprises);
    found.push(...read.filter(({ updatedAt }) => updatedAt === undefined || updatedAt >= at));
    if (read.some(({ updatedAt }) => updatedAt !== undefined && updatedAt < at)) break;
  }
  return found;
}

/** Whether a filter can name this model: there is no way to write both kinds of quotes (both generations, tried). */
export function canFilter(model: string): boolean {
  return !(model.includes("'") && model.includes('"'));
}

/** All versions of one model, newest first; at most one page with `isShort`. */
export async function versionsOf(
  model: string,
  { api, surprises, signal }: Asking,
  isShort = false,
): Promise<readonly StoredVersion[]> {
  const quote = model.includes("'") ? '"' : "'";
  const ask: Listing['ask'] = [
    ['filter', `name=${quote}${model}${quote}`],
    ['order_by', 'version_number DESC'],
  ];
  const found: StoredVersion[] = [];
  const size = isShort ? pageSizes.changed : pageSizes.versions;
  for await (const page of pagesOf(api, { ...versionListing, size, ask }, signal)) {
    found.push(...readAll(page, readVersion, surprises));
    if (isShort) break;
  }
  return found;
}

/** The versions that these runs made: a question for every 80 runs, or all versions when that is fewer. */
export async function versionsMadeBy(runs: readonly string[], asking: Asking): Promise<readonly StoredVersion[]> {
  const ids = runs.filter((id) => /^[\w-]+$/.test(id));
  if (ids.length > 3 * idsInQuery) {
    const wanted = new Set(ids);
    return (await versions(asking)).filter(({ runId }) => runId !== undefined && wanted.has(runId));
  }
  const found: StoredVersion[] = [];
  for (const some of chunks(ids, idsInQuery)) {
    const ask: Listing['ask'] = [['filter', `run_id IN (${quoted(some)})`]];
    const listing = { ...versionListing, size: pageSizes.versions, ask };
    found.push(...readAll(await allOf(asking.api, listing, asking.signal), readVersion, asking.surprises));
  }
  return found;
}

/** MLflow 3; `missing` (404) on 2. */
export async function loggedModels(
  ids: readonly string[],
  experimentIds: readonly string[],
  { api, surprises, signal }: Asking,
): Promise<readonly StoredLoggedModel[]> {
  const found: StoredLoggedModel[] = [];
  for (const some of chunks(ids, idsInBody)) {
    const listing: Listing = {
      ...{ name: 'logged-models/search', field: 'models', size: pageSizes.loggedModels, method: 'POST' },
      ask: [
        ['experiment_ids', experimentIds],
        ['filter', `attributes.model_id IN (${quoted(some)})`],
      ],
    };
    found.push(...readAll(await allOf(api, listing, signal), readLoggedModel, surprises));
  }
  return found;
}

export interface RunQuestion {
  readonly experimentIds: readonly string[];
  readonly filter?: string;
  /** Only the newest so many. */
  readonly newest?: number;
}

/** Active runs in pages, newest first. An empty list of experiments means no runs. */
export async function* runs(
  { experimentIds, filter, newest }: RunQuestion,
  { api, surprises, signal }: Asking,
): AsyncGenerator<readonly StoredRun[], void, void> {
  for (const some of chunks(experimentIds, experimentsInBody)) {
    const listing: Listing = {
      ...{ name: 'runs/search', field: 'runs', size: newest ?? pageSizes.runs, method: 'POST' },
      ask: [
        ['experiment_ids', some],
        ['run_view_type', 'ACTIVE_ONLY'],
        ['order_by', ['attributes.start_time DESC']],
        ...(filter === undefined ? [] : [['filter', filter] as const]),
      ],
    };
    for await (const page of pagesOf(api, listing, signal)) {
      yield readAll(page, readRun, surprises);
      if (newest !== undefined) break;
    }
  }
}

/** These runs, as far as they are active. */
export async function runsById(
  ids: readonly string[],
  experimentIds: readonly string[],
  asking: Asking,
): Promise<readonly StoredRun[]> {
  const found: StoredRun[] = [];
  for (const some of chunks(
    ids.filter((id) => /^[\w-]+$/.test(id)),
    idsInBody,
  )) {
    const filter = `attributes.run_id IN (${quoted(some)})`;
    for await (const page of runs({ experimentIds, filter }, asking)) found.push(...page);
  }
  return found;
}

/** Undefined when there is no such model. */
export async function model(name: string, { api, surprises, signal }: Asking): Promise<StoredModel | undefined> {
  const found = record(await api.find('registered-models/get', [['name', name]], signal)).registered_model;
  return isRecord(found) ? readModel(found, surprises) : undefined;
}

/** One artifact folder of a run: what is in it, and what kind it is. Empty for one that is not there. */
export async function artifacts(
  run: string,
  folder: string | undefined,
  { api, signal }: Pick<Asking, 'api' | 'signal'>,
): Promise<readonly { readonly path: string; readonly isFolder: boolean }[]> {
  const query = [['run_id', run] as const, ...(folder === undefined ? [] : [['path', folder] as const])];
  const answer = record(await api.json('artifacts/list', { query }, signal));
  return list(answer.files).flatMap((file) => {
    const path = text(record(file).path);
    return path === undefined ? [] : [{ path, isFolder: record(file).is_dir === true }];
  });
}

export function chunks<T>(all: readonly T[], size: number): readonly (readonly T[])[] {
  const count = Math.ceil(all.length / size);
  return Array.from({ length: count }, (_, index) => all.slice(index * size, (index + 1) * size));
}

/** Only for ids without quotes. */
function quoted(ids: readonly string[]): string {
  return ids.map((id) => `'${id}'`).join(',');
}
