// Describe: what is on screen, as of now: a table's columns, owner and size by SHOW, its lineage where that may be asked; models.
import type { CatalogChange } from '../../catalog/change.ts';
import { type EntityId, type EntityKind, parseEntityId } from '../../catalog/entity.ts';
import { knownFacts } from '../knownFacts.ts';
import { idsOf, inSql, literal, type ObjectName } from './ids.ts';
import { aroundTable } from './lineage/scan.ts';
import { describeModel } from './models/scan.ts';
import { readDescribed, readObject } from './objects/shapes.ts';
import { tableOf } from './objects/tables.ts';
import { type Asking, type Poll, partly } from './poll.ts';

/** Of each kind. */
const most = 8;

/** Two questions for each table and model, and two more for a table every ten minutes while a warehouse is awake for others. */
export async function* describe(
  ids: readonly EntityId[],
  asking: Asking,
  preferred: string | undefined,
): AsyncIterable<CatalogChange> {
  const named = (kinds: readonly EntityKind[]): readonly ObjectName[] => {
    const names = ids.flatMap((id) => nameOf(id, kinds, asking) ?? []);
    return [...new Map(names.map((name) => [inSql(name), name])).values()];
  };
  const [tables, models] = [named(['table']), named(['model', 'version'])];
  if (tables.length + models.length === 0) return;
  const common = { ...asking, problems: [] as Poll['problems'][number][] };
  const listed = await partly(common, 'warehouses', () => asking.warehouses.listed(asking.signal));
  const poll: Poll = { ...common, warehouse: listed && asking.warehouses.usable(listed, preferred) };
  for (const name of models.slice(0, most)) {
    const change = await partly(poll, 'models on screen', () => describeModel(name, poll));
    if (change) yield { incremental: true, ...change };
  }
  for (const name of tables.slice(0, most)) {
    const change = await partly(poll, 'tables on screen', () => describeTable(name, poll));
    if (change) yield { incremental: true, ...change };
  }
  yield { incremental: true, problems: poll.problems };
}

/** Of a version, its model. Undefined for what is of another account, tool or kind. */
function nameOf(id: EntityId, kinds: readonly EntityKind[], { place }: Asking): readonly [ObjectName] | undefined {
  const parts = parseEntityId(id);
  if (!parts || !kinds.includes(parts.kind) || parts.tool !== 'snowflake' || parts.instance !== place.account)
    return undefined;
  const [database, schema, own] = parts.segments.map(unfolded);
  const isWhole = parts.segments.length === (parts.kind === 'version' ? 4 : 3);
  return database && schema && own && isWhole ? [[database, schema, own]] : undefined;
}

function unfolded(segment: string): string {
  return /^".*"$/s.test(segment) ? segment.slice(1, -1) : segment.toUpperCase();
}

async function describeTable(name: ObjectName, poll: Poll): Promise<CatalogChange> {
  const { api, signal, place, memory } = poll;
  // No pattern, unlike LIKE; the name itself comes before the longer ones that begin so.
  const shown = await api.ask(
    `SHOW OBJECTS IN SCHEMA ${inSql(name.slice(0, 2))} STARTS WITH ${literal(name[2])} LIMIT 10`,
    signal,
  );
  const object = shown.rows.flatMap((row) => readObject(row) ?? []).find((one) => one.name[2] === name[2]);
  if (!object) return {};
  const described = await partly(poll, 'columns', () => api.ask(`DESCRIBE TABLE ${inSql(name)}`, signal));
  const columns = described?.rows.flatMap((row) => readDescribed(row) ?? []) ?? [];
  const known = knownFacts(poll)(idsOf(place).table(name));
  const around = await memory.around(name.join('.'), poll.now, () => aroundTable(name, poll));
  return {
    entities: [...around.entities, tableOf(object, place, { columns, ...(known ? { known } : {}) })],
    edges: around.edges,
  };
}
