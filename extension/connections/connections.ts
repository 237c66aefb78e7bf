// Connections: what the server last said of each, asked again while someone may look; and what the user changes in them.
import * as vscode from 'vscode';
import * as protocol from '../../server/protocol/connection.ts';
import { seal } from '../../server/protocol/sealed.ts';
import type { Client } from '../client.ts';
import type { Secrets } from './secrets.ts';

/** While the window has the focus: health and counts move without the catalog changing. */
const againMs = 5_000;

export class Connections implements vscode.Disposable {
  readonly secrets: Secrets;
  readonly #client: Client;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onChange = this.#changed.event;
  readonly #parts: vscode.Disposable;
  #said = '';
  #asking = false;
  list: protocol.ConnectionsResult = [];
  /** What the user signed out of or was asked about: the view shows the key, no message asks again. */
  readonly askedFor = new Set<string>();

  constructor(client: Client, secrets: Secrets) {
    this.#client = client;
    this.secrets = secrets;
    const timer = setInterval(() => vscode.window.state.focused && void this.refresh(), againMs);
    this.#parts = vscode.Disposable.from(
      this.#changed,
      client.onStatus(() => void this.refresh()),
      secrets.onChange((name) => void this.change({ change: 'secret', name })),
      { dispose: () => clearInterval(timer) },
    );
  }

  get names(): readonly string[] {
    return this.list.map(({ name }) => name);
  }

  /** Those that connections name, sorted, each once. */
  get environments(): readonly string[] {
    return [...new Set(this.list.flatMap(({ environment }) => environment ?? []))].sort();
  }

  /** Asks for all of them; while the server is away the last answer stays. */
  async refresh(): Promise<void> {
    if (this.#asking || this.#client.state === 'starting' || this.#client.state === 'stopped') return;
    this.#asking = true;
    try {
      const list = await this.#client.ask<object, protocol.ConnectionsResult>(protocol.connectionsRequest, {});
      const said = JSON.stringify(list);
      this.list = list;
      if (said !== this.#said) this.#changed.fire();
      this.#said = said;
    } catch {
      // Shown by the status item: the server is stopping or has stopped.
    } finally {
      this.#asking = false;
    }
  }

  detect(): Promise<protocol.DetectResult> {
    return this.#client.ask<object, protocol.DetectResult>(protocol.detectRequest, {});
  }

  /** With `secret`, or else with the stored one. */
  test(
    config: protocol.ConnectionConfig,
    secret: protocol.Secret | undefined,
    token: vscode.CancellationToken,
  ): Promise<protocol.TestConnectionResult> {
    const sealed = secret && { secret: seal(secret, this.#client.sealFor) };
    const params: protocol.TestConnectionParams = { config, ...sealed };
    return this.#client.ask(protocol.testConnectionRequest, params, token);
  }

  /** Undefined: done. Else what is wrong and the next step. */
  async change(params: protocol.ChangeConnectionParams): Promise<string | undefined> {
    const result = await this.#client.ask<protocol.ChangeConnectionParams, protocol.ChangeConnectionResult>(
      protocol.changeConnectionRequest,
      params,
    );
    await this.refresh();
    return result.problem;
  }

  dispose(): void {
    this.#parts.dispose();
  }
}

/** What is configured, as far as it is known. */
export function configOf(status: protocol.ConnectionStatus): protocol.ConnectionConfig {
  const { name, tool, url, environment, paused } = status;
  return status.config ?? { name, tool, url, ...(environment && { environment }), ...(paused && { paused }) };
}
