// HTTP: the only place that speaks it. One client per connection; nothing it sends can reach another origin.
import type http from 'node:http';
import fetch, { type Response } from 'node-fetch';
import type { HttpAnswer, HttpRequest } from '../../connectors/connector.ts';
import { HttpError } from '../../connectors/httpError.ts';
import type { ConnectionConfig } from '../../protocol/connection.ts';
import { now as realNow } from '../clock.ts';
import { answerOf, readStart, readText, refusal, tooBig } from './answer.ts';
import { secureContext } from './certificates.ts';
import { secretsOf } from './excerpt.ts';
import { type Asked, explain } from './failure.ts';
import { chooseProxy, type Environment, type ProxySettings, portOf } from './proxy.ts';
import { nextUrl } from './redirect.ts';
import { createAgent } from './sockets.ts';
import { createWatch, type Timeouts, usualTimeouts } from './watch.ts';

export type { Environment, ProxySettings } from './proxy.ts';
export type { Timeouts } from './watch.ts';

export interface HttpOptions {
  readonly connection: Pick<
    ConnectionConfig,
    'name' | 'url' | 'allowSelfSigned' | 'caFile' | 'certificateFile' | 'keyFile'
  >;
  /** The editor's; absent: the environment alone decides. */
  readonly proxy?: ProxySettings;
  /** Default `process.env`. */
  readonly env?: Environment;
  readonly timeouts?: Partial<Timeouts>;
  /** Epoch ms; the real clock unless a test says otherwise. */
  readonly now?: () => number;
}

/**
 * One request and its whole answer. Rejects with an HttpError that names the connection, host and port and the next
 * step, or with the reason of `signal`. `expected`: statuses beside 2xx that are answers.
 */
export type Http = (request: HttpRequest, signal: AbortSignal, expected?: readonly number[]) => Promise<HttpAnswer>;

const usualMaxBytes = 32_000_000;
const errorBytes = 16_000;
const isRedirect = /^30[12378]$/;

/** Opens nothing yet. Sockets are kept for a few seconds between requests and never hold up the end of the process. */
export function createHttp(options: HttpOptions): Http {
  const connection = connectionOf(options);
  return async (request, signal, expected = []) => {
    signal.throwIfAborted();
    const first = addressOf(connection.base, request);
    const asked: Asked = { ...connection, what: `${request.method ?? 'GET'} ${shown(first.pathname)}` };
    const watch = createWatch(signal, connection.timeouts, asked);
    try {
      return await follow({ connection, request, expected, asked, watch }, first);
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      throw watch.late() ?? explain(error, asked);
    } finally {
      watch.end();
    }
  };
}

/** The end says more than the beginning. */
function shown(path: string): string {
  return path.length > 120 ? `…${path.slice(-119)}` : path;
}

interface Connection {
  readonly name: string;
  readonly base: URL;
  readonly place: string;
  readonly proxy?: Asked['proxy'];
  readonly timeouts: Timeouts;
  readonly agent: http.Agent;
  readonly now: () => number;
}

function connectionOf({ connection, proxy: settings = {}, env = process.env, timeouts, now }: HttpOptions): Connection {
  const { name } = connection;
  const base = URL.canParse(connection.url) ? new URL(connection.url) : undefined;
  if (!base || !/^https?:$/.test(base.protocol)) {
    throw new HttpError(
      'refused',
      `${name}: its url is no address of a server. It must begin with http:// or https://.`,
    );
  }
  const choice = chooseProxy(base, settings, env);
  if (choice && !choice.url) {
    throw new HttpError('proxy', `${name}: ${choice.from} is no address of a proxy. Write it as http://host:port.`);
  }
  const all = { ...usualTimeouts, ...timeouts };
  const system = settings.systemCertificates !== false;
  return {
    name,
    base,
    place: `${base.hostname}:${portOf(base)}`,
    ...(choice?.url && { proxy: { place: `${choice.url.hostname}:${portOf(choice.url)}`, from: choice.from } }),
    timeouts: all,
    now: now ?? realNow,
    agent: createAgent({
      target: base,
      ...(choice?.url && { proxy: choice.url }),
      strictProxy: settings.proxyStrictSSL !== false,
      allowSelfSigned: connection.allowSelfSigned === true,
      connectMs: all.connectMs,
      context: remembered(() => secureContext(connection, system)),
      proxyContext: remembered(() =>
        secureContext({ ...(connection.caFile && { caFile: connection.caFile }) }, system),
      ),
    }),
  };
}

/** Certificates on disk are renewed, so what was read is read again after a while; a failure is not kept. */
function remembered<T>(make: () => Promise<T>, forMs = 300_000): () => Promise<T> {
  let made: { readonly value: Promise<T>; readonly at: number } | undefined;
  return () => {
    if (made && performance.now() - made.at < forMs) return made.value;
    const value = make();
    made = { value, at: performance.now() };
    value.catch(() => {
      made = undefined;
    });
    return value;
  };
}

function addressOf(base: URL, { path, query = [] }: HttpRequest): URL {
  const prefix = base.pathname.replace(/\/+$/, '');
  const written = `${prefix}${path}`;
  const url = URL.canParse(`${base.origin}${written}`) ? new URL(`${base.origin}${written}`) : undefined;
  // A name like `..` would silently ask for something else.
  if (!path.startsWith('/') || url?.origin !== base.origin || url.pathname !== written) {
    throw new HttpError('broken', `${base.host} cannot be asked for ${JSON.stringify(path)}: it is no encoded path.`);
  }
  for (const [name, value] of query) url.searchParams.append(name, value);
  return url;
}

interface Exchange {
  readonly connection: Connection;
  readonly request: HttpRequest;
  readonly expected: readonly number[];
  readonly asked: Asked;
  readonly watch: ReturnType<typeof createWatch>;
}

async function follow(exchange: Exchange, first: URL): Promise<HttpAnswer> {
  const { connection, request, expected, asked, watch } = exchange;
  const visited: string[] = [];
  for (let url = first; ; ) {
    visited.push(url.href);
    const response = await send(url, exchange);
    watch.touch();
    const { status, headers } = response;
    const header = (name: string) => headers.get(name) ?? undefined;
    if (isRedirect.test(String(status)) && !expected.includes(status)) {
      discard(response);
      url = nextUrl(
        { from: url, status, location: header('location'), method: request.method ?? 'GET', visited },
        asked,
      );
      continue;
    }
    const about = {
      status,
      header,
      secrets: secretsOf(request),
      ...(visited.length > 1 && { redirectedTo: url.pathname }),
    };
    if (!response.ok && !expected.includes(status)) {
      const text = response.body ? await readStart(response.body, errorBytes, watch.touch) : '';
      discard(response);
      throw refusal({ ...about, text }, asked, connection.now());
    }
    return answerOf({ ...about, text: await bodyOf(response, exchange) }, asked);
  }
}

async function send(url: URL, { connection, request, watch }: Exchange): Promise<Response> {
  const headers: [string, string][] = (request.headers ?? []).map(([name, value]) => [name, value]);
  headers.push(['accept', request.accept ?? 'application/json'], ['user-agent', 'plumbline/0.1']);
  if (request.authorization !== undefined) headers.push(['authorization', request.authorization]);
  const body = bodyToSend(request);
  if (body) headers.push(['content-type', body.type]);
  return fetch(url.href, {
    method: request.method ?? 'GET',
    headers,
    ...(body && { body: body.text }),
    redirect: 'manual',
    agent: connection.agent,
    signal: watch.signal,
  });
}

function bodyToSend({ json, form }: HttpRequest): { readonly type: string; readonly text: string } | undefined {
  if (json) return { type: 'application/json', text: JSON.stringify(json) };
  if (!form) return undefined;
  const fields = form.map(([name, value]): [string, string] => [name, value]);
  return { type: 'application/x-www-form-urlencoded', text: new URLSearchParams(fields).toString() };
}

async function bodyOf(response: Response, { request, asked, watch }: Exchange): Promise<string> {
  const maxBytes = request.maxBytes ?? usualMaxBytes;
  try {
    if (Number(response.headers.get('content-length') ?? 0) > maxBytes) throw tooBig(maxBytes, asked);
    return response.body ? await readText(response.body, maxBytes, asked, watch.touch) : '';
  } catch (error) {
    discard(response);
    throw error;
  }
}

/** Closes the socket under a body that nobody reads. */
function discard({ body }: Response): void {
  if (body && 'destroy' in body && typeof body.destroy === 'function') body.destroy();
}
