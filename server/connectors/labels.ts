// Labels: how a group of series is written, and what of another tool a label may name.
import type { AlertLabel } from '../catalog/alert.ts';
import type { Catalog } from '../catalog/catalog.ts';
import type { Edge } from '../catalog/edge.ts';
import type { Entity, EntityId, EntityKind } from '../catalog/entity.ts';

const longest = 300;

/** `{instance="a", model="churn"}`, by name; empty without labels. */
export function groupText(labels: readonly AlertLabel[]): string {
  const sorted = [...labels].sort((a, b) => (a.name < b.name ? -1 : 1));
  const written = sorted.map(({ name, value }) => `${name}=${JSON.stringify(value)}`).join(', ');
  return written === '' ? '' : `{${written}}`.slice(0, longest);
}

/** What teams call the labels of their own metrics. Prometheus' own `job` is a scrape job, and names nothing elsewhere. */
const kindsOfLabels: ReadonlyMap<string, EntityKind> = new Map<string, EntityKind>([
  ...['dag_id', 'dag', 'job_name', 'pipeline'].map((name) => [name, 'job'] as const),
  ...['table', 'table_name', 'dataset', 'relation'].map((name) => [name, 'table'] as const),
  ...['model', 'model_name', 'registered_model'].map((name) => [name, 'model'] as const),
  ...['experiment', 'experiment_name'].map((name) => [name, 'experiment'] as const),
  ...['endpoint_name', 'serving_endpoint'].map((name) => [name, 'endpoint'] as const),
]);
const mostOfAName = 3;

/**
 * Edges from what the labels may name to the metric or monitor that has them. Names alone are no proof: each edge is
 * `matched`, and says that it is a guess. None for a name that more than three things have, or that nothing has now.
 */
export function matchedBy(
  labels: readonly AlertLabel[],
  to: EntityId,
  where: string,
  catalog: Catalog,
): readonly Edge[] {
  const value = (name: string) => labels.find((label) => label.name === name)?.value;
  const dag = value('dag_id') ?? value('dag');
  const task = value('task_id') ?? value('task');
  const named = labels.flatMap(({ name, value: text }) => {
    const kind = kindsOfLabels.get(name);
    return kind ? [{ kind, text, said: `${name}="${text}"` }] : [];
  });
  if (dag !== undefined && task !== undefined)
    named.push({ kind: 'task', text: `${dag}.${task}`, said: `dag_id="${dag}" and task_id="${task}"` });
  return named.flatMap(({ kind, text, said }) =>
    onlyThese(catalog, kind, text).map((entity): Edge => {
      const evidence = `a guess: ${where} has ${said}, and this ${kind} has that name`.slice(0, longest);
      return { from: entity.id, to, relation: 'measures', origin: 'matched', evidence };
    }),
  );
}

function onlyThese(catalog: Catalog, kind: EntityKind, name: string): readonly Entity[] {
  const found = catalog.find(kind, name).filter(({ goneAt }) => goneAt === undefined);
  return found.length > mostOfAName ? [] : found;
}
