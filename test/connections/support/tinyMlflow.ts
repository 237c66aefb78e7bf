// Tiny MLflow: a real server on loopback that answers like an MLflow with one registered model, to whoever may ask.
import type { TestContext } from 'node:test';
import { type Handler, json, type Served, served } from '../../support/web.ts';

export interface TinyMlflow extends Served {
  readonly url: string;
  /** The values of the header that came. */
  readonly authorizations: ReadonlySet<string>;
}

export interface TinyMlflowOptions {
  readonly model?: string;
  /** Without this value in the header: 401. */
  readonly authorization?: string;
  /** First look at a request; true: it was answered. */
  readonly first?: (...exchange: Parameters<Handler>) => boolean;
}

/** Source of the shapes: mlflow.org REST API of 3.17; epoch ms. */
export async function tinyMlflow(context: TestContext, options: TinyMlflowOptions = {}): Promise<TinyMlflow> {
  const { model = 'churn', authorization, first } = options;
  const authorizations = new Set<string>();
  const times = { creation_timestamp: 1_763_000_000_000, last_updated_timestamp: 1_764_000_000_000 };
  const version = { name: model, version: '1', ...times, current_stage: 'None', status: 'READY', run_id: '' };
  const answers: readonly (readonly [RegExp, object])[] = [
    [/registered-models\/search/, { registered_models: [{ name: model, ...times, latest_versions: [version] }] }],
    [/model-versions\/search/, { model_versions: [version] }],
  ];
  const server = await served(context, (request, answer) => {
    if (request.headers.authorization) authorizations.add(request.headers.authorization);
    if (first?.(request, answer)) return;
    const { url = '' } = request;
    if (authorization !== undefined && request.headers.authorization !== authorization) {
      answer.writeHead(401, { 'content-type': 'text/plain' });
      answer.end('You are not authenticated.');
    } else if (url.endsWith('/version') || url.endsWith('/health')) {
      answer.writeHead(200, { 'content-type': 'text/plain' });
      answer.end(url.endsWith('/version') ? '3.17.0' : 'OK');
    } else json(answer, answers.find(([path]) => path.test(url))?.[1] ?? {});
  });
  return { ...server, authorizations, url: `http://127.0.0.1:${server.port}` };
}
