// Notifications: what the editor tells us unasked: texts, files, settings.
import path from 'node:path';
import { type Connection, DidChangeWorkspaceFoldersNotification } from 'vscode-languageserver/node';
import { pathOf } from '../context.ts';
import type { Indexer } from '../references/indexing/indexer.ts';
import type { Session } from '../session.ts';
import type { Sync } from '../sync/here.ts';
import type { Documents } from './documents.ts';

export interface NotificationContext {
  readonly connection: Connection;
  readonly session: Session;
  readonly documents: Documents;
  readonly indexer: Indexer;
  readonly sync: Sync;
  /** What the folders say of themselves may be other than before. */
  readonly loadFolders: () => void;
  /** The text of an open document changed. */
  readonly edited: () => void;
  readonly settingsChanged: () => void;
  /** Absolute paths of the workspace folders, as they are now. */
  readonly foldersChanged: (folders: readonly string[]) => void;
}

export function routeNotifications(context: NotificationContext): void {
  const { connection, session, documents, indexer, sync, loadFolders, edited, settingsChanged } = context;
  connection.onNotification(DidChangeWorkspaceFoldersNotification.type, ({ event: { added, removed } }) => {
    const gone = new Set(removed.map(({ uri }) => pathOf(uri)));
    const stay = session.folders.roots.filter((root) => !gone.has(root));
    const come = added.flatMap(({ uri }) => pathOf(uri) ?? []);
    context.foldersChanged([...new Set([...stay, ...come])]);
  });
  documents.onDidChangeContent(({ document }) => {
    indexer.opened(document);
    edited();
  });
  documents.onDidClose(({ document }) => indexer.closed(document.uri));
  documents.onDidSave(({ document }) => {
    const file = pathOf(document.uri);
    if (file) session.git.forget(file);
  });
  connection.onDidChangeWatchedFiles(({ changes }) => {
    const files = changes.flatMap(({ uri }) => pathOf(uri) ?? []);
    indexer.changedOnDisk(files);
    sync.poke(files);
    const named = (name: string): boolean => files.some((file) => path.basename(file) === name);
    if (named('plumbline.yaml') || named('CODEOWNERS')) loadFolders();
  });
  connection.onDidChangeConfiguration(settingsChanged);
}
