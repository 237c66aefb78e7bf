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

/** plumbline.yaml: a metric measures what it is joined to; anything else is the same thing under another name. */
function declared(catalog: Catalog, rules: readonly JoinRule[], entity: Entity): Edge[] {
  return rules.flatMap((rule): Edge[] => {
    const evidence = `plumbline.yaml joins ${rule.from} to ${rule.to}`;
    const isFrom = matchesEntity(rule.from, entity);
    if (!isFrom && !matchesEntity(rule.to, entity)) return [];
    return named(catalog, isFrom ? rule.to : rule.from).flatMap((other): Edge[] => {
      if (other.id === entity.id) return [];
      const [from, to] = isFrom ? [entity, other] : [other, entity];
      return from.kind === 'metric' && to.kind !== 'metric'
        ? [{ from: to.id, to: from.id, relation: 'measures', origin: 'declared', evidence }]
        : [{ from: from.id, to: to.id, relation: 'same', origin: 'declared', evidence }];
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
