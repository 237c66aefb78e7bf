// Connection commands: what can be done to one connection, from its row in the view or, by keys, from a list.
import * as vscode from 'vscode';
import type { ConnectionStatus } from '../../server/protocol/connection.ts';
import { type Connections, configOf } from './connections.ts';
import type { ConnectionNode, ConnectionsView } from './connectionsView.ts';
import { toolTitles } from './guided/address.ts';
import { askingKey, signIn } from './guided/signIn.ts';
import { testOnce } from './guided/testConnection.ts';
import { openConfiguration } from './openConfiguration.ts';
import { counted, lookOf, looks } from './words.ts';

export type ConnectionSubject = string | ConnectionNode | undefined;
type Handler = (status: ConnectionStatus) => Promise<unknown>;

/** By the name of the command without `plumbline.`; each is given a row, a name, or asks. */
export function connectionHandlers(
  connections: Connections,
  view: ConnectionsView,
): Readonly<Record<string, (subject: ConnectionSubject) => Promise<unknown>>> {
  const change = (change: 'pause' | 'resume' | 'syncNow', name: string) => said(connections.change({ change, name }));
  const handlers: Readonly<Record<string, Handler>> = {
    testConnection: async (status) => {
      const result = await testOnce(connections, configOf(status));
      if (!result) return;
      if (result.ok) return vscode.window.showInformationMessage(`${status.name} answers: ${result.message}`);
      const next = result.wantsSecret ? ['Sign In'] : [];
      const chosen = await vscode.window.showWarningMessage(`${status.name}: ${result.message}`, ...next);
      if (chosen) await signIn(connections, status);
    },
    syncConnection: ({ name }) => change('syncNow', name),
    pauseConnection: ({ name }) => change('pause', name),
    resumeConnection: ({ name }) => change('resume', name),
    signIn: (status) => signIn(connections, status),
    signOut: async ({ name, url }) => {
      connections.askedFor.add(askingKey({ name, url }));
      await connections.secrets.remove(name, url);
      await said(connections.change({ change: 'secret', name }));
      vscode.window.setStatusBarMessage(`The secret of ${name} is removed from VS Code's secret storage.`, 6000);
    },
    browseConnection: async ({ url }) => vscode.env.openExternal(vscode.Uri.parse(url, true)),
    editConnection: (status) => openConfiguration(status),
    removeConnection: async (status) => {
      const { name, url, entities } = status;
      const detail = `What it told of ${counted(entities, 'name', 'names')} is forgotten, and its secret with it. Nothing changes on ${url}.`;
      const chosen = await vscode.window.showWarningMessage(`Remove ${name}?`, { modal: true, detail }, 'Remove');
      if (!chosen) return;
      await said(connections.change({ change: 'remove', name }));
      await connections.secrets.remove(name, url);
    },
  };
  const withStatus = (handler: Handler) => async (subject: ConnectionSubject) => {
    const status = await statusOf(connections, subject);
    if (status) await handler(status);
  };
  return {
    ...Object.fromEntries(Object.entries(handlers).map(([name, handler]) => [name, withStatus(handler)])),
    showConnections: () => view.reveal(connections.names[0] ?? ''),
  };
}

/** What the server would not do is shown as an error by whoever runs the command. */
async function said(problem: Promise<string | undefined>): Promise<void> {
  const text = await problem;
  if (text) throw new Error(text);
}

async function statusOf(connections: Connections, subject: ConnectionSubject): Promise<ConnectionStatus | undefined> {
  await connections.refresh();
  const name = typeof subject === 'string' ? subject : subject?.kind === 'connection' ? subject.name : undefined;
  if (name !== undefined) return connections.list.find((one) => one.name === name);
  if (connections.list.length === 0) {
    const chosen = await vscode.window.showInformationMessage('There is no connection yet.', 'Add Connection');
    if (chosen) await vscode.commands.executeCommand('plumbline.addConnection');
    return undefined;
  }
  const items = connections.list.map((status) => ({
    label: status.name,
    description: `${toolTitles[status.tool]} · ${looks[lookOf(status)].words}`,
    status,
  }));
  return (await vscode.window.showQuickPick(items, { title: 'Which connection?' }))?.status;
}
