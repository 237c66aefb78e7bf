// A dbt Cloud account of many jobs and runs, each as the small fake tells one.
import { account, cloudTime, commit, manifest, runResults } from '../dbtCloud/state.ts';
import { type Answer, type LargeServer, made, serve } from './serve.ts';

const day = 86_400_000;
const manifests = manifest('shop', ['orders']);

/** Half of them jobs with a command each, half runs that ended a day ago. */
export async function largeDbtCloud(size: number, now: number): Promise<LargeServer> {
  const jobs = Math.ceil(size / 2);
  const job = (index: number): object => ({
    ...{ id: index + 1, account_id: account, project_id: 10, environment_id: 100, name: `job ${index}`, state: 1 },
    ...{ execute_steps: ['dbt build'], triggers: { schedule: true }, schedule: { cron: '0 2 * * *' } },
  });
  const run = (id: number, steps: readonly object[] = []): object => ({
    ...{ id, job_definition_id: (id % jobs) + 1, project_id: 10, environment_id: 100, status: 10, git_sha: commit },
    ...{ git_branch: 'main', artifacts_saved: true, run_steps: steps, trigger: { cause: 'scheduled' } },
    ...{
      created_at: cloudTime(now - day),
      started_at: cloudTime(now - day),
      finished_at: cloudTime(now - day + 60_000),
    },
  });
  const step = { index: 1, name: 'Invoke dbt with `dbt build`', status: 10, logs: 'done\n' };
  const page = (query: URLSearchParams, total: number, item: (index: number) => object): Answer => {
    const [limit, offset] = [Number(query.get('limit') ?? 100), Number(query.get('offset') ?? 0)];
    const data = made(Math.min(limit, total - offset), item, offset);
    return told(data, { pagination: { count: data.length, total_count: total } });
  };
  return serve(({ path, query }) => {
    if (path === '/api/v2/accounts/') return told([{ id: account, name: 'Acme' }]);
    const [, rest = ''] = /^\/api\/v[23]\/accounts\/\d+\/(.*)$/.exec(path) ?? [];
    const [, id] = /^runs\/(\d+)\//.exec(rest) ?? [];
    if (rest === 'projects/') return page(query, 1, () => ({ id: 10, name: 'Shop' }));
    if (rest === 'environments/') return page(query, 1, () => ({ id: 100, name: 'Production' }));
    if (rest === 'jobs/') return page(query, jobs, job);
    if (rest === 'runs/') return page(query, size - jobs, (index) => run(size - jobs - index));
    if (rest.endsWith('/manifest.json')) return { body: manifests };
    if (rest.endsWith('/run_results.json'))
      return {
        body: runResults(`inv-${id}`, 'build', now - day, [{ unique_id: 'model.shop.orders', adapter_response: {} }]),
      };
    return id !== undefined && rest === `runs/${id}/` ? told(run(Number(id), [step])) : undefined;
  });
}

function told(data: unknown, extra: object = {}): Answer {
  const status = { code: 200, is_success: true, user_message: 'Success!', developer_message: '' };
  return { body: { status, data, extra } };
}
