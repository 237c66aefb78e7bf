// Integrations: the metrics that Datadog's own integrations with Airflow, Databricks, Ray and Snowflake make, joined to jobs by their tags.
import type { CatalogChange } from '../../../catalog/change.ts';
import type { Edge } from '../../../catalog/edge.ts';
import { idIn, type Live } from '../ask/live.ts';
import { taggedBy } from '../tags.ts';
import { querySeries } from './series.ts';

/** By the beginning of a metric's name: the tags that say what it is of (docs.datadoghq.com/integrations, read 2026-11). */
const integrations: readonly (readonly [RegExp, readonly string[]])[] = [
  [/^airflow\.(?:dag|dagrun|task|ti|operator|sla)[._]/, ['dag_id', 'task_id']],
  [/^(?:databricks|spark)\.(?:job|jobs|stage|executor|streaming)[._]/, ['job_id', 'job_name']],
  [/^ray\.serve[._]/, ['application', 'deployment']],
  [/^snowflake\.(?:storage\.table|table|query|pipe|task)[._]/, ['database', 'schema', 'table']],
];

/** In one question; those whose names say most go first. */
const mostMetrics = 10;
const mostSeries = 500;
const hours = 24;

/** What the metrics of the integrations are of, in one question for all of them; nothing when there are none. */
export async function integrationEdges(live: Live, signal: AbortSignal): Promise<CatalogChange> {
  const { api, memory, catalog } = live;
  if (!catalog || !memory.metrics) return {};
  const asked = [...memory.metrics.names].flatMap((name) => {
    const keys = integrations.find(([pattern]) => pattern.test(name))?.[1];
    return keys === undefined || !/^[A-Za-z][\w.]{0,199}$/.test(name) ? [] : [{ name, keys }];
  });
  if (asked.length === 0) return {};
  const chosen = asked
    .sort((a, b) => worth(b.name) - worth(a.name) || (a.name < b.name ? -1 : 1))
    .slice(0, mostMetrics);
  const query = chosen.map(({ name, keys }) => `avg:${name}{*} by {${keys.join(',')}}`).join(',');
  const to = api.host.now() + api.host.skewMs;
  const answers = await querySeries(query, { from: to - hours * 3_600_000, to }, live, signal);
  const edges = answers.slice(0, mostSeries).flatMap(({ metric, labels }): readonly Edge[] => {
    const name = chosen.find((one) => one.name === metric)?.name;
    return name === undefined ? [] : taggedBy(labels, idIn(live, 'metric', name), 'a series of it', catalog);
  });
  return { edges: [...new Map(edges.map((edge) => [`${edge.from} ${edge.to}`, edge])).values()] };
}

/** Failures and durations are what people look at. */
function worth(name: string): number {
  return Number(/fail|error/.test(name)) * 2 + Number(/duration|delay|latency/.test(name));
}
