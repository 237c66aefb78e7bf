// From a search of Tune to entities, runs and metric points; pure.
import type { CatalogChange, MetricSeries, SeenEntity } from '../../../catalog/change.ts';
import type { Edge } from '../../../catalog/edge.ts';
import { entityId } from '../../../catalog/entity.ts';
import type { MetricPoint, Run, RunStatus } from '../../../catalog/run.ts';
import { said } from '../../json.ts';
import type { Search, Trial } from './search.ts';

/** `address`: of a file, as a log; a path of this machine is one itself. */
export function changeOf(
  search: Search,
  instance: string,
  environment?: string,
  address: (file: string) => string = (file) => file,
): CatalogChange {
  const id = (kind: 'experiment' | 'metric' | 'run', ...more: readonly string[]) =>
    entityId(kind, 'ray', instance, search.name, ...more);
  const best = bestOf(search);
  const whole = searchRun(search, best, { id: id('run'), of: id('experiment'), environment, address });
  const trials = search.trials.map((trial) =>
    trialRun(trial, { id: id('run', trial.id), parent: id('run'), of: id('experiment'), environment, address }),
  );
  const metrics = new Set(search.trials.flatMap(({ results }) => results.map(([name]) => name)));
  return {
    entities: [
      {
        id: id('experiment'),
        kind: 'experiment',
        name: search.name,
        facts: said({
          description: summary(search, best),
          createdAt: search.startedAt,
          updatedAt: lastReport(search),
          artifactUri: search.folder,
        }),
      },
      ...[...metrics].map((name): SeenEntity => ({ id: id('metric', name), kind: 'metric', name })),
    ],
    edges: [...metrics].map(
      (name): Edge => ({
        from: id('experiment'),
        to: id('metric', name),
        relation: 'measures',
        origin: 'reported',
        evidence: `trials of ${search.name} reported it`,
      }),
    ),
    runs: [whole, ...trials],
    series: search.trials.flatMap((trial): readonly MetricSeries[] =>
      [...Map.groupBy(trial.points, ({ name }) => name)].map(([name, points]) => ({
        metric: id('metric', name),
        run: id('run', trial.id),
        points,
      })),
    ),
  };
}

/** By the last report of each, as Tune's own `get_best_result`; undefined where nobody said which metric counts and how. */
export function bestOf({ metric, mode, trials }: Search): Trial | undefined {
  if (metric === undefined || mode === undefined) return undefined;
  const sign = mode === 'max' ? 1 : -1;
  return trials
    .flatMap((trial) => {
      const value = resultOf(trial, metric);
      return value === undefined ? [] : [{ trial, value }];
    })
    .reduce<{ readonly trial: Trial; readonly value: number } | undefined>(
      (best, each) => (best === undefined || sign * each.value > sign * best.value ? each : best),
      undefined,
    )?.trial;
}

function resultOf(trial: Trial, metric: string): number | undefined {
  return trial.results.find(([name]) => name === metric)?.[1];
}

function summary({ metric, mode, trials }: Search, best: Trial | undefined): string {
  const failed = trials.filter(({ status }) => status === 'ERROR').length;
  const count = `${trials.length} ${trials.length === 1 ? 'trial' : 'trials'}${failed > 0 ? `, ${failed} failed` : ''}`;
  if (best && metric !== undefined)
    return `${count}; best ${best.name}: ${metric} ${resultOf(best, metric)} (${mode === 'max' ? 'highest' : 'lowest'})`;
  if (metric === undefined) return `${count}; Tune was told no metric`;
  const values = trials.flatMap((trial) => resultOf(trial, metric) ?? []);
  if (values.length === 0) return `${count}; none reported ${metric}`;
  const [least, highest] = [values.reduce((a, b) => Math.min(a, b)), values.reduce((a, b) => Math.max(a, b))];
  return `${count}; ${metric} from ${least} to ${highest}, and which of them is best is not written down`;
}

function lastReport({ trials }: Search): number | undefined {
  const times = trials.flatMap(({ startedAt, reportedAt }) => [startedAt ?? [], reportedAt ?? []].flat());
  return times.length === 0 ? undefined : times.reduce((a, b) => Math.max(a, b));
}

/** A search with trials that failed ended well when one of them did. */
function searchStatus(trials: readonly Trial[]): RunStatus {
  const states = new Set(trials.map(({ status }) => statusOf(status)));
  if (states.has('running')) return 'running';
  if (states.has('queued')) return states.size === 1 ? 'queued' : 'running';
  if (states.has('success')) return 'success';
  return states.has('failed') ? 'failed' : 'unknown';
}

function statusOf(status: string): RunStatus {
  switch (status) {
    case 'PENDING':
      return 'queued';
    case 'RUNNING':
    case 'PAUSED':
      return 'running';
    case 'TERMINATED':
      return 'success';
    case 'ERROR':
      return 'failed';
    default:
      return 'unknown';
  }
}

function searchRun(
  search: Search,
  best: Trial | undefined,
  { id, of, environment, address }: Omit<Names, 'parent'>,
): Run {
  const { trials } = search;
  const status = searchStatus(trials);
  const failed = trials.filter((trial) => statusOf(trial.status) === 'failed');
  const first = failed[0]?.error;
  return said<Run>({
    id,
    of: [of],
    name: search.name,
    status,
    startedAt: search.startedAt,
    endedAt: status === 'success' || status === 'failed' ? lastReport(search) : undefined,
    environment,
    message:
      failed.length === 0
        ? undefined
        : `${failed.length} of ${trials.length} trials failed${first === undefined ? '' : `, the first with ${first}`}`,
    metrics: best ? pointsOf(best) : [],
    params: best ? [{ name: 'best trial', value: best.name }, ...paramsOf(best)] : [],
    inputs: [],
    outputs: [],
    logs: failed.slice(0, 10).flatMap((trial) => logsOf(trial, address)),
    linked: [],
  });
}

interface Names {
  readonly id: string;
  readonly parent: string;
  readonly of: string;
  readonly environment?: string | undefined;
  readonly address: (file: string) => string;
}

function trialRun(trial: Trial, { id, parent, of, environment, address }: Names): Run {
  const status = statusOf(trial.status);
  return said<Run>({
    id,
    of: [of],
    name: trial.name,
    status,
    startedAt: trial.startedAt,
    endedAt: status === 'success' || status === 'failed' ? trial.reportedAt : undefined,
    parent,
    environment,
    message: status === 'failed' ? trial.error : undefined,
    metrics: pointsOf(trial),
    params: paramsOf(trial),
    inputs: [],
    outputs: [],
    logs: logsOf(trial, address),
    linked: [],
  });
}

function pointsOf({ results, reportedAt = 0 }: Trial): readonly MetricPoint[] {
  return results.map(([name, value]) => ({ name, value, at: reportedAt }));
}

function paramsOf({ settings }: Trial): Run['params'] {
  return settings.map(([name, value]) => ({ name, value }));
}

function logsOf({ name, errorFile }: Trial, address: Names['address']): Run['logs'] {
  return errorFile === undefined ? [] : [{ file: address(errorFile), title: `${name}/error.txt` }];
}
