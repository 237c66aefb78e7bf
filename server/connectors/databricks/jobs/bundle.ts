// Bundle: what the deployment of a bundle wrote down in the workspace: its commit, the file of each job, and what else it made.
import { HttpError } from '../../httpError.ts';
import { isRecord, list, oneLine, record, said, text } from '../../json.ts';
import type { Api } from '../ask/api.ts';
import { hash, idText } from './shapes.ts';

export interface DeployedBundle {
  /** Of the folder that it is deployed to; absent for one that its `root_path` put elsewhere. */
  readonly name?: string;
  readonly target?: string;
  readonly commit?: string;
  readonly branch?: string;
  /** By the id of the job: its key in the bundle, and the file that declares it, relative to the bundle. */
  readonly jobs: ReadonlyMap<string, { readonly key: string; readonly file?: string }>;
}

/** What it made beside jobs: kind and name of each, as `endpoint churn-live`, `model main.ml.churn`. */
export type MadeByBundle = readonly string[];

const mostBytes = 4_000_000;
const mostMade = 1_000;

/**
 * The file that `deployment.metadata_file_path` of a job names; undefined when we may not read it or cannot. Rejects
 * when the workspace as a whole cannot be asked. Its shape: bundle/metadata/metadata.go of databricks/cli, read
 * 2026-11-24: name and target stand in no field, only in the path.
 */
export async function readBundle(api: Api, path: string, signal: AbortSignal): Promise<DeployedBundle | undefined> {
  const value = await exported(api, path, signal);
  return value === undefined ? undefined : bundleOf(value, path);
}

/**
 * The state beside that file: `resources.json`, by names like `resources.registered_models.<key>` with `__id__`
 * (bundle/direct/dstate of databricks/cli), else `terraform.tfstate` of deployments by Terraform; read 2026-11-24. Of what
 * may be secret in it nothing is looked at. Undefined when neither can be read.
 */
export async function madeByBundle(api: Api, path: string, signal: AbortSignal): Promise<MadeByBundle | undefined> {
  const folder = path.slice(0, path.lastIndexOf('/') + 1);
  const own = record(await exported(api, `${folder}resources.json`, signal)).state;
  if (isRecord(own)) return madeDirectly(own);
  const { resources } = record(await exported(api, `${folder}terraform.tfstate`, signal));
  return Array.isArray(resources) ? madeByTerraform(resources) : undefined;
}

async function exported(api: Api, path: string, signal: AbortSignal): Promise<unknown> {
  try {
    const query = [['path', path] as const, ['direct_download', 'true'] as const];
    const request = { path: '/api/2.0/workspace/export', query, maxBytes: mostBytes };
    return (await api.ask(request, signal)).json();
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof HttpError && /^(forbidden|missing|refused|broken|tooBig)$/.test(error.kind)) return undefined;
    throw error;
  }
}

/** `…/.bundle/<name>/<target>/state/metadata.json`, as `root_path` is unless somebody says otherwise. */
function placeOf(path: string): { readonly name?: string; readonly target?: string } {
  const [, name, target] = /\/\.bundle\/([^/]{1,200})\/([^/]{1,200})\/state\/[^/]{1,100}$/.exec(path) ?? [];
  return said({ name: oneLine(name, 200), target: oneLine(target, 200) });
}

function bundleOf(value: unknown, path: string): DeployedBundle | undefined {
  const { config } = record(value);
  if (!isRecord(config)) return undefined;
  const git = record(record(config.bundle).git);
  const jobs = Object.entries(record(record(config.resources).jobs)).flatMap(([key, job]) => {
    const id = idText(record(job).id);
    const file = text(record(job).relative_path)?.slice(0, 500);
    return id === undefined ? [] : [[id, file === undefined ? { key } : { key, file }] as const];
  });
  return said<DeployedBundle>({
    ...placeOf(path),
    commit: hash(git.commit),
    branch: oneLine(git.branch),
    jobs: new Map(jobs),
  });
}

/** For people, of anything that it deployed. */
export function bundleTag({ name, target }: Pick<DeployedBundle, 'name' | 'target'>): string | undefined {
  return name === undefined ? undefined : `bundle:${name}${target === undefined ? '' : `/${target}`}`;
}

function madeDirectly(state: ReturnType<typeof record>): MadeByBundle {
  return Object.entries(state)
    .slice(0, mostMade)
    .flatMap(([key, entry]) => {
      const type = /^resources\.(model_serving_endpoints|registered_models)\.[^.]+$/.exec(key)?.[1];
      const id = oneLine(record(entry).__id__, 300);
      if (type === undefined || id === undefined) return [];
      return [`${type === 'registered_models' ? 'model' : 'endpoint'} ${id}`];
    });
}

function madeByTerraform(resources: readonly unknown[]): MadeByBundle {
  return resources.slice(0, mostMade).flatMap((one) => {
    const { type, instances } = record(one);
    const kind =
      type === 'databricks_registered_model' ? 'model' : type === 'databricks_model_serving' ? 'endpoint' : '';
    if (kind === '') return [];
    return list(instances).flatMap((each) => {
      const id = oneLine(record(record(each).attributes).id, 300);
      return id === undefined ? [] : [`${kind} ${id}`];
    });
  });
}
