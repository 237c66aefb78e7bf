// An Airflow server of many DAGs, assets, runs and tries, each as 3.3.2 told one; made from their number when asked for.
import { recorded } from '../../connectors/airflowServer.ts';
import { type Answer, type Asked, type LargeServer, made, serve } from './serve.ts';

const day = 86_400_000;

/** Of a hundred: fifty DAGs, ten assets, thirty runs and ten tries of tasks, all of which ended a day ago; and what a test puts beside them. */
export async function largeAirflow(
  size: number,
  now: number,
  beside: { readonly errors: object[]; readonly events: object[] } = { errors: [], events: [] },
): Promise<LargeServer> {
  const answers = recorded('v2');
  const shape = (path: string, field: string): object => {
    const said = answers.get(path) as Readonly<Record<string, readonly object[]>>;
    const [first] = said[field] ?? [];
    if (!first) throw new Error(`Nothing was recorded of ${path}.`);
    return first;
  };
  const dag = (index: number) => ({
    ...shape('/dags', 'dags'),
    ...{ dag_id: `dag-${index}`, dag_display_name: `dag-${index}`, is_paused: false },
  });
  const times = (index: number) => {
    const at = now - day - (index % 1_000) * 60_000;
    return { start_date: new Date(at).toISOString(), end_date: new Date(at + 30_000).toISOString() };
  };
  const dags = Math.ceil(size / 2);
  const run = (index: number) => ({
    ...shape('/dags/~/dagRuns', 'dag_runs'),
    ...{ dag_id: `dag-${index % dags}`, dag_run_id: `manual__${index}`, ...times(index), state: 'success' },
  });
  const attempt = (index: number) => ({
    ...shape('/dags/~/dagRuns/~/taskInstances', 'task_instances'),
    ...{ id: `try-${index}`, task_id: `task-${index}`, dag_id: `dag-${index % dags}`, dag_run_id: `manual__${index}` },
    ...{ ...times(index), state: 'success' },
  });
  const asset = (index: number) => ({
    ...shape('/assets', 'assets'),
    ...{ id: index, name: `asset-${index}`, uri: `s3://acme-lake/asset-${index}` },
    ...{ scheduled_dags: [], producing_tasks: [{ dag_id: `dag-${index}`, task_id: 'fit' }], last_asset_event: null },
  });
  return serve((asked) => {
    const below = asked.path.replace('/api/v2', '');
    switch (below) {
      case '/version':
        return { body: answers.get('/version') };
      case '/dags':
        return page('dags', dags, asked, dag);
      case '/assets':
        return page('assets', Math.ceil(size / 10), asked, asset);
      case '/importErrors':
        return page('import_errors', beside.errors.length, asked, (index) => beside.errors[index] ?? {});
      case '/pools':
        return { body: answers.get('/pools') };
      case '/eventLogs':
        return page('event_logs', beside.events.length, asked, (index) => beside.events[index] ?? {});
      case '/dags/~/dagRuns':
        return page('dag_runs', isOfDays(asked, now) ? Math.ceil((size * 3) / 10) : 0, asked, run);
      case '/dags/~/dagRuns/~/taskInstances':
        return page('task_instances', isOfDays(asked, now) ? Math.ceil(size / 10) : 0, asked, attempt);
      default:
        return undefined;
    }
  });
}

/** Everything changed a day ago and earlier; nothing is open, and nothing failed. */
function isOfDays({ query }: Asked, now: number): boolean {
  const since = Date.parse(query.get('updated_at_gte') ?? '');
  return !query.has('state') && since < now - 2 * day;
}

function page(field: string, total: number, { query }: Asked, make: (index: number) => object): Answer {
  const from = Number(query.get('offset') ?? 0);
  const count = Math.min(100, Number(query.get('limit') ?? 100), total - from);
  return { body: { [field]: made(count, make, from), total_entries: total } };
}
