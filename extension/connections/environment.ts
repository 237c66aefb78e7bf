// Environment: which of dev, staging, prod … this workspace looks at; chosen in the status bar, remembered per workspace.
import * as vscode from 'vscode';
import { type EnvironmentParams, environmentRequest } from '../../server/protocol/connection.ts';
import type { Client } from '../client.ts';
import type { Connections } from './connections.ts';

const stateKey = 'plumbline.environment';

export class Environment implements vscode.Disposable {
  readonly #state: vscode.Memento;
  readonly #client: Client;
  readonly #connections: Connections;
  readonly #item = vscode.window.createStatusBarItem('plumbline.environment', vscode.StatusBarAlignment.Right, 9);
  readonly #parts: vscode.Disposable;

  constructor(state: vscode.Memento, client: Client, connections: Connections) {
    this.#state = state;
    this.#client = client;
    this.#connections = connections;
    this.#item.name = 'Plumbline Environment';
    this.#item.command = 'plumbline.switchEnvironment';
    this.#parts = vscode.Disposable.from(
      this.#item,
      connections.onChange(() => this.#draw()),
      client.onStarted(() => void this.#tell()),
    );
    this.#draw();
  }

  /** Undefined: all. */
  get chosen(): string | undefined {
    return this.#state.get<string>(stateKey);
  }

  async switch(): Promise<void> {
    const { environments, list } = this.#connections;
    const known = [...new Set([...environments, ...(this.chosen ? [this.chosen] : [])])];
    const items = [undefined, ...known].map((name) => ({
      label: name ?? '$(globe) All environments',
      description: [
        ...(name === this.chosen ? ['chosen'] : []),
        ...(name ? [namesIn(name, list)] : ['names are looked for everywhere']),
      ].join(' · '),
      name,
    }));
    const placeHolder =
      known.length > 0
        ? 'In which environment shall names be looked for?'
        : 'No connection names an environment yet. Edit one, or add one, to have a choice.';
    const picked = await vscode.window.showQuickPick(items, { placeHolder });
    if (!picked) return;
    await this.#state.update(stateKey, picked.name);
    this.#draw();
    await this.#tell();
  }

  dispose(): void {
    this.#parts.dispose();
  }

  #draw(): void {
    const { environments } = this.#connections;
    const chosen = this.chosen;
    if (environments.length === 0 && !chosen) {
      this.#item.hide();
      return;
    }
    this.#item.text = `$(layers) ${chosen ?? 'All'}`;
    this.#item.tooltip = chosen
      ? `Plumbline looks for names in the environment ${chosen} first. Click to switch.`
      : 'Plumbline looks for names in all environments. Click to choose one.';
    this.#item.accessibilityInformation = { label: `Plumbline environment: ${chosen ?? 'all'}`, role: 'button' };
    this.#item.show();
  }

  async #tell(): Promise<void> {
    const params: EnvironmentParams = this.chosen === undefined ? {} : { environment: this.chosen };
    await this.#client.ask(environmentRequest, params).catch(() => undefined);
  }
}

function namesIn(environment: string, list: Connections['list']): string {
  const names = list.filter((one) => one.environment === environment).map(({ name }) => name);
  return names.length > 0 ? names.join(', ') : 'no connection names it now';
}
