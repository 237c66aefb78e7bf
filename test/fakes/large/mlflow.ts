// An MLflow server of many models, versions, experiments and runs, each as 3.17.2 told one; made from their number when asked for.
import { errors, stores } from '../../connectors/mlflowRest/answers.ts';
import { type Answer, type Asked, type LargeServer, made, serve } from './serve.ts';

const shapes = stores['3.17.2'];
const perModel = 10;

interface Sizes {
  readonly models: number;
  readonly versions: number;
  readonly experiments: number;
  readonly runs: number;
}

/** Of a hundred: five models with ten versions each, one experiment, the rest runs. All ended a day ago and earlier. */
export async function largeMlflow(size: number, now: number): Promise<LargeServer> {
  const models = Math.ceil(size / 20);
  const experiments = Math.ceil(size / 100);
  const sizes = {
    models,
    experiments,
    versions: models * perModel,
    runs: size - models * (perModel + 1) - experiments,
  };
  return serve((asked) => {
    if (asked.path === '/version') return { type: 'text/plain', body: '3.17.2' };
    const part = asked.path.replace('/api/2.0/mlflow/', '');
    return listing(part, asked, sizes, now - 86_400_000) ?? { status: 404, type: 'text/html', body: errors.noRoute };
  });
}

function listing(part: string, asked: Asked, sizes: Sizes, at: number): Answer | undefined {
  const runId = (index: number) => (index % sizes.runs).toString(16).padStart(32, '0');
  const startOf = (index: number) => at - (index % sizes.runs) * 60_000;
  const version = (index: number) => ({
    ...shapes.versions[0],
    name: `model-${Math.floor(index / perModel)}`,
    version: String((index % perModel) + 1),
    run_id: runId(index),
    source: `s3://acme-models/runs/${runId(index)}/model`,
    creation_timestamp: startOf(index),
    last_updated_timestamp: startOf(index),
  });
  const { filter, ...query } = questionOf(asked);
  switch (part) {
    case 'experiments/search':
      return page('experiments', sizes.experiments, query, (index) => ({
        ...{ ...shapes.experiments[0], experiment_id: String(index + 1), name: `experiment-${index}` },
      }));
    case 'registered-models/search':
      return page('registered_models', sizes.models, query, (index) => ({
        ...{ ...shapes.models[0], name: `model-${index}`, latest_versions: [version(index * perModel + perModel - 1)] },
        ...{ last_updated_timestamp: startOf(index), aliases: [{ alias: 'champion', version: '9' }] },
      }));
    case 'model-versions/search': {
      const model = /^name=['"]model-(\d+)['"]$/.exec(filter)?.[1];
      if (model !== undefined)
        return page('model_versions', perModel, query, (n) => version(Number(model) * perModel + n));
      // Nobody asks for the versions that runs made unless there are new runs.
      return page('model_versions', filter === '' ? sizes.versions : 0, query, version);
    }
    case 'runs/search':
      // What is asked for by times is what changed, and nothing did.
      return page('runs', filter === '' ? sizes.runs : 0, query, (index) =>
        runLike(index, runId(index), startOf(index), sizes),
      );
    case 'logged-models/search':
      return page('models', 0, query, () => ({}));
    default:
      return undefined;
  }
}

function runLike(index: number, id: string, at: number, { experiments }: Sizes): object {
  const [shape] = shapes.runs as readonly { readonly info: object; readonly data: object }[];
  const experiment = String((index % experiments) + 1);
  return {
    ...shape,
    info: {
      ...shape?.info,
      ...{ run_uuid: id, run_id: id, run_name: `run-${index}`, experiment_id: experiment, start_time: at },
      ...{ end_time: at + 300_000, status: index % 17 === 0 ? 'FAILED' : 'FINISHED' },
    },
    outputs: {},
  };
}

interface Question {
  readonly size: number;
  readonly from: number;
  readonly filter: string;
}

/** POST asks in its body, GET in its query. */
function questionOf({ method, query, body }: Asked): Question {
  const said: Readonly<Record<string, unknown>> = method === 'POST' && body !== '' ? JSON.parse(body) : {};
  const of = (name: string) => said[name] ?? query.get(name);
  return {
    size: Number(of('max_results') ?? 100),
    from: Number(of('page_token') ?? 0),
    filter: String(of('filter') ?? ''),
  };
}

function page(
  field: string,
  total: number,
  { size, from }: Pick<Question, 'size' | 'from'>,
  make: (index: number) => object,
): Answer {
  const count = Math.min(size, total - from);
  const next = from + count < total ? { next_page_token: String(from + count) } : {};
  return { body: { ...(count > 0 ? { [field]: made(count, make, from) } : {}), ...next } };
}
