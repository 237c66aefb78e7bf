// Presenter: tells the editor how we are, and to ask again only when something it shows has changed.
import { createHash } from 'node:crypto';
import { type CancellationToken, CancellationTokenSource, type Connection } from 'vscode-languageserver/node';
import { documentDiagnosticSteps } from '../answers.ts';
import { codeLensSteps } from '../features/codeLens.ts';
import type { FeatureContext } from '../features/context.ts';
import { type StatusParams, statusNotification } from '../protocol/lsp.ts';
import type { Session } from '../session.ts';
import type { SyncStatus } from '../sync/client.ts';
import type { Documents } from './documents.ts';
import { Cancelled } from './guard.ts';
import { sweepFile } from './snapshots.ts';

const settleMs = 100;
/** Nobody types for so long; until then the editor asks anyway, for the text that changed. */
const idleMs = 700;
/** Looking at what the open documents show takes at most one part in so many of our time. */
const share = 10;

export interface PresenterContext {
  readonly connection: Connection;
  readonly session: Session;
  readonly documents: Documents;
  /** Whether files of the workspace are still being read. */
  readonly isReading: () => boolean;
}

export class Presenter {
  readonly #context: PresenterContext;
  #status: SyncStatus = { state: 'syncing', sources: [] };
  #notice: string | undefined;
  #shown = '';
  #incidents: number | undefined;
  #timer: NodeJS.Timeout | undefined;
  #lookTimer: NodeJS.Timeout | undefined;
  #lateTimer: NodeJS.Timeout | undefined;
  #sweep: CancellationTokenSource | undefined;
  #editedAt = Number.NEGATIVE_INFINITY;
  #lookedAt = Number.NEGATIVE_INFINITY;
  #lookTook = 0;
  #isDisposed = false;

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

  /** The text of an open document changed. */
  edited(): void {
    this.#editedAt = performance.now();
    this.#look();
  }

  /** The catalog, the references, git or the configuration changed: looked at soon, once for many calls. */
  changed(): void {
    if (this.#isDisposed) return;
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#present();
    }, settleMs);
  }

  /** Whatever is still under way elsewhere: nothing is read any more. */
  dispose(): void {
    this.#isDisposed = true;
    clearTimeout(this.#timer);
    clearTimeout(this.#lookTimer);
    clearTimeout(this.#lateTimer);
    this.#sweep?.cancel();
  }

  #present(): void {
    const { connection, session } = this.#context;
    const status = session.read(
      (context): StatusParams => ({
        state: this.#status.state === 'syncing' || this.#context.isReading() ? 'syncing' : 'ready',
        revision: context.catalog.revision,
        entities: context.catalog.size(),
        incidents: this.#countIncidents(context),
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
    this.#look();
    clearTimeout(this.#lateTimer);
    const due = session.incidentsDue();
    if (due > 0) this.#lateTimer = setTimeout(() => this.changed(), due);
  }

  /** While the catalog is being written the last count stands: it is taken again when the writing ends. */
  #countIncidents(context: FeatureContext): number {
    if (this.#incidents === undefined || this.#status.state !== 'syncing')
      this.#incidents = this.#context.session.incidents(context).length;
    return this.#incidents;
  }

  /** Not while somebody types, and not again at once: many changes in a row are one. */
  #look(): void {
    if (this.#isDisposed) return;
    this.#sweep?.cancel();
    clearTimeout(this.#lookTimer);
    const now = performance.now();
    const due = Math.max(this.#editedAt + idleMs, this.#lookedAt + share * this.#lookTook) - now;
    this.#lookTimer = setTimeout(() => void this.#refreshIfChanged(), Math.max(0, due));
  }

  async #refreshIfChanged(): Promise<void> {
    const { connection } = this.#context;
    const sweep = new CancellationTokenSource();
    this.#sweep = sweep;
    const started = performance.now();
    try {
      const shown = await this.#digest(sweep.token);
      if (shown === this.#shown) return;
      this.#shown = shown;
      connection.languages.diagnostics.refresh().catch(() => undefined);
      connection.sendRequest('workspace/codeLens/refresh').catch(() => undefined);
    } catch (error) {
      if (!(error instanceof Cancelled)) connection.console.error(`looking at the open files failed: ${error}`);
    } finally {
      this.#lookedAt = performance.now();
      this.#lookTook = this.#lookedAt - started;
      if (this.#sweep === sweep) this.#sweep = undefined;
    }
  }

  /** What the open documents show; ages are left to the next question. */
  async #digest(token: CancellationToken): Promise<string> {
    const { session, documents } = this.#context;
    const hash = createHash('sha1');
    const now = (): number => performance.now();
    for (const document of documents.all()) {
      const found = (c: FeatureContext) => documentDiagnosticSteps(c, document);
      const lenses = await sweepFile(session, (c) => codeLensSteps(c, document), token, now);
      const places = lenses.map(({ range, command }) => [range.start, command?.command, command?.arguments]);
      hash.update(JSON.stringify([document.uri, await sweepFile(session, found, token, now), places]));
    }
    return hash.digest('base64');
  }
}
