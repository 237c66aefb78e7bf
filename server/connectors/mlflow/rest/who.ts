// Who answers at the address, and why what answers is not what it should be.
import type { ConnectionConfig } from '../../../protocol/connection.ts';
import { HttpError } from '../../httpError.ts';
import { type Api, isDatabricks } from './ask/api.ts';
import { models } from './ask/listings.ts';
import { Surprises } from './ask/problems.ts';
import type { Live } from './scope.ts';

/** `MLflow 3.17.2, 12 registered models`. Rejects like `fetch`. */
export async function greet(live: Live, signal: AbortSignal): Promise<string> {
  const version = await versionOf(live.api, signal);
  try {
    const found = await models({ api: live.api, surprises: new Surprises(), signal });
    const count = `${found.length.toLocaleString('en')} registered ${found.length === 1 ? 'model' : 'models'}`;
    return `MLflow${version === undefined ? '' : ` ${version}`}, ${count}`;
  } catch (error) {
    throw await whyNot(live, error, signal);
  }
}

/** The error of a server none of whose listings could be read, in words that say what it is instead. */
export async function whyNot(
  { api, name }: Pick<Live, 'api' | 'name'>,
  error: unknown,
  signal: AbortSignal,
): Promise<unknown> {
  if (!(error instanceof HttpError) || (error.kind !== 'missing' && error.kind !== 'broken')) return error;
  const version = await versionOf(api, signal).catch(() => undefined);
  signal.throwIfAborted();
  const what =
    version === undefined
      ? `what answers at ${api.address} is no MLflow tracking server, or it is one under another prefix, or something before it wants a login`
      : `MLflow ${version} answers at ${api.address}, but not to its API: something before it lets only a part through`;
  const next = 'Open the address in a browser: the connection needs the address where MLflow itself is seen.';
  return new HttpError(error.kind, `${name}: ${what}. ${next} (${error.message})`, {
    ...(error.status === undefined ? {} : { status: error.status }),
    cause: error,
  });
}

/** Plain text, as in `3.17.2`; undefined where there is none: below the prefix of MLflow 2 (2.22, tried), or another page. */
async function versionOf(api: Api, signal: AbortSignal): Promise<string | undefined> {
  const answer = await api.raw({ path: '/version', accept: 'text/plain', maxBytes: 100_000 }, signal, [404]);
  const said = answer.text.trim();
  return answer.status === 200 && /^\d+\.\d+[\w.+-]{0,40}$/.test(said) ? said : undefined;
}

/** Thrown before anything is asked: the same routes, but the models live elsewhere and the limits are others. */
export function refuseDatabricks({ name, url }: ConnectionConfig): void {
  if (!isDatabricks(url)) return;
  throw new HttpError(
    'refused',
    `${name}: ${new URL(url).host} is MLflow hosted by Databricks, which this connection does not read: its models are in Unity Catalog. Remove the connection.`,
  );
}
