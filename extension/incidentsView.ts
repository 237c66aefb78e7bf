// Incidents view: what is failing, who owns it, since when; each item opens its evidence.
import * as vscode from 'vscode';
import type { Incident, IncidentKind } from '../server/protocol/incident.ts';
import { type IncidentsResult, incidentsRequest } from '../server/protocol/lsp.ts';
import { age } from './age.ts';
import { type Client, failingSources } from './client.ts';
import { words } from './words.ts';

const icons: Record<IncidentKind, string> = {
  failedRun: 'error',
  failedTest: 'beaker-stop',
  staleTable: 'watch',
  missedRun: 'debug-disconnect',
  metricRule: 'graph-line',
  alert: 'bell',
};

/** How long VS Code takes to draw the view for the first time; it does not tell when it has. */
const drawMs = 500;

export class IncidentsView implements vscode.TreeDataProvider<Incident>, vscode.Disposable {
  readonly #client: Client;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #view: vscode.TreeView<Incident>;
  readonly #parts: vscode.Disposable;
  #revision = -1;
  #drawn = false;

  constructor(client: Client) {
    this.#client = client;
    this.#view = vscode.window.createTreeView('plumbline.incidents', { treeDataProvider: this });
    this.#parts = vscode.Disposable.from(
      this.#view,
      this.#changed,
      client.onStatus(() => this.#draw()),
    );
  }

  /** Opens the view with the focus on its first incident. A list that is still being drawn does not take the focus. */
  async show(): Promise<void> {
    await vscode.commands.executeCommand('plumbline.incidents.focus');
    const [first] = await this.getChildren();
    if (!first) return;
    if (!this.#drawn) await new Promise((resolve) => setTimeout(resolve, drawMs));
    this.#drawn = true;
    await this.#view.reveal(first, { focus: true, select: true });
  }

  dispose(): void {
    this.#parts.dispose();
  }

  #draw(): void {
    const { status, state } = this.#client;
    const revision = status?.revision ?? -1;
    const incidents = status?.incidents ?? 0;
    this.#view.badge = incidents > 0 ? { value: incidents, tooltip: words.incidents(incidents) } : undefined;
    this.#view.message = notRead(this.#client);
    if (state !== 'ready' || revision === this.#revision) return;
    this.#revision = revision;
    this.#changed.fire();
  }

  /** A flat list; asked for by `reveal`. */
  getParent(): undefined {
    return undefined;
  }

  async getChildren(parent?: Incident): Promise<Incident[]> {
    if (parent || !this.#client.status) return [];
    return [...(await this.#client.ask<object, IncidentsResult>(incidentsRequest, {}))];
  }

  getTreeItem(incident: Incident): vscode.TreeItem {
    const item = new vscode.TreeItem(incident.title);
    item.id = incident.id;
    item.description = `${incident.summary.replace(/\.$/, '')} · ${age(incident.lastSeen, Date.now())}`;
    item.iconPath = new vscode.ThemeIcon(icons[incident.kind], new vscode.ThemeColor('list.errorForeground'));
    item.contextValue = 'plumbline.incident';
    const owner = incident.owner ? `\nOwner: ${incident.owner}` : '';
    item.tooltip = `${incident.title}\n${incident.summary}\nSince ${age(incident.since, Date.now())}${owner}`;
    item.accessibilityInformation = {
      label: `${incident.title}, ${incident.summary.replace(/\.$/, '')}, ${age(incident.lastSeen, Date.now())}${owner}`,
    };
    item.command = { command: 'plumbline.jumpToLogs', title: 'Jump to Logs', arguments: [incident.id] };
    return item;
  }
}

/** Above the list: what could not be asked, so that a short list is not taken for good news. */
function notRead(client: Client): string | undefined {
  const failing = failingSources(client.status);
  const [only] = failing;
  if (only && failing.length === 1) return words.notRead(only.name, only.reason);
  return only && words.someNotRead(failing.map(({ name }) => name));
}
