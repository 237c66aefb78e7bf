// Clusters: where a cluster that a run only names delivers its logs: one made by hand, or by a policy that says it.
import { text } from '../../json.ts';
import { type Poll, partly } from '../poll.ts';
import { logFolder, type StoredRun, type StoredTaskRun } from './shapes.ts';

const most = { asked: 3, kept: 500 };

/** By cluster; undefined: it delivers none, or that cannot be told. */
export type KnownClusters = Map<string, string | undefined>;

/** Tasks whose run does not say where logs are, with what is known of their cluster. */
export function withLogFolders(run: StoredRun, known: KnownClusters): StoredRun {
  const tasks = run.tasks.map((task): StoredTaskRun => {
    const folder = isUnsaid(task) ? known.get(task.clusterId ?? '') : undefined;
    return folder === undefined ? task : { ...task, logFolder: folder };
  });
  return { ...run, tasks };
}

/**
 * One question for each cluster, three a run at most, and never again: `GET /api/2.1/clusters/get` (databricks-sdk 0.156,
 * 2026-11-24). A cluster that is gone (after 30 days), or that we may not see, is one that tells nothing.
 */
export async function askClusters(
  run: StoredRun,
  { api, signal, memory }: Pick<Poll, 'api' | 'signal' | 'memory'>,
): Promise<void> {
  const { clusters } = memory;
  const unknown = new Set(run.tasks.flatMap((task) => (isUnsaid(task) && task.clusterId ? [task.clusterId] : [])));
  for (const cluster of [...unknown].filter((one) => !clusters.has(one)).slice(0, most.asked)) {
    const ask = () => api.get('/api/2.1/clusters/get', [['cluster_id', cluster]], signal);
    const answer = await partly({ problems: [], signal }, 'clusters', ask);
    clusters.set(cluster, text(answer?.cluster_id) === cluster ? logFolder(answer) : undefined);
    const [oldest] = clusters.keys();
    if (clusters.size > most.kept && oldest !== undefined) clusters.delete(oldest);
  }
}

function isUnsaid({ logFolder: said, clusterId }: StoredTaskRun): boolean {
  return said === undefined && clusterId !== undefined;
}
