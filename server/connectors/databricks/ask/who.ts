// Who: which workspace and which metastore answer, by what they say of themselves.
import { workspaceInHost } from '../../../catalog/mine.ts';
import { addressOf, type ConnectionConfig } from '../../../protocol/connection.ts';
import type { LiveHost } from '../../connector.ts';
import { HttpError } from '../../httpError.ts';
import { oneLine, text } from '../../json.ts';
import type { Place } from '../ids.ts';
import type { Api } from './api.ts';

const me = '/api/2.0/preview/scim/v2/Me';

/**
 * The workspace: what the connection declares, else the id in an Azure or GCP host name, else the header
 * `X-Databricks-Org-Id` (the SDK's get_workspace_id reads it off the same answer), else the address. The metastore: what
 * `metastore_summary` says. Each is asked once.
 */
export class Who {
  readonly #connection: ConnectionConfig;
  readonly #api: Api;
  readonly #host: LiveHost;
  #workspace: string | undefined;
  #metastore: string | undefined;
  #user: string | undefined;

  constructor(connection: ConnectionConfig, api: Api, host: LiveHost) {
    this.#connection = connection;
    this.#api = api;
    this.#host = host;
    this.#workspace = connection.instance ?? workspaceInHost(new URL(connection.url).host);
  }

  /** Undefined while it was not asked. */
  get known(): readonly string[] {
    return [this.#workspace, this.#metastore].filter((one) => one !== undefined);
  }

  /** Asks again the next time. */
  forget(): void {
    this.#metastore = undefined;
    this.#user = undefined;
  }

  async place(signal: AbortSignal): Promise<Place> {
    const { name, url, environment } = this.#connection;
    this.#workspace ??= await this.#askWorkspace(signal);
    this.#metastore ??= await this.#askMetastore(this.#workspace, signal);
    return {
      workspace: this.#workspace,
      metastore: this.#metastore,
      url: url.replace(/\/+$/, ''),
      source: name,
      ...(environment === undefined ? {} : { environment }),
    };
  }

  /** Who asks; rejects when we may not ask at all. */
  async user(signal: AbortSignal): Promise<string | undefined> {
    this.#user ??= oneLine((await this.#api.get(me, [], signal)).userName, 200);
    return this.#user;
  }

  async #askWorkspace(signal: AbortSignal): Promise<string> {
    if (this.#api.workspace === undefined) await this.#forgiving(signal, () => this.user(signal));
    return this.#api.workspace ?? addressOf(this.#connection.url);
  }

  async #askMetastore(workspace: string, signal: AbortSignal): Promise<string> {
    const path = '/api/2.1/unity-catalog/metastore_summary';
    const said = await this.#forgiving(signal, () => this.#api.get(path, [], signal));
    return text(said?.metastore_id)?.slice(0, 200) ?? workspace;
  }

  /** A workspace without Unity Catalog, or one that does not tell us, is a workspace nonetheless. */
  async #forgiving<T>(signal: AbortSignal, ask: () => Promise<T>): Promise<T | undefined> {
    try {
      return await ask();
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof HttpError) || !/^(forbidden|missing|refused)$/.test(error.kind)) throw error;
      this.#host.log.debug('who answers is not told', { reason: error.message });
      return undefined;
    }
  }
}
