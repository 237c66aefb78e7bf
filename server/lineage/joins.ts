// Joins: rules by which two names are one thing, or one measures the other; asked per entity, never over the whole catalog.
import type { Catalog } from '../catalog/catalog.ts';
import type { Edge } from '../catalog/edge.ts';
import { type Entity, type EntityId, type EntityKind, entityKinds, parseEntityId } from '../catalog/entity.ts';
import { matchesEntity } from '../workspace/owners.ts';
import type { JoinRule } from '../workspace/plumblineFile.ts';

/** Edges of relation `same` or `measures` between this entity and others; each says which rule made it. */
export function joins(catalog: Catalog, rules: readonly JoinRule[], id: EntityId): readonly Edge[] {
  const entity = catalog.get(id);
  if (!entity) return [];
  return [
    ...airflowAndOpenLineage(catalog, entity),
    ...storeOfModel(catalog, entity),
    ...dbtRelation(catalog, entity),
    ...declared(catalog, rules, entity),
  ];
}

/** OpenLineage's Airflow provider names a task's job `dag.task` and a DAG's job `dag` (openlineage.io naming, read 2026-11). */
function airflowAndOpenLineage(catalog: Catalog, entity: Entity): Edge[] {
  const tool = parseEntityId(entity.id)?.tool;
  const same = (other: Entity): Edge => ({
    from: entity.id,
    to: other.id,
    relation: 'same',
    origin: 'matched',
    evidence: 'OpenLineage names an Airflow task dag.task',
  });
  if (tool === 'openlineage' && entity.kind === 'job') {
    const task = exactly(catalog.find('task', entity.name, 'airflow'), entity.name);
    return (task.length > 0 ? task : exactly(catalog.find('job', entity.name, 'airflow'), entity.name)).map(same);
  }
  if (tool === 'airflow' && (entity.kind === 'task' || entity.kind === 'job')) {
    return exactly(catalog.find('job', entity.name, 'openlineage'), entity.name).map(same);
  }
  return [];
}

function exactly(found: readonly Entity[], name: string): Entity[] {
  return found.filter((entity) => entity.name === name && entity.goneAt === undefined);
}

/** A model that lives only in a store and the path of its prefix are one thing. */
function storeOfModel(catalog: Catalog, entity: Entity): Edge[] {
  const [kind, other] = entity.kind === 'model' ? ['model:', 'path:'] : ['path:', 'model:'];
  if (!entity.id.startsWith(kind) || parseEntityId(entity.id)?.tool === 'mlflow') return [];
  const twin = catalog.get(`${other}${entity.id.slice(kind.length)}`);
  if (!twin) return [];
  return [{ from: entity.id, to: twin.id, relation: 'same', origin: 'matched', evidence: 'the model is this path' }];
}

/**
 * dbt says which relation it builds, another tool that it reads or writes a table of that name. Whether both mean one
 * database nobody says, so it is a guess, made only for whole names and only when there is one candidate.
 */
function dbtRelation(catalog: Catalog, entity: Entity): Edge[] {
  if (entity.kind !== 'table' || entity.goneAt !== undefined) return [];
  const isDbt = toolOf(entity) === 'dbt';
  const name = wholeName(entity);
  const same = catalog
    .find('table', entity.name)
    .filter((other) => other.goneAt === undefined && wholeName(other) === name);
  const [ours, theirs] = [same.filter((one) => toolOf(one) === 'dbt'), same.filter((one) => toolOf(one) !== 'dbt')];
  const [built, used] = [ours[0], theirs[0]];
  if (!name || !built || !used || ours.length > 1 || theirs.length > 1) return [];
  const [from, to] = isDbt ? [built.id, used.id] : [used.id, built.id];
  return [
    { from, to, relation: 'same', origin: 'matched', evidence: 'a guess: dbt builds a table of this whole name' },
  ];
}

function toolOf({ id }: Entity): string | undefined {
  return parseEntityId(id)?.tool;
}

/** Database, schema and table; undefined when less is known. */
function wholeName({ id }: Entity): string | undefined {
  const { segments = [] } = parseEntityId(id) ?? {};
  return segments.length >= 3 ? segments.slice(-3).join('\n').toLowerCase() : undefined;
}

/** A monitor watches metrics, a metric watches everything else. */
function watches({ kind }: Entity): number {
  return kind === 'monitor' ? 2 : kind === 'metric' ? 1 : 0;
}

/** plumbline.yaml: a metric measures what it is joined to; anything else is the same thing under another name. */
function declared(catalog: Catalog, rules: readonly JoinRule[], entity: Entity): Edge[] {
  return rules.flatMap((rule): Edge[] => {
    const evidence = `plumbline.yaml joins ${rule.from} to ${rule.to}`;
    const isFrom = matchesEntity(rule.from, entity);
    if (!isFrom && !matchesEntity(rule.to, entity)) return [];
    return named(catalog, isFrom ? rule.to : rule.from).flatMap((other): Edge[] => {
      if (other.id === entity.id) return [];
      const [from, to] = isFrom ? [entity, other] : [other, entity];
      const watching = watches(from) - watches(to);
      if (watching === 0) return [{ from: from.id, to: to.id, relation: 'same', origin: 'declared', evidence }];
      const [measured, by] = watching < 0 ? [from, to] : [to, from];
      return [{ from: measured.id, to: by.id, relation: 'measures', origin: 'declared', evidence }];
    });
  });
}

/** Entities that `kind:name` or a whole id means. */
function named(catalog: Catalog, pattern: string): readonly Entity[] {
  const whole = catalog.get(pattern);
  if (whole) return [whole];
  const colon = pattern.indexOf(':');
  const kind: EntityKind | undefined = entityKinds.find((candidate) => candidate === pattern.slice(0, colon));
  return kind ? catalog.find(kind, pattern.slice(colon + 1)).filter((entity) => entity.goneAt === undefined) : [];
}
