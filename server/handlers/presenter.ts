// Presenter: tells the editor how we are, and to ask again only when something it shows has changed.
import type { Connection } from 'vscode-languageserver/node';
import { documentDiagnostics } from '../answers.ts';
import { codeLens } from '../features/codeLens.ts';
import { type StatusParams, statusNotification } from '../protocol/lsp.ts';
import type { Session } from '../session.ts';
import type { SyncStatus } from '../sync/client.ts';
import type { Documents } from './documents.ts';

const settleMs = 100;

export interface PresenterContext {
  readonly connection: Connection;
  readonly session: Session;
  readonly documents: Documents;
}

export class Presenter {
  readonly #context: PresenterContext;
  #status: SyncStatus = { state: 'syncing', sources: [] };
  #notice: string | undefined;
  #shown = '';
  #timer: NodeJS.Timeout | undefined;

  constructor(context: PresenterContext) {
    this.#context = context;
  }

  syncStatus(status: SyncStatus): void {
    this.#status = status;
    this.changed();
  }

  notice(text: string): void {
    this.#notice = text;
    this.changed();
  }

  /** The catalog, the references, git or the configuration changed: looked at soon, once for many calls. */
  changed(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#present();
    }, settleMs);
  }

  dispose(): void {
    clearTimeout(this.#timer);
  }

  #present(): void {
    const { connection, session } = this.#context;
    const status = session.read(
      (context): StatusParams => ({
        state: this.#status.state === 'syncing' ? 'syncing' : 'ready',
        revision: context.catalog.revision,
        entities: context.catalog.size(),
        incidents: session.incidents(context).length,
        sources: this.#status.sources.map(({ name, tool, health, scannedAt, reason }) => ({
          name,
          tool,
          health,
          scannedAt,
          reason,
        })),
        notice: this.#notice ?? this.#status.trouble,
      }),
    );
    this.#notice = undefined;
    void connection.sendNotification(statusNotification, status);
    const shown = this.#digest();
    if (shown === this.#shown) return;
    this.#shown = shown;
    connection.languages.diagnostics.refresh().catch(() => undefined);
    connection.sendRequest('workspace/codeLens/refresh').catch(() => undefined);
  }

  /** What the open documents show; ages are left to the next question. */
  #digest(): string {
    const { session, documents } = this.#context;
    return session.read((context) =>
      JSON.stringify(
        documents
          .all()
          .map((document) => [
            document.uri,
            documentDiagnostics(context, document),
            codeLens(context, document).map(({ range, command }) => [
              range.start,
              command?.command,
              command?.arguments,
            ]),
          ]),
      ),
    );
  }
}
