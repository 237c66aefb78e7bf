// Status item: whether the server is up, what it knows, and the way back when it stopped.
import * as vscode from 'vscode';
import type * as protocol from '../server/protocol/lsp.ts';
import { age } from './age.ts';
import { type Client, failingSources } from './client.ts';
import type { Connections } from './connections/connections.ts';
import { inTrouble, shortly } from './connections/words.ts';
import { words } from './words.ts';

export function statusItem(client: Client, connections: Connections): vscode.Disposable {
  const item = vscode.window.createStatusBarItem('plumbline.status', vscode.StatusBarAlignment.Right, 10);
  item.name = 'Plumbline';
  const draw = (): void => {
    const status = client.status;
    void vscode.commands.executeCommand(
      'setContext',
      'plumbline.state',
      client.state === 'syncing' ? 'ready' : client.state,
    );
    void vscode.commands.executeCommand('setContext', 'plumbline.sources', status?.sources.length ?? 0);
    void vscode.commands.executeCommand('setContext', 'plumbline.connectionCount', connections.list.length);
    item.backgroundColor = undefined;
    item.command = 'plumbline.showIncidents';
    if (client.state === 'stopped') {
      item.text = '$(error) Plumbline stopped';
      item.tooltip = `${words.serverStopped} ${words.restart}.`;
      item.command = 'plumbline.restart';
      item.backgroundColor = new vscode.ThemeColor('statusBarItem.errorBackground');
    } else if (client.state === 'starting' || !status) {
      item.text = '$(loading~spin) Plumbline';
      item.tooltip = words.reading;
    } else {
      const failing = failingSources(status);
      const troubled = inTrouble(connections.list);
      const calm = failing.length + troubled.length > 0 ? '$(warning)' : '$(type-hierarchy)';
      const icon = client.state === 'syncing' ? '$(sync~spin)' : calm;
      item.text = `${icon} Plumbline${status.incidents > 0 ? ` $(flame) ${status.incidents}` : ''}`;
      item.tooltip = tooltip(client, connections, status.sources);
      const troubles = [
        ...failing.map(({ name, reason }) => words.notRead(name, reason)),
        ...troubled.map((one) => shortly(one, Date.now())),
      ];
      item.accessibilityInformation = {
        label: [words.ready(status.entities, status.incidents), ...troubles].join('. '),
      };
    }
    item.show();
  };
  draw();
  return vscode.Disposable.from(item, client.onStatus(draw), connections.onChange(draw));
}

function tooltip(
  client: Client,
  connections: Connections,
  sources: NonNullable<Client['status']>['sources'],
): vscode.MarkdownString {
  const text = new vscode.MarkdownString();
  text.appendText(words.ready(client.status?.entities ?? 0, client.status?.incidents ?? 0));
  const told = [...connections.list.map((one) => shortly(one, Date.now())), ...sources.map(sourceLine)];
  for (const line of told) {
    text.appendMarkdown('\n\n');
    text.appendText(line);
  }
  return text;
}

function sourceLine({ name, health, scannedAt, reason }: protocol.StatusParams['sources'][number]): string {
  const read = scannedAt === undefined ? undefined : `read ${age(scannedAt, Date.now())}`;
  if (health === 'failing' || health === 'forbidden')
    return `${words.notRead(name, reason)}${read ? ` What is shown of it was ${read}.` : ''}`;
  return `${name}: ${read ?? 'not read yet'}${reason ? `. ${reason}` : ''}`;
}
