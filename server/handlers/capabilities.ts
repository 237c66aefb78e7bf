// Capabilities: what the server tells the editor it can do.
import { type ServerCapabilities, TextDocumentSyncKind } from 'vscode-languageserver/node';

export const capabilities: ServerCapabilities = {
  textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental, save: true },
  // All cells, those of text too: only so are they counted as the editor counts them.
  notebookDocumentSync: { notebookSelector: [{ notebook: '*' }], save: true },
  hoverProvider: true,
  definitionProvider: true,
  referencesProvider: true,
  codeLensProvider: { resolveProvider: false },
  documentLinkProvider: { resolveProvider: false },
  diagnosticProvider: { identifier: 'plumbline', interFileDependencies: true, workspaceDiagnostics: false },
  workspace: { workspaceFolders: { supported: true } },
};
