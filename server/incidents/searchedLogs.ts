// Searched logs: of a run what a search engine for logs (Datadog) has of its job while it ran, for where the tool itself kept none.
import type { Catalog, Source } from '../catalog/catalog.ts';
import { parseEntityId } from '../catalog/entity.ts';
import { type LogPlace, type Run, remoteLog } from '../catalog/run.ts';
import { logKey, quoted } from '../connectors/datadog/logs/key.ts';

/** Agents send with delay, and what went wrong may be said just before a run is told of. */
const slackMs = { before: 60_000, after: 5 * 60_000 };
const mostConnections = 2;
/** Whose ids are found in the text of logs, since they are no word of anything else. */
const telling = new Set(['ray', 'databricks', 'mlflow']);

/** The run with those before its own, so that its own are looked at first; the same one when nothing can be asked. */
export function withSearchedLogs(catalog: Catalog, run: Run): Run {
  const { startedAt, endedAt } = run;
  const { tool } = parseEntityId(run.id) ?? {};
  if (startedAt === undefined || tool === undefined || tool === 'ssh' || tool === 'datadog') return run;
  const query = queryOf(catalog, run);
  if (query === undefined) return run;
  const to = endedAt === undefined ? {} : { to: endedAt + slackMs.after };
  const key = logKey({ query, from: startedAt - slackMs.before, ...to });
  const places = connectionsFor(catalog, run)
    .slice(0, mostConnections)
    .map(({ name }): LogPlace => ({ file: remoteLog(name, key), title: `${name}: its logs while it ran` }));
  return places.length === 0 ? run : { ...run, logs: [...places, ...run.logs] };
}

/** Of another environment than the run's none is asked. */
function connectionsFor(catalog: Catalog, { of, environment }: Run): readonly Source[] {
  const told = new Set(of.flatMap((id) => catalog.factsBySource(id).map(({ source }) => source)));
  const sources = catalog.sources();
  const own = environment ?? sources.find(({ name, environment: one }) => told.has(name) && one)?.environment;
  return sources
    .filter(({ tool, health }) => tool === 'datadog' && (health === 'fresh' || health === 'stale'))
    .filter((source) => source.environment === undefined || own === undefined || source.environment === own);
}

/**
 * By the tags and attributes that Airflow's and Databricks' logs have in Datadog, the service of the job's name, or an id
 * of the run in the text. Undefined when nothing would tell its logs from others.
 */
function queryOf(catalog: Catalog, run: Run): string | undefined {
  const { tool = '', segments = [] } = parseEntityId(run.id) ?? {};
  const jobs = run.of.flatMap((id) => {
    const parts = parseEntityId(id);
    return parts && (parts.kind === 'job' || parts.kind === 'task' || parts.kind === 'endpoint')
      ? [{ id, ...parts }]
      : [];
  });
  const [first] = jobs;
  const own = telling.has(tool) ? segments.at(-1) : undefined;
  const words = own !== undefined && /^[\w-]{8,80}$/.test(own) ? [quoted(own)] : [];
  if (!first) return words[0];
  const [job = ''] = first.segments;
  const task = first.kind === 'task' ? first.segments.at(-1) : undefined;
  const name = first.kind === 'task' ? job : (catalog.get(first.id)?.name ?? job);
  const ofTask = task === undefined ? '' : ` (task_id:${quoted(task)} OR @task_id:${quoted(task)})`;
  if (tool === 'airflow') return `(dag_id:${quoted(job)} OR @dag_id:${quoted(job)} OR service:${quoted(job)})${ofTask}`;
  const number = /^\d{1,20}$/.test(job) ? [`job_id:${job}`, `@job_id:${job}`] : [];
  const terms = [...number, `service:${quoted(name)}`, `job_name:${quoted(name)}`, ...words];
  return `(${terms.join(' OR ')})`;
}
