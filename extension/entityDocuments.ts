// Entity documents: read-only pages of the server's text under `plumbline:`, one per entity, comparison or report.
import * as vscode from 'vscode';
import { type PageParams, type PageResult, pageRequest } from '../server/protocol/lsp.ts';
import type { Client } from './client.ts';

export const entityScheme = 'plumbline';

/** `plumbline:/entity/<id>`; the id is the whole rest of the path. */
export function pageUri(page: PageParams): vscode.Uri {
  const subject =
    page.page === 'entity' ? page.id : page.page === 'compare' ? page.run : page.page === 'sees' ? page.uri : '';
  return vscode.Uri.from({ scheme: entityScheme, path: `/${page.page}/${subject}` });
}

function pageOf(uri: vscode.Uri): PageParams | undefined {
  const match = /^\/(entity|compare|sees|diagnostics)\/(.*)$/s.exec(uri.path);
  const subject = match?.[2] ?? '';
  switch (match?.[1]) {
    case 'entity':
      return { page: 'entity', id: subject };
    case 'compare':
      return { page: 'compare', run: subject };
    case 'sees':
      return { page: 'sees', uri: subject };
    case 'diagnostics':
      return { page: 'diagnostics' };
    default:
      return undefined;
  }
}

export function registerEntityDocuments(client: Client): vscode.Disposable {
  const changed = new vscode.EventEmitter<vscode.Uri>();
  const provider: vscode.TextDocumentContentProvider = {
    onDidChange: changed.event,
    async provideTextDocumentContent(uri, token) {
      const page = pageOf(uri);
      if (!page) return `# Not a page\n\n${uri.toString(true)} names no page of Plumbline.`;
      const result = await client.ask<PageParams, PageResult>(pageRequest, page, token);
      return result.text;
    },
  };
  const asMarkdown = (document: vscode.TextDocument): void => {
    if (document.uri.scheme === entityScheme && document.languageId !== 'markdown') {
      void vscode.languages.setTextDocumentLanguage(document, 'markdown');
    }
  };
  return vscode.Disposable.from(
    changed,
    vscode.workspace.registerTextDocumentContentProvider(entityScheme, provider),
    vscode.workspace.onDidOpenTextDocument(asMarkdown),
    client.onStatus(() => {
      for (const document of vscode.workspace.textDocuments) {
        if (document.uri.scheme === entityScheme) changed.fire(document.uri);
      }
    }),
  );
}

export async function openPage(page: PageParams): Promise<void> {
  const document = await vscode.workspace.openTextDocument(pageUri(page));
  await vscode.window.showTextDocument(document, { preview: true });
}
