// Extension: the composition root of the VS Code client.
import * as vscode from 'vscode';
import * as protocol from '../server/protocol/lsp.ts';
import { Client } from './client.ts';
import { entityAt, openSource, registerCommands } from './commands.ts';
import { compareWithCommit, registerCommitDocuments } from './commitDocuments.ts';
import { attention } from './connections/attention.ts';
import { Connections } from './connections/connections.ts';
import { ConnectionsView } from './connections/connectionsView.ts';
import { Environment } from './connections/environment.ts';
import { askForSignIn } from './connections/guided/signIn.ts';
import { followProxySettings } from './connections/proxySettings.ts';
import { Secrets } from './connections/secrets.ts';
import { registerEntityDocuments } from './entityDocuments.ts';
import { EvidenceView } from './evidenceView.ts';
import { IncidentsView } from './incidentsView.ts';
import { LineagePanel } from './lineagePanel.ts';
import { LogDocuments } from './logDocuments.ts';
import { statusItem } from './statusItem.ts';

const followDelayMs = 200;

/** What tests in VS Code may ask of the activated extension. */
export interface PlumblineApi {
  readonly state: () => string;
}

let running: Client | undefined;

export function activate(extension: vscode.ExtensionContext): PlumblineApi {
  const secrets = new Secrets(extension);
  const client = new Client(extension, (params) => secrets.answer(params));
  running = client;
  const logs = new LogDocuments(client);
  const evidence = new EvidenceView();
  const incidents = new IncidentsView(client);
  const panel = LineagePanel.register(extension, {
    lineage: (params) => client.ask(protocol.lineageRequest, params),
    details: (id) => client.ask(protocol.detailsRequest, { id }),
    series: (params) => client.ask(protocol.seriesRequest, params),
    openSource: (id) => openSource(client, id),
    compareWithCommit: (id) => compareWithCommit(client, { id }),
    showLogs: (id) => vscode.commands.executeCommand('plumbline.jumpToLogs', id),
  });
  const connections = new Connections(client, secrets);
  const connectionsView = new ConnectionsView(client, connections);
  const environment = new Environment(extension.workspaceState, client, connections);
  extension.subscriptions.push(
    logs,
    evidence,
    panel,
    registerEntityDocuments(client),
    registerCommitDocuments(client),
    incidents,
    connections,
    connectionsView,
    environment,
    askForSignIn(connections),
    followProxySettings(client),
    attention(client, {
      panel: () => panel.shown,
      onPanelChange: panel.onShown,
      entityAt: async (editor) => (await entityAt(client, editor))?.id,
    }),
    statusItem(client, connections),
    registerCommands({
      ...{ extension, client, logs, incidents, evidence, panel: () => panel },
      ...{ connections, connectionsView, environment },
    }),
    followCursor(client, panel),
    client.onStatus(() => panel.refresh(client.status?.revision ?? 0)),
    vscode.workspace.onDidGrantWorkspaceTrust(() => client.restart()),
  );
  void client.start();
  return { state: () => client.state };
}

export function deactivate(): Promise<void> | undefined {
  return running?.stop();
}

/** While the panel follows, it shows what the cursor rests on. */
function followCursor(client: Client, panel: LineagePanel): vscode.Disposable {
  let timer: NodeJS.Timeout | undefined;
  const subscription = vscode.window.onDidChangeTextEditorSelection(({ textEditor }) => {
    if (timer) clearTimeout(timer);
    if (!panel.following || textEditor.document.uri.scheme !== 'file') return;
    timer = setTimeout(async () => {
      const found = await entityAt(client, textEditor).catch(() => undefined);
      if (found && panel.following) panel.show(found.id, { reveal: false });
    }, followDelayMs);
  });
  return vscode.Disposable.from(subscription, { dispose: () => timer && clearTimeout(timer) });
}
