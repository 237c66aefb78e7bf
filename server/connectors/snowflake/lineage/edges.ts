// Edges: what ACCESS_HISTORY, OBJECT_DEPENDENCIES, dynamic tables and GET_LINEAGE say of tables and columns; pure.
import type { SeenEntity } from '../../../catalog/change.ts';
import type { Edge } from '../../../catalog/edge.ts';
import { type EntityId, pathId } from '../../../catalog/entity.ts';
import { list, oneLine, record, text } from '../../json.ts';
import type { Row } from '../ask/rows.ts';
import { type Ids, idsOf, type ObjectName, type Place } from '../ids.ts';
import { objectName, qualifiedName } from '../objects/shapes.ts';
import type { StageUrls } from '../objects/stages.ts';
import { mentioned } from '../objects/tables.ts';

export interface Lineage {
  readonly entities: readonly SeenEntity[];
  readonly edges: readonly Edge[];
}

/** How each of them begins the words of its edges. */
export const accessWords = 'ACCESS_HISTORY of Snowflake';
export const dependencyWords = 'OBJECT_DEPENDENCIES of Snowflake';
export const inputWords = 'inputs of the dynamic table';
export const tracedWords = 'GET_LINEAGE of Snowflake';

/** Objects that hold rows; stages, models and functions are others. */
const tableLike = /table|view|^stream$/i;
const mostColumns = 40;

/** Rows with QUERY_ID, BASE_OBJECTS_ACCESSED, OBJECTS_MODIFIED (shapes: docs.snowflake.com/sql-reference/account-usage/access_history, 2026-11). */
export function accessLineage(rows: readonly Row[], place: Place, urlOf: StageUrls): Lineage {
  const found = new Gathered(place, urlOf);
  for (const row of rows) {
    const reads = list(row.json('base_objects_accessed'));
    const query = row.line('query_id', 64);
    const words = `${accessWords}${query ? `, query ${query}` : ''}`;
    for (const item of list(row.json('objects_modified'))) {
      const to = found.data(item);
      if (to === undefined) continue;
      const columns = columnFlows(item);
      const from =
        columns.size > 0 ? [...columns.keys()].map((name) => ({ objectName: name, objectDomain: 'Table' })) : reads;
      for (const source of from) {
        const id = found.data(source);
        const flows = columns.get(text(record(source).objectName) ?? '') ?? [];
        const detail = flows.length > 0 ? `; columns ${flows.slice(0, mostColumns).join(', ')}` : '';
        if (id !== undefined) found.reads(id, to, `${words}${detail}`);
      }
    }
  }
  return found;
}

/** By table that is read: `AGE → AGE`. */
function columnFlows(item: unknown): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const column of list(record(item).columns)) {
    const { columnName, directSources } = record(column);
    for (const source of list(directSources)) {
      const { columnName: from, objectName: of, objectDomain } = record(source);
      const [own, other, table] = [oneLine(columnName, 255), oneLine(from, 255), text(of)];
      if (!own || !other || !table || !tableLike.test(text(objectDomain) ?? 'table')) continue;
      found.set(table, [...(found.get(table) ?? []), `${other} → ${own}`]);
    }
  }
  return found;
}

/** Rows of OBJECT_DEPENDENCIES: what views and the like are made of. */
export function dependencies(rows: readonly Row[], place: Place): Lineage {
  const found = new Gathered(place);
  for (const row of rows) {
    const one = (side: string): EntityId | undefined => {
      const parts = ['database', 'schema', 'object_name'].map((part) => row.raw(`${side}_${part}`));
      const [database, schema, name] = parts;
      const domain = row.raw(`${side}_object_domain`) ?? '';
      return database && schema && name && tableLike.test(domain) ? found.table([database, schema, name]) : undefined;
    };
    const [from, to] = [one('referenced'), one('referencing')];
    if (from && to) found.reads(from, to, dependencyWords);
  }
  return found;
}

/** Rows of DYNAMIC_TABLE_GRAPH_HISTORY: INPUTS are objects with name and kind. */
export function dynamicInputs(rows: readonly Row[], place: Place): Lineage {
  const found = new Gathered(place);
  for (const row of rows) {
    const name = objectName(row);
    if (!name) continue;
    for (const input of list(row.json('inputs'))) {
      const source = qualifiedName(record(input).name);
      if (source) found.reads(found.table(source), found.table(name), inputWords);
    }
  }
  return found;
}

/** Rows of GET_LINEAGE; an object that was dropped, or that we may not see, is none. */
export function tracedLineage(rows: readonly Row[], place: Place): Lineage {
  const found = new Gathered(place);
  for (const row of rows) {
    const one = (side: string): EntityId | undefined => {
      const [database, schema, name] = ['database', 'schema', 'name'].map((part) => row.raw(`${side}_object_${part}`));
      const isThere = (row.raw(`${side}_status`) ?? 'ACTIVE').toUpperCase() === 'ACTIVE';
      const isTable = tableLike.test(row.raw(`${side}_object_domain`) ?? '');
      return isThere && isTable && database && schema && name ? found.table([database, schema, name]) : undefined;
    };
    const [from, to] = [one('source'), one('target')];
    if (from && to) found.reads(from, to, tracedWords);
  }
  return found;
}

class Gathered implements Lineage {
  readonly entities: SeenEntity[] = [];
  readonly #edges = new Map<string, Edge>();
  readonly #ids: Ids;
  readonly #place: Place;
  readonly #seen = new Set<EntityId>();
  readonly #urlOf: StageUrls;

  constructor(place: Place, urlOf: StageUrls = () => undefined) {
    this.#place = place;
    this.#urlOf = urlOf;
    this.#ids = idsOf(place);
  }

  get edges(): readonly Edge[] {
    return [...this.#edges.values()];
  }

  /** The newest rows come first, so the first one to say it stays; columns are worth more than none. */
  reads(from: EntityId, to: EntityId, evidence: string): void {
    const key = `${from}\n${to}`;
    const before = this.#edges.get(key);
    if (from === to || (before && (before.evidence.includes('columns') || !evidence.includes('columns')))) return;
    this.#edges.set(key, { from, to, relation: 'reads', origin: 'reported', evidence });
  }

  table(name: ObjectName): EntityId {
    const id = this.#ids.table(name);
    if (!this.#seen.has(id)) {
      this.#seen.add(id);
      this.entities.push(mentioned(name, this.#place));
    }
    return id;
  }

  /** An item of ACCESS_HISTORY: a table, or files that were loaded or unloaded, by their place or by their stage. */
  data(item: unknown): EntityId | undefined {
    const { objectName: name, objectDomain, locations } = record(item);
    const [location] = list(locations);
    const stage = /^stage$/i.test(text(objectDomain) ?? '') ? qualifiedName(name) : undefined;
    const ofStage = stage && this.#urlOf(stage);
    const uri = text(location) ?? (ofStage === undefined ? undefined : `${ofStage}/`);
    if (uri !== undefined && /^[a-z][a-z0-9+.-]*:\/\/[^/]+\/./i.test(uri) && uri.length <= 1000) {
      const id = pathId(uri);
      if (!this.#seen.has(id)) {
        this.#seen.add(id);
        this.entities.push({ id, kind: 'path', name: uri });
      }
      return id;
    }
    const found = tableLike.test(text(objectDomain) ?? '') ? qualifiedName(name) : undefined;
    return found && this.table(found);
  }
}
