// Artifacts that are logs: which a run has, and their text.
import { type LogPlace, remoteLog } from '../../../catalog/run.ts';
import type { FetchedLog, HttpAnswer, HttpRequest } from '../../connector.ts';
import { HttpError } from '../../httpError.ts';
import { record } from '../../json.ts';
import { isLog, isLogFolder, mostLogs } from '../logs.ts';
import type { StoredRun } from '../shape.ts';
import type { Api } from './ask/api.ts';
import { type Asking, artifacts } from './ask/listings.ts';
import { Surprises } from './ask/problems.ts';
import { readRun } from './ask/shapes.ts';
import type { Live } from './scope.ts';

/** Of a longer log only the end is fetched. */
const mostBytes = 8_000_000;
/** Folders of logs that are looked into. */
const mostFolders = 3;

/** One question, and one more for each folder of logs; none for an ended run that was asked about. */
export async function logsOf(run: StoredRun, live: Live, asking: Asking): Promise<readonly LogPlace[]> {
  const known = live.memory.logsIn(run);
  if (known) return known;
  const root = await artifacts(run.id, undefined, asking);
  const files = root.filter(({ isFolder }) => !isFolder).map(({ path }) => path);
  const folders = root.filter(({ path, isFolder }) => isFolder && isLogFolder(path)).slice(0, mostFolders);
  for (const { path } of folders) {
    const inside = await artifacts(run.id, path, asking);
    files.push(...inside.filter(({ isFolder }) => !isFolder).map((file) => file.path));
  }
  const places = files
    .filter(isLog)
    .slice(0, mostLogs)
    .map((path): LogPlace => ({ file: remoteLog(live.name, `${run.id}/${path}`), title: path }));
  live.memory.keepLogs(run, places);
  return places;
}

/** By `<run id>/<path>`. The end of it, when it is over 8 MB and the server can give parts. Rejects with an HttpError. */
export async function readLog(key: string, { api, name }: Live, signal: AbortSignal): Promise<FetchedLog> {
  const slash = key.indexOf('/');
  const [id, path] = [key.slice(0, slash), key.slice(slash + 1)];
  if (slash <= 0 || path === '') throw new HttpError('missing', `${name}: there is no log ${JSON.stringify(key)}.`);
  const asked = await api.json('runs/get', { query: [['run_id', id]] }, signal);
  const run = readRun(record(asked).run, new Surprises());
  const complete = run !== undefined && run.status !== 'RUNNING' && run.status !== 'SCHEDULED';
  const fetched = await fetchLog(id, path, run?.artifactUri, { api, name }, signal);
  const range = /^bytes (\d+)-\d+\/(\d+)$/.exec(fetched.header('content-range') ?? '');
  const skipped = fetched.status === 206 ? Number(range?.[1] ?? 0) : 0;
  if (skipped === 0) return { text: fetched.text, complete };
  const whole = fetched.text.slice(fetched.text.indexOf('\n') + 1);
  const size = Number(range?.[2]).toLocaleString('en');
  return { text: `[Plumbline: the end of a log of ${size} bytes; MLflow has all of it]\n${whole}`, complete };
}

/** The file, or its end when it is too long; a server that cannot give parts makes that `tooBig`. */
async function whole(place: HttpRequest, api: Api, signal: AbortSignal): Promise<HttpAnswer> {
  const request: HttpRequest = { ...place, accept: '*/*', maxBytes: mostBytes };
  try {
    return await api.raw(request, signal, [404, 500]);
  } catch (error) {
    if (!(error instanceof HttpError) || error.kind !== 'tooBig') throw error;
    const headers = [['range', `bytes=-${mostBytes}`] as const];
    return await api.raw({ ...request, headers }, signal, [404, 500]);
  }
}

/**
 * `/get-artifact`, else the route of proxied artifacts, which a proxy that lets only `/api` through has. A file
 * that is not there is 404 in 3.17 and 500 in 2.22; both give the end of a file for a range (tried 2026-11-23).
 */
async function fetchLog(
  id: string,
  path: string,
  artifactUri: string | undefined,
  { api, name }: Pick<Live, 'api' | 'name'>,
  signal: AbortSignal,
): Promise<HttpAnswer> {
  const query = [['run_id', id] as const, ['path', path] as const];
  const proxied = /^mlflow-artifacts:(?:\/\/[^/]*)?\/(.+)$/.exec(artifactUri ?? '')?.[1];
  const encoded = `${proxied}/${path}`
    .split('/')
    .map((part) => encodeURIComponent(part.toWellFormed()))
    .join('/');
  const places = [
    { path: '/get-artifact', query },
    ...(proxied === undefined ? [] : [{ path: `${api.root}/mlflow-artifacts/artifacts/${encoded}` }]),
  ];
  const missing = new HttpError(
    'missing',
    `${name}: ${api.address} does not have the artifact ${path} of run ${id} any more, or does not hand out artifacts.`,
    { status: 404 },
  );
  for (const place of places) {
    const answer = await whole(place, api, signal);
    // A server that knows no such page shows its own web page instead.
    const isPage = /html/i.test(answer.header('content-type') ?? '') && !/\.html?$/i.test(path);
    if (answer.status < 300 && !isPage) return answer;
  }
  throw missing;
}
