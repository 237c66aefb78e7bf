// A Ray head with more jobs than a real one can be asked to run in a test; each is as 2.60.0 told one.
import { jobLike, recorded } from '../../connectors/ray/server.ts';
import { type LargeServer, made, serve } from './serve.ts';

export async function largeRay(size: number, now: number): Promise<LargeServer> {
  const jobs = made(size, (index) =>
    jobLike({
      job_id: (index + 1).toString(16).padStart(8, '0'),
      submission_id: `raysubmit_${index}`,
      status: index % 50 === 0 ? 'FAILED' : 'SUCCEEDED',
      start_time: now - (size - index) * 1_000 - 120_000,
      end_time: now - (size - index) * 1_000 - 60_000,
      metadata: { job_name: `job-${index % Math.max(1, size / 2)}`, owner: 'ml-team' },
    }),
  );
  const answers = new Map<string, Buffer>(
    Object.entries({
      '/api/version': recorded('version'),
      '/api/jobs/': jobs,
      '/api/serve/applications/': recorded('serve'),
    }).map(([path, body]) => [path, Buffer.from(JSON.stringify(body))]),
  );
  return serve(({ path, query }) => {
    if (path === '/api/v0/tasks') return { body: recorded(query.get('detail') === 'true' ? 'tasks' : 'brief') };
    const body = answers.get(path);
    return body && { body };
  });
}
