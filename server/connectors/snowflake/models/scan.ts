// Scan of models: the registry's models with their versions and aliases, by SHOW, which needs no warehouse.
import type { CatalogChange } from '../../../catalog/change.ts';
import { knownFacts } from '../../knownFacts.ts';
import { inSql, literal, type ObjectName } from '../ids.ts';
import { coveredIn, ifListed, type Poll } from '../poll.ts';
import { modelOf, readModel, readVersion, type StoredModel } from './models.ts';

/** SHOW gives no more. */
const showMost = 10_000;
const both = ['model', 'version'] as const;

/** One question for all of them: the listing names versions and aliases, too. When a version was made is told on a look. */
export async function modelsPart(poll: Poll): Promise<CatalogChange> {
  const shown = await ifListed(poll, 'models', 'SHOW MODELS IN ACCOUNT');
  if (!shown) return {};
  const models = shown.rows.flatMap((row) => readModel(row) ?? []);
  const unread = shown.rows.length - models.length;
  if (unread > 0)
    poll.problems.push({ message: `${poll.api.place}: ${unread} models have a shape that is not known.` });
  const isCut = shown.isCut || shown.rows.length >= showMost;
  if (isCut) poll.host.log.info(`${poll.api.place}: only the first ${models.length} models were read`);
  const known = knownFacts(poll);
  const all = models.map((model) => modelOf(model, poll.place, known));
  return {
    entities: all.flatMap(({ entities }) => entities),
    edges: all.flatMap(({ edges }) => edges),
    covered: unread > 0 || isCut ? [] : coveredIn(poll, models.some((one) => one.isCut) ? ['model'] : both),
  };
}

/** Two questions: the model, and when its versions were made. Empty when it is not there. */
export async function describeModel(name: ObjectName, poll: Poll): Promise<CatalogChange> {
  const { api, signal } = poll;
  const shown = await api.ask(`SHOW MODELS LIKE ${literal(name[2])} IN SCHEMA ${inSql(name.slice(0, 2))}`, signal);
  // LIKE takes any case, and `_` and `%` for other signs, too.
  const model = shown.rows.flatMap((row): StoredModel[] => {
    const one = readModel(row);
    return one?.name[2] === name[2] ? [one] : [];
  })[0];
  if (!model) return {};
  const versions = await ifListed(poll, 'versions of models', `SHOW VERSIONS IN MODEL ${inSql(name)}`);
  const told = versions?.rows.flatMap((row) => readVersion(row) ?? []) ?? [];
  return modelOf(model, poll.place, knownFacts(poll), told);
}
