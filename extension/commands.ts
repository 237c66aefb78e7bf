// Commands: one flat list; each finds its subject, asks the server, and shows the answer.
import * as vscode from 'vscode';
import type { EvidenceChain, Incident, LinePlace } from '../server/protocol/incident.ts';
import * as protocol from '../server/protocol/lsp.ts';
import type { Client } from './client.ts';
import { compareWithCommit } from './commitDocuments.ts';
import { type ConnectionSubject, connectionHandlers } from './connections/connectionCommands.ts';
import type { Connections } from './connections/connections.ts';
import type { ConnectionsView } from './connections/connectionsView.ts';
import type { Environment } from './connections/environment.ts';
import { addConnection } from './connections/guided/addConnection.ts';
import { openPage } from './entityDocuments.ts';
import type { EvidenceView } from './evidenceView.ts';
import type { IncidentsView } from './incidentsView.ts';
import type { LineagePanel } from './lineagePanel.ts';
import type { LogDocuments } from './logDocuments.ts';
import { openSample } from './sampleCommand.ts';
import { words } from './words.ts';

export interface CommandContext {
  readonly extension: vscode.ExtensionContext;
  readonly client: Client;
  readonly logs: LogDocuments;
  readonly incidents: IncidentsView;
  readonly evidence: EvidenceView;
  readonly panel: () => LineagePanel;
  readonly connections: Connections;
  readonly connectionsView: ConnectionsView;
  readonly environment: Environment;
}

/** Entity ids come from hovers and lenses as text, from the incidents view as an incident. */
type Subject = string | Incident | undefined;

export function registerCommands(context: CommandContext): vscode.Disposable {
  const { client, logs } = context;
  const handlers: Readonly<Record<string, (subject?: Subject) => unknown>> = {
    openLineage: async (subject) => {
      const id = await entityOf(context, subject);
      if (id) context.panel().show(id, { reveal: true });
    },
    jumpToLogs: (subject) => jumpToLogs(context, subject),
    showLogs: (run) => logs.open({ run: textOf(run) }),
    compareRuns: (run) => openPage({ page: 'compare', run: textOf(run) }),
    compareWithCommit: async (subject) => {
      const id = await entityOf(context, subject, 'run');
      // Of an incident its own file is meant, not what happens to be open.
      const isOpenFile = typeof subject !== 'object';
      const uri = isOpenFile ? openFile()?.toString() : undefined;
      if (id) await compareWithCommit(client, { id, ...(uri !== undefined && { uri }) });
    },
    openEntity: async (subject) => {
      const id = await entityOf(context, subject);
      if (id) await openPage({ page: 'entity', id });
    },
    showIncidents: () => context.incidents.show(),
    refresh: () =>
      vscode.window.withProgress({ location: { viewId: 'plumbline.incidents' } }, () =>
        client.ask(protocol.syncRequest, {}),
      ),
    pauseIndexing: () => client.ask(protocol.pauseIndexingRequest, { paused: true }),
    resumeIndexing: () => client.ask(protocol.pauseIndexingRequest, { paused: false }),
    openSample: () => openSample(context.extension),
    showServerView: () => {
      const uri = vscode.window.activeTextEditor?.document.uri;
      return uri ? openPage({ page: 'sees', uri: uri.toString() }) : undefined;
    },
    copyDiagnostics: async () => {
      const page = await client.ask<protocol.PageParams, protocol.PageResult>(protocol.pageRequest, {
        page: 'diagnostics',
      });
      const versions = `Plumbline ${context.extension.extension.packageJSON.version}, VS Code ${vscode.version}, ${process.platform} ${process.arch}, Node ${process.version}`;
      await vscode.env.clipboard.writeText(`${versions}\n\n${page.text}`);
      void vscode.window.showInformationMessage(words.copied);
    },
    restart: () => client.restart(),
    showOutput: () => client.showOutput(),
    logPrevious: () => logs.move('previous'),
    logNext: () => logs.move('next'),
    logFollow: () => logs.follow(),
    logRoot: () => logs.root(),
    addConnection: async () => {
      const name = await addConnection(context.connections);
      if (name) await context.connectionsView.reveal(name);
    },
    switchEnvironment: () => context.environment.switch(),
  };
  return vscode.Disposable.from(
    ...registered<Subject>(handlers),
    ...registered<ConnectionSubject>(connectionHandlers(context.connections, context.connectionsView)),
  );
}

/** What goes wrong in a command is told to whoever ran it. */
function registered<S>(handlers: Readonly<Record<string, (subject?: S) => unknown>>): vscode.Disposable[] {
  return Object.entries(handlers).map(([name, run]) =>
    vscode.commands.registerCommand(`plumbline.${name}`, async (subject?: S) => {
      try {
        return await run(subject);
      } catch (error) {
        void vscode.window.showErrorMessage(`Plumbline: ${error instanceof Error ? error.message : String(error)}`);
      }
    }),
  );
}

/** Goes to the line of code that defines an entity; else to its facts page. */
export async function openSource(client: Client, id: string): Promise<void> {
  const places = await client.ask<protocol.IdParams, protocol.SourcePlacesResult>(protocol.sourcePlacesRequest, { id });
  const place = places.length > 1 ? await pickPlace(places) : places[0];
  if (place) await openPlace(place);
  else if (places.length === 0) {
    vscode.window.setStatusBarMessage(words.noPlace, 6000);
    await openPage({ page: 'entity', id });
  }
}

async function jumpToLogs(context: CommandContext, subject: Subject): Promise<void> {
  const id = await entityOf(context, subject, 'incident');
  if (!id) return;
  const chain = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Window, title: words.looking },
    () => context.client.ask<protocol.ExplainParams, EvidenceChain>(protocol.explainRequest, { id }),
  );
  context.evidence.show(chain);
  await vscode.commands.executeCommand('plumbline.evidence.focus', { preserveFocus: true });
  if (chain.log) {
    const { run, file, at } = chain.log;
    await context.logs.open({ run, file, at });
  } else void vscode.window.showWarningMessage(words.noLog);
  await context.evidence.reveal();
}

/** The id that was handed over, or what stands at the cursor; undefined after telling the user that nothing does. */
async function entityOf(
  context: CommandContext,
  subject: Subject,
  of: 'entity' | 'incident' | 'run' = 'entity',
): Promise<string | undefined> {
  if (typeof subject === 'string') return subject;
  if (subject) return of === 'incident' ? subject.id : of === 'run' ? (subject.run ?? subject.entity) : subject.entity;
  const editor = vscode.window.activeTextEditor;
  if (!editor) return void vscode.window.showInformationMessage(words.nothingHere);
  const found = await entityAt(context.client, editor);
  if (!found) void vscode.window.showInformationMessage(words.nothingHere);
  return found?.id;
}

export function entityAt(client: Client, editor: vscode.TextEditor): Promise<protocol.EntityAtResult> {
  const point = client.point(editor.document, editor.selection.active);
  return client.ask<protocol.TextPoint, protocol.EntityAtResult>(protocol.entityAtRequest, point);
}

/** The file of the workspace in the active editor, else the one beside the panel. */
function openFile(): vscode.Uri | undefined {
  const { activeTextEditor, visibleTextEditors } = vscode.window;
  const editors = [...(activeTextEditor ? [activeTextEditor] : []), ...visibleTextEditors];
  return editors.map(({ document }) => document.uri).find(({ scheme }) => scheme === 'file');
}

function textOf(subject: Subject): string {
  return typeof subject === 'string' ? subject : (subject?.run ?? '');
}

async function pickPlace(places: readonly LinePlace[]): Promise<LinePlace | undefined> {
  const items = places.map((place) => ({
    label: `${vscode.workspace.asRelativePath(place.file)}${place.cell === undefined ? '' : ` cell ${place.cell}`}:${place.line}`,
    place,
  }));
  return (await vscode.window.showQuickPick(items))?.place;
}

/** A notebook with one of its cells selected. */
async function openCell(file: string, cell: number): Promise<void> {
  const notebook = await vscode.workspace.openNotebookDocument(vscode.Uri.file(file));
  const range = new vscode.NotebookRange(cell, cell + 1);
  const editor = await vscode.window.showNotebookDocument(notebook, { selections: [range] });
  editor.revealRange(range, vscode.NotebookEditorRevealType.InCenter);
}

async function openPlace(place: LinePlace): Promise<void> {
  if (place.cell !== undefined) return openCell(place.file, place.cell);
  const at = new vscode.Position(Math.max(0, place.line - 1), 0);
  const column = vscode.window.visibleTextEditors.find((editor) => editor.document.uri.scheme === 'file')?.viewColumn;
  await vscode.window.showTextDocument(vscode.Uri.file(place.file), {
    selection: new vscode.Range(at, at),
    viewColumn: column ?? vscode.ViewColumn.One,
  });
}
