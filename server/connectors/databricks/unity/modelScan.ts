// Scan of models: what each poll asks of the registered models of Unity Catalog, and of the runs that made their versions.
import type { CatalogChange } from '../../../catalog/change.ts';
import { knownFacts } from '../../knownFacts.ts';
import { segment } from '../ask/api.ts';
import { idsOf } from '../ids.ts';
import { bundleTagsOf, coveredIn, listed, type Poll, partly } from '../poll.ts';
import { modelOf } from './models.ts';
import { readModel, readVersion, type StoredModel, type StoredVersion } from './shapes.ts';
import { trackedRun } from './tracked.ts';

const base = '/api/2.1/unity-catalog';
const most = { modelPages: 100, versions: 100, tracked: 40 };

/**
 * All registered models, 1,000 a page; the versions of those that changed since the last poll (the first time: of the
 * 100 that changed last), one question each. Whether a new version moves `updated_at` of its model has not been seen
 * on a real server; the full scan every six hours does not depend on it.
 */
export async function* modelsPart(poll: Poll): AsyncIterable<CatalogChange> {
  const query = [['max_results', '1000'] as const, ['include_browse', 'true'] as const];
  const listing = await listed(poll, {
    ...{ what: 'registered models', path: `${base}/models`, query, field: 'registered_models', read: readModel },
    ...{ key: ({ name }: StoredModel) => name, mostPages: most.modelPages },
  });
  if (!listing) return;
  const newest = listing.items.toSorted((a, b) => (b.updatedAt ?? 0) - (a.updatedAt ?? 0));
  const since = poll.last?.unityAt ?? 0;
  const asked = newest.filter(({ updatedAt }) => updatedAt === undefined || updatedAt > since).slice(0, most.versions);
  const told = new Map<string, readonly StoredVersion[]>();
  const full = new Map<string, StoredModel>();
  let failed = 0;
  for (const { name } of asked) {
    const one = await partly(poll, `versions of ${name}`, () => oneModel(poll, name));
    if (one) {
      told.set(name, one.versions);
      full.set(name, one.model);
    } else failed += 1;
  }
  const known = knownFacts(poll);
  const all = listing.items.map((model) =>
    modelOf(full.get(model.name) ?? model, told.get(model.name), poll.place, known, bundleTagsOf(poll, 'model')),
  );
  const isWhole = listing.gap === undefined;
  const hasAll = isWhole && failed === 0 && poll.last === undefined && told.size === listing.items.length;
  const change = { entities: all.flatMap((one) => one.entities), edges: all.flatMap((one) => one.edges) };
  yield {
    ...change,
    covered: [...(isWhole ? coveredIn(poll, ['model']) : []), ...(hasAll ? coveredIn(poll, ['version']) : [])],
    ...(poll.last !== undefined && isWhole && failed === 0 ? { continued: coveredIn(poll, ['version']) } : {}),
  };
  yield* makersOf(told, poll);
}

/** Of the newest versions of what changed, at most 40: who made them. */
async function* makersOf(
  told: ReadonlyMap<string, readonly StoredVersion[]>,
  poll: Poll,
): AsyncIterable<CatalogChange> {
  const versions = [...told].flatMap(([name, all]) => all.map((version) => ({ name, version })));
  const newest = versions.toSorted((a, b) => (b.version.createdAt ?? 0) - (a.version.createdAt ?? 0));
  for (const { name, version } of newest.slice(0, most.tracked)) yield await makerOf(name, version, poll);
}

/** Empty for a version that was made elsewhere, or by nobody that is known. */
export async function makerOf(
  name: string,
  { run, runWorkspace, version }: StoredVersion,
  { api, signal, place }: Pick<Poll, 'api' | 'signal' | 'place'>,
): Promise<CatalogChange> {
  if (run === undefined || (runWorkspace !== undefined && runWorkspace !== (api.workspace ?? runWorkspace))) return {};
  const ask = () => api.get('/api/2.0/mlflow/runs/get', [['run_id', run]], signal);
  const answer = await partly({ problems: [], signal }, 'who made a version', ask);
  return answer === undefined ? {} : trackedRun(answer, idsOf(place).version(name, version), place);
}

const mostVersionPages = 20;

/** A model with its aliases and all of its versions; undefined when the answer is no model. */
export async function oneModel(
  { api, signal, host, problems }: Pick<Poll, 'api' | 'signal' | 'host' | 'problems'>,
  name: string,
): Promise<{ readonly model: StoredModel; readonly versions: readonly StoredVersion[] } | undefined> {
  const path = `${base}/models/${segment(name)}`;
  const model = readModel(await api.get(path, [['include_aliases', 'true']], signal));
  if (!model) return undefined;
  const versions = await listed(
    { api, signal, host, problems },
    {
      ...{
        what: `versions of ${name}`,
        path: `${path}/versions`,
        query: [['max_results', '100']],
        field: 'model_versions',
      },
      ...{ read: readVersion, key: ({ version }: StoredVersion) => version, mostPages: mostVersionPages },
    },
  );
  return { model, versions: versions?.items ?? [] };
}
