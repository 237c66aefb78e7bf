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
};

export class IncidentsView implements vscode.TreeDataProvider<Incident> {
  readonly #client: Client;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChangeTreeData = this.#changed.event;
  #revision = -1;

  constructor(client: Client) {
    this.#client = client;
  }

  static register(client: Client): vscode.Disposable {
    const provider = new IncidentsView(client);
    const view = vscode.window.createTreeView('plumbline.incidents', { treeDataProvider: provider });
    return vscode.Disposable.from(
      view,
      provider.#changed,
      client.onStatus(() => {
        const revision = client.status?.revision ?? -1;
        const incidents = client.status?.incidents ?? 0;
        view.badge = incidents > 0 ? { value: incidents, tooltip: words.incidents(incidents) } : undefined;
        view.message = notRead(client);
        if (client.state !== 'ready' || revision === provider.#revision) return;
        provider.#revision = revision;
        provider.#changed.fire();
      }),
    );
  }

  async getChildren(parent?: Incident): Promise<Incident[]> {
    if (parent || !this.#client.status) return [];
    return [...(await this.#client.ask<object, IncidentsResult>(incidentsRequest, {}))];
  }

  getTreeItem(incident: Incident): vscode.TreeItem {
    const item = new vscode.TreeItem(incident.title);
    item.id = incident.id;
    item.description = `${incident.summary} · ${age(incident.lastSeen, Date.now())}`;
    item.iconPath = new vscode.ThemeIcon(icons[incident.kind], new vscode.ThemeColor('list.errorForeground'));
    item.contextValue = 'plumbline.incident';
    const owner = incident.owner ? `\nOwner: ${incident.owner}` : '';
    item.tooltip = `${incident.title}\n${incident.summary}\nSince ${age(incident.since, Date.now())}${owner}`;
    item.accessibilityInformation = {
      label: `${incident.title}, ${incident.summary}, ${age(incident.lastSeen, Date.now())}${owner}`,
    };
    item.command = { command: 'plumbline.jumpToLogs', title: 'Jump to Logs', arguments: [incident.id] };
    return item;
  }
}

/** Above the list: what could not be asked, so that a short list is not taken for good news. */
function notRead(client: Client): string | undefined {
  const reasons = failingSources(client.status).map(({ name, reason }) => words.notRead(name, reason));
  return reasons.length > 0 ? reasons.join('\n') : undefined;
}
