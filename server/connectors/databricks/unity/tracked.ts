// Tracked: the MLflow run that made a version of a model, and behind it the run of the task, by the tags that Databricks sets.
import type { CatalogChange } from '../../../catalog/change.ts';
import type { Edge } from '../../../catalog/edge.ts';
import type { Run, RunStatus } from '../../../catalog/run.ts';
import { type JsonRecord, list, number, oneLine, record, said, text } from '../../json.ts';
import { idsOf, type Place } from '../ids.ts';
import { hash, idText } from '../jobs/shapes.ts';

const mostValues = 200;

/** `run` is what `GET /api/2.0/mlflow/runs/get` answers; nothing when it is no run. `version` is the id of what it made. */
export function trackedRun(answer: unknown, version: string, place: Place): CatalogChange {
  const { info, data } = record(record(answer).run);
  const about = record(info);
  const run = text(about.run_id) ?? text(about.run_uuid);
  if (run === undefined || !/^[0-9a-f]{32}$/.test(run)) return {};
  const ids = idsOf(place);
  const tags = tagsOf(data);
  const workspace = idText(tags.get('mlflow.databricks.workspaceID')) ?? place.workspace;
  const task = idText(tags.get('mlflow.databricks.jobRunID'));
  const ours = workspace === place.workspace || !/^\d+$/.test(place.workspace);
  const maker = task !== undefined && ours ? ids.run(task) : undefined;
  const found: Run = said<Run>({
    id: ids.trackedRun(run),
    of: [version],
    name: oneLine(about.run_name) ?? tags.get('mlflow.runName') ?? run.slice(0, 8),
    status: statusOf(text(about.status)),
    startedAt: number(about.start_time),
    endedAt: number(about.end_time),
    user: tags.get('mlflow.user') ?? oneLine(about.user_id),
    commit: hash(tags.get('mlflow.source.git.commit') ?? tags.get('mlflow.databricks.gitRepoCommit')),
    entryPoint: tags.get('mlflow.databricks.notebookPath') ?? tags.get('mlflow.source.name'),
    environment: place.environment,
    url: `${place.url}/ml/experiments/${encodeURIComponent(text(about.experiment_id) ?? '')}/runs/${run}`,
    metrics: metricsOf(data),
    params: pairsOf(record(data).params).slice(0, mostValues),
    inputs: [],
    outputs: [{ id: version, name: version.split('/').slice(-2).join('/') }],
    logs: [],
    linked: maker === undefined ? [] : [maker],
  });
  const evidence = `mlflow.databricks.jobRunID of MLflow run ${run}`;
  const edges: Edge[] =
    maker === undefined ? [] : [{ from: maker, to: version, relation: 'made', origin: 'reported', evidence }];
  return { runs: [found], edges };
}

function tagsOf(data: unknown): ReadonlyMap<string, string> {
  return new Map(pairsOf(record(data).tags).map(({ name, value }) => [name, value]));
}

function pairsOf(value: unknown): Run['params'] {
  return list(value).flatMap((each) => {
    const { key, value: given }: JsonRecord = record(each);
    const [name, shown] = [oneLine(key), oneLine(given)];
    return name === undefined || shown === undefined ? [] : [{ name, value: shown }];
  });
}

function metricsOf(data: unknown): Run['metrics'] {
  return list(record(data).metrics)
    .slice(0, mostValues)
    .flatMap((each) => {
      const { key, value, timestamp } = record(each);
      const [name, measured, at] = [oneLine(key), number(value), number(timestamp)];
      return name === undefined || measured === undefined || at === undefined ? [] : [{ name, value: measured, at }];
    });
}

function statusOf(status: string | undefined): RunStatus {
  if (status === 'RUNNING') return 'running';
  if (status === 'SCHEDULED') return 'queued';
  if (status === 'FINISHED') return 'success';
  return status === 'FAILED' || status === 'KILLED' ? 'failed' : 'unknown';
}
