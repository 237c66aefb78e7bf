// Bundle: what the deployment of a bundle wrote down in the workspace: its name, target, commit, and the file of each job.
import { HttpError } from '../../httpError.ts';
import { oneLine, record, said, text } from '../../json.ts';
import type { Api } from '../ask/api.ts';
import { hash, idText } from './shapes.ts';

export interface DeployedBundle {
  readonly name: string;
  readonly target?: string;
  readonly commit?: string;
  readonly branch?: string;
  /** By the id of the job: its key in the bundle, and the file that declares it, relative to the bundle. */
  readonly jobs: ReadonlyMap<string, { readonly key: string; readonly file?: string }>;
}

const mostBytes = 4_000_000;

/**
 * The file that `deployment.metadata_file_path` of a job names; undefined when we may not read it or cannot. Rejects
 * when the workspace as a whole cannot be asked. Its shape: bundle/metadata of databricks/cli, read 2026-08-21.
 */
export async function readBundle(api: Api, path: string, signal: AbortSignal): Promise<DeployedBundle | undefined> {
  try {
    const query = [['path', path] as const, ['direct_download', 'true'] as const];
    const request = { path: '/api/2.0/workspace/export', query, maxBytes: mostBytes };
    return bundleOf((await api.ask(request, signal)).json());
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof HttpError && /^(forbidden|missing|refused|broken|tooBig)$/.test(error.kind)) return undefined;
    throw error;
  }
}

function bundleOf(value: unknown): DeployedBundle | undefined {
  const config = record(record(value).config);
  const bundle = record(config.bundle);
  const git = record(bundle.git);
  const name = oneLine(bundle.name);
  if (name === undefined) return undefined;
  const jobs = Object.entries(record(record(config.resources).jobs)).flatMap(([key, job]) => {
    const id = idText(record(job).id);
    const file = text(record(job).relative_path)?.slice(0, 500);
    return id === undefined ? [] : [[id, file === undefined ? { key } : { key, file }] as const];
  });
  return said<DeployedBundle>({
    name,
    target: oneLine(bundle.target),
    commit: hash(git.commit),
    branch: oneLine(git.branch),
    jobs: new Map(jobs),
  });
}
