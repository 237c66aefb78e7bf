// Capabilities: what the server tells the editor it can do.
import { CodeActionKind, type ServerCapabilities, TextDocumentSyncKind } from 'vscode-languageserver/node';

export const capabilities: ServerCapabilities = {
  textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental, save: true },
  // All cells, those of text too: only so are they counted as the editor counts them.
  notebookDocumentSync: {
    notebookSelector: ['file', 'untitled'].map((scheme) => ({ notebook: { notebookType: '*', scheme } })),
    save: true,
  },
  hoverProvider: true,
  definitionProvider: true,
  referencesProvider: true,
  codeLensProvider: { resolveProvider: false },
  documentLinkProvider: { resolveProvider: false },
  diagnosticProvider: { identifier: 'plumbline', interFileDependencies: true, workspaceDiagnostics: false },
  documentHighlightProvider: true,
  documentSymbolProvider: { label: 'Plumbline' },
  workspaceSymbolProvider: true,
  completionProvider: { triggerCharacters: ['"', "'", '/', '@', '.', ':'] },
  inlayHintProvider: true,
  renameProvider: { prepareProvider: true },
  codeActionProvider: { codeActionKinds: [CodeActionKind.QuickFix, CodeActionKind.RefactorRewrite] },
  callHierarchyProvider: true,
  workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
};
