// Examine: asks a connection as the sync would, but only a little and keeping nothing, and tells how each group of its endpoints answered.

import type { ConnectorFactory, HttpRequest, LiveConnector, LiveHost, Log } from '../connectors/connector.ts';
import { HttpError } from '../connectors/httpError.ts';
import type { ConnectionConfig, ProxySettings, Secret } from '../protocol/connection.ts';
import { createLogGroups } from '../world/aws/logGroups.ts';
import { createObjects } from '../world/aws/objects.ts';
import type { AwsOptions } from '../world/aws/session.ts';
import { createHttp } from '../world/http/client.ts';
import { noHttp, remoteOf } from '../world/remote.ts';

export interface EndpointGroup {
  /** `GET /api/v2/dags/…/dagRuns`: what is no word of the API is left out. */
  readonly group: string;
  /** `ok`, or the kind of `HttpError`: `forbidden`, `missing`, `broken` … */
  readonly answer: string;
  /** The last status; absent when nothing answered. */
  readonly status?: number;
  readonly requests: number;
  /** Of the slowest. */
  readonly tookMs: number;
  /** Why it is not `ok`. */
  readonly reason?: string;
}

export interface Examination {
  readonly name: string;
  readonly tool: string;
  readonly url: string;
  /** It answered at all. */
  readonly reachable: boolean;
  /** It lets us ask. */
  readonly allowed: boolean;
  /** Who answers (`MLflow 3.17.2, 12 models`), or what is wrong and the next step. */
  readonly message: string;
  /** Where the secret came from; `none` when there is none. */
  readonly credential: string;
  readonly endpoints: readonly EndpointGroup[];
  /** What of the answers was not as expected. */
  readonly problems: readonly string[];
  /** Of the server's clock against ours, in ms. */
  readonly skewMs: number;
}

export interface ExamineParts {
  readonly factory: ConnectorFactory | undefined;
  readonly secret?: Secret;
  readonly credential: string;
  readonly proxy?: ProxySettings;
  readonly log: Log;
  readonly now: () => number;
  readonly signal: AbortSignal;
}

/** Enough to see every group of endpoints on a server of any size. */
const mostRequests = 60;
const mostProblems = 20;

/** Never rejects but when aborted. */
export async function examine(config: ConnectionConfig, parts: ExamineParts): Promise<Examination> {
  const asked = new Asked(config, parts);
  const { name, tool, url } = config;
  const common = { name, tool, url, credential: parts.credential };
  let connector: LiveConnector | undefined;
  try {
    if (!parts.factory?.connect) throw new Error(`${name}: this version cannot ask ${tool}.`);
    connector = parts.factory.connect(config, asked.host);
    const message = await greeted(connector, asked);
    const problems = await scanned(connector.scan(asked.signal), asked);
    return { ...common, reachable: true, allowed: true, message, ...asked.found(), problems };
  } catch (error) {
    parts.signal.throwIfAborted();
    asked.blame(error);
    const status = error instanceof HttpError ? error.status : undefined;
    const message = error instanceof Error ? error.message : String(error);
    return { ...common, reachable: status !== undefined, allowed: false, message, ...asked.found(), problems: [] };
  } finally {
    connector?.dispose?.();
  }
}

async function greeted(connector: LiveConnector, asked: Asked): Promise<string> {
  try {
    return await connector.greet(asked.signal);
  } catch (error) {
    if (asked.isEnough) return `It answers; after ${mostRequests} requests it was not asked more.`;
    throw error;
  }
}

async function scanned(
  pages: AsyncIterable<{ readonly problems?: readonly { readonly message: string }[] }>,
  asked: Asked,
): Promise<readonly string[]> {
  const problems: string[] = [];
  try {
    for await (const page of pages) problems.push(...(page.problems ?? []).map(({ message }) => message));
  } catch (error) {
    if (!asked.isEnough) problems.push(error instanceof Error ? error.message : String(error));
  }
  return [...new Set(problems)].slice(0, mostProblems);
}

interface Heard {
  answer: string;
  status?: number;
  requests: number;
  tookMs: number;
  reason?: string;
}

/** What a connector asks, with how it was answered. */
class Asked {
  readonly host: LiveHost;
  readonly #groups = new Map<string, Heard>();
  readonly #enough = new AbortController();
  readonly #parts: ExamineParts;
  readonly #http;
  #requests = 0;
  #last: Heard | undefined;
  #skewMs = 0;

  constructor(connection: ConnectionConfig, parts: ExamineParts) {
    const { proxy, log, now, secret } = parts;
    this.#parts = parts;
    this.#http = connection.tool === 'ssh' ? noHttp : createHttp({ connection, now, ...(proxy ? { proxy } : {}) });
    const skew = (): number => this.#skewMs;
    this.host = {
      fetch: (request, signal, expected) => this.#fetch(request, signal, expected),
      secret: async () => secret,
      get skewMs() {
        return skew();
      },
      ...this.#remote(connection),
      ...this.#aws(connection),
      log,
      now,
    };
  }

  /** Of the user, or because enough was seen. */
  get signal(): AbortSignal {
    return AbortSignal.any([this.#parts.signal, this.#enough.signal]);
  }

  get isEnough(): boolean {
    return this.#enough.signal.aborted;
  }

  found(): Pick<Examination, 'endpoints' | 'skewMs'> {
    const endpoints = [...this.#groups].map(([group, heard]) => ({ group, ...heard }));
    return { endpoints, skewMs: this.#skewMs };
  }

  /** A host has no endpoints: each sort of question that its shell is asked is a group. */
  #remote(connection: ConnectionConfig): Pick<LiveHost, 'remote'> {
    const { remote } = remoteOf(connection);
    if (!remote) return {};
    return {
      remote: (command) => {
        const talk = remote(command);
        const write = (text: string): void => {
          const word = /^[a-z]{1,10}(?=\n)/.exec(text)?.[0] ?? 'greeting';
          const heard = this.#groups.get(`ssh ${word}`) ?? { answer: 'ok', requests: 0, tookMs: 0 };
          heard.requests++;
          this.#groups.set(`ssh ${word}`, heard);
          this.#last = heard;
          talk.write(text);
        };
        return { ...talk, write };
      },
    };
  }

  /** Of what was asked last, where nothing else could notice it. */
  blame(error: unknown): void {
    if (!this.#last || !(error instanceof HttpError)) return;
    this.#last.answer = error.kind;
    this.#last.reason = error.message;
  }

  /** Asked by AWS's own client; each permission that it takes is a group. */
  #aws(connection: ConnectionConfig): Pick<LiveHost, 'objects' | 'logGroups'> {
    const { proxy, now, secret } = this.#parts;
    const turn: AwsOptions['turn'] = (ask, signal, group) =>
      this.#heard(group, signal, async (heard) => {
        const answer = await ask();
        heard.status = 200;
        return answer;
      });
    const options = { connection, now, turn, secret: async () => secret, ...(proxy ? { proxy } : {}) };
    if (connection.tool === 's3' || connection.tool === 'openlineage') return { objects: createObjects(options) };
    return connection.tool === 'cloudwatch' ? { logGroups: createLogGroups(options) } : {};
  }

  #fetch(...[request, signal, expected]: Parameters<LiveHost['fetch']>): ReturnType<LiveHost['fetch']> {
    return this.#heard(groupOf(request), signal, async (heard) => {
      const sent = this.#parts.now();
      const answer = await this.#http(request, signal, expected);
      heard.status = answer.status;
      const date = Date.parse(answer.header('date') ?? '');
      if (Number.isFinite(date)) this.#skewMs = skewOf(date, sent, this.#parts.now());
      return answer;
    });
  }

  async #heard<T>(group: string, signal: AbortSignal, ask: (heard: Heard) => Promise<T>): Promise<T> {
    const known = this.#groups.get(group);
    const heard: Heard = known ?? { answer: 'ok', requests: 0, tookMs: 0 };
    if (++this.#requests > mostRequests) this.#enough.abort();
    signal.throwIfAborted();
    this.#groups.set(group, heard);
    heard.requests++;
    const began = performance.now();
    try {
      return await ask(heard);
    } catch (error) {
      if (error instanceof HttpError) {
        heard.answer = error.kind;
        heard.reason = error.message;
        if (error.status !== undefined) heard.status = error.status;
      }
      throw error;
    } finally {
      heard.tookMs = Math.max(heard.tookMs, Math.round(performance.now() - began));
    }
  }
}

/** It was said at some time between sending and receiving, and `Date` counts whole seconds. */
function skewOf(date: number, sent: number, received: number): number {
  const [earliest, latest] = [sent - 2_000, received + 1_000];
  const beyond = date < earliest ? date - earliest : date > latest ? date - latest : 0;
  return Math.round(beyond / 1000) * 1000;
}

const words = new Set(
  `api ajax-api mlflow v1 v2 2.0 3.0 auth token cli version health monitor experiments runs metrics registered-models
  model-versions logged-models artifacts search search-datasets get get-by-name get-history get-history-bulk-interval
  get-latest-versions get-artifact get-download-uri alias list workspaces mlflow-artifacts directories files accounts projects environments dags dagRuns
  taskInstances listMapped tries logs links xcomEntries dagVersions dagSources assets datasets events importErrors dagWarnings
  dagStats eventLogs pools jobs providers config details tasks v0 serve applications upstreamAssetEvents upstreamDatasetEvents externalLogUrl ~
  2.1 2.2 preview scim Me oidc unity-catalog metastore_summary catalogs schemas tables table-summaries models versions
  entity-tag-assignments tags serving-endpoints sql statements warehouses history queries result chunks cancel lineage-tracking
  table-lineage column-lineage workspace export dbfs get-status read fs get-output
  rules label __name__ values metadata targets status buildinfo query_range alerts silences
  namespaces lineage column-lineage monitor groups downtime query validate services definitions timeseries catalog entity`.split(
    /\s+/,
  ),
);

/** Names of the user's things stay out of the report. */
function groupOf({ method = 'GET', path, json }: HttpRequest): string {
  const segments = path.split('/').map((segment) => (segment === '' || words.has(segment) ? segment : '…'));
  return `${method} ${segments.join('/')}${statementWords(json)}`;
}

/** Of SQL what it is about, where that is a word of Snowflake's: all statements are asked at one path. */
function statementWords(json: object | undefined): string {
  const statement = String((json as { readonly statement?: unknown } | undefined)?.statement ?? '');
  const shown = /^(?:SHOW (?:DYNAMIC )?[A-Z]+|DESCRIBE TABLE)/.exec(statement)?.[0];
  const source =
    /\b(?:[A-Z_]+_HISTORY|OBJECT_DEPENDENCIES|GET_LINEAGE|INFORMATION_SCHEMA\.TABLES|CURRENT_ACCOUNT)\b/.exec(
      statement,
    )?.[0];
  const words = shown ?? source;
  return words === undefined ? '' : ` ${words}`;
}
