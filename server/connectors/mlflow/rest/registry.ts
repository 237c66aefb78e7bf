// Which versions must be read: all, or those that changed and those of models whose record differs.
import type { StoredModel, StoredVersion } from '../shape.ts';
import { type Asking, canFilter, versions, versionsOf, versionsSince } from './ask/listings.ts';
import { type Cursor, digestOf } from './cursor.ts';

export interface ReadVersions {
  readonly versions: readonly StoredVersion[];
  /** All versions of all models are among them. */
  readonly whole: boolean;
  /** Names of models all of whose versions are among them. */
  readonly wholeOf: readonly string[];
  /** Changed since the cursor: the runs behind them must hear of it. */
  readonly changed: readonly StoredVersion[];
}

/** From here on, listing all versions costs less than asking for each model. */
const mostModels = 10;

export async function readVersions(
  models: readonly StoredModel[],
  cursor: Cursor | undefined,
  asking: Asking,
): Promise<ReadVersions> {
  if (!cursor) return { versions: await versions(asking), whole: true, wholeOf: [], changed: [] };
  const differ = models.filter((model) => cursor.models.get(model.name) !== digestOf(model)).map(({ name }) => name);
  const isNew = ({ updatedAt }: StoredVersion) => updatedAt === undefined || updatedAt >= cursor.at;
  if (differ.length > mostModels || !differ.every(canFilter)) {
    const all = await versions(asking);
    return { versions: all, whole: true, wholeOf: [], changed: all.filter(isNew) };
  }
  const found = new Map<string, StoredVersion>();
  const add = (some: readonly StoredVersion[]) => {
    for (const each of some) found.set(JSON.stringify([each.model, each.version]), each);
  };
  add(await versionsSince(cursor.at, asking));
  for (const name of differ) add(await versionsOf(name, asking));
  const all = [...found.values()];
  return { versions: all, whole: false, wholeOf: differ, changed: all.filter(isNew) };
}
