// A Prometheus of many metrics and rules, and an Alertmanager of many alerts, each as real ones told one.
import * as recorded from '../../connectors/prometheus/answers.ts';
import { type LargeServer, made, serve } from './serve.ts';

const rulesPerGroup = 100;

/** Half of them metrics, half rules; groups in pages, as 3.x gives them when asked to. */
export async function largePrometheus(size: number): Promise<LargeServer> {
  const names = made(size / 2, (index) => `team_${index % 100}_metric_${index}`);
  const [shape] = recorded.rules.data.groups;
  const inactive = shape?.rules.find(({ state }) => state === 'inactive');
  const groups = made(Math.ceil(size / 2 / rulesPerGroup), (group) => ({
    ...shape,
    name: `group-${group}`,
    rules: made(rulesPerGroup, (rule) => ({
      ...inactive,
      name: `Rule${group}x${rule}`,
      query: `team_${rule}_metric_${group} > ${rule}`,
    })),
  }));
  const answers = new Map<string, Buffer>(
    Object.entries({
      '/api/v1/label/__name__/values': { status: 'success', data: names },
      '/api/v1/metadata': recorded.metadata,
      '/api/v1/targets': recorded.targets,
      '/api/v1/status/buildinfo': recorded.buildinfo,
      '/api/v1/query_range': recorded.matrix,
    }).map(([path, body]) => [path, Buffer.from(JSON.stringify(body))]),
  );
  return serve(({ path, query }) => {
    if (path !== '/api/v1/rules') return answers.has(path) ? { body: answers.get(path) } : undefined;
    const limit = Number(query.get('group_limit') ?? groups.length);
    const from = Number(query.get('group_next_token') ?? 0);
    const next = from + limit < groups.length ? { groupNextToken: String(from + limit) } : {};
    return { body: { status: 'success', data: { groups: groups.slice(from, from + limit), ...next } } };
  });
}

export async function largeAlertmanager(size: number, now: number): Promise<LargeServer> {
  const [shape] = recorded.alerts;
  const alerts = made(size, (index) => ({
    ...shape,
    fingerprint: index.toString(16).padStart(16, '0'),
    startsAt: new Date(now - 3_600_000).toISOString(),
    endsAt: new Date(now + 30 * 86_400_000).toISOString(),
    labels: { ...shape?.labels, alertname: `Alert${index}`, instance: `host-${index}` },
  }));
  const body = Buffer.from(JSON.stringify(alerts));
  return serve(({ path }) => {
    if (path === '/api/v2/alerts') return { body };
    if (path === '/api/v2/silences') return { body: recorded.silences };
    return path === '/api/v2/status' ? { body: { versionInfo: { version: '0.25.0' } } } : undefined;
  });
}
