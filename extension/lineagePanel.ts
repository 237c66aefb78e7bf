// Lineage panel: hosts the webview beside the source and passes messages; what is shown and opened, the webview knows.
import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import type { EntityDetails } from '../server/protocol/lineage.ts';
import type { LineageParams, LineageResult } from '../server/protocol/lsp.ts';
import type { FromPanel, PanelState, ToPanel } from '../server/protocol/panel.ts';
import type { SeriesParams, SeriesResult } from '../server/protocol/series.ts';
import { lineagePage } from './lineagePage.ts';
import { words } from './words.ts';

export interface PanelServices {
  lineage(params: LineageParams): Promise<LineageResult>;
  details(id: string): Promise<EntityDetails | undefined>;
  series(params: SeriesParams): Promise<SeriesResult>;
  openSource(id: string): unknown;
  showLogs(id: string): unknown;
  compareWithCommit(id: string): unknown;
}

const viewType = 'plumbline.lineage';

export class LineagePanel implements vscode.Disposable, vscode.WebviewPanelSerializer<PanelState> {
  readonly #extension: vscode.ExtensionContext;
  readonly #services: PanelServices;
  readonly #serializer: vscode.Disposable;
  #panel: vscode.WebviewPanel | undefined;
  #following = true;
  /** What a webview is told to show when it comes up; a hidden one hears nothing. */
  #focus: string | undefined;
  /** The newest question; older answers are dropped. */
  #asked: LineageParams | undefined;
  #revision = -1;
  readonly #drawn = new vscode.EventEmitter<void>();
  /** What `shown` says is another. */
  readonly onShown = this.#drawn.event;
  #ids: readonly string[] = [];

  private constructor(extension: vscode.ExtensionContext, services: PanelServices) {
    this.#extension = extension;
    this.#services = services;
    this.#serializer = vscode.window.registerWebviewPanelSerializer(viewType, this);
  }

  static register(extension: vscode.ExtensionContext, services: PanelServices): LineagePanel {
    return new LineagePanel(extension, services);
  }

  /** True only while a panel is open and follows the cursor. */
  get following(): boolean {
    return this.#panel !== undefined && this.#following;
  }

  /** Ids of the entities in the graph; none while the panel is closed or behind another tab. */
  get shown(): readonly string[] {
    return this.#panel?.visible ? this.#ids : [];
  }

  /** Opens the panel beside the source if `reveal`; else only an open panel changes. */
  show(id: string, { reveal }: { readonly reveal: boolean }): void {
    if (!this.#panel && !reveal) return;
    this.#focus = id;
    if (!this.#panel) {
      const column = { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true };
      this.#host(vscode.window.createWebviewPanel(viewType, words.lineage, column, { enableScripts: true }));
      return;
    }
    this.#post({ type: 'show', id });
    if (reveal) this.#panel.reveal(undefined, true);
  }

  /** Asks again when the catalog changed. */
  refresh(revision: number): void {
    if (revision === this.#revision) return;
    this.#revision = revision;
    if (this.#panel && this.#asked) void this.#ask({ ...this.#asked });
  }

  async deserializeWebviewPanel(panel: vscode.WebviewPanel): Promise<void> {
    this.#host(panel);
  }

  dispose(): void {
    this.#panel?.dispose();
    this.#serializer.dispose();
    this.#drawn.dispose();
  }

  #host(panel: vscode.WebviewPanel): void {
    const dist = vscode.Uri.joinPath(this.#extension.extensionUri, 'dist');
    this.#panel?.dispose();
    this.#panel = panel;
    panel.webview.options = { enableScripts: true, localResourceRoots: [dist] };
    const icon = (theme: string): vscode.Uri =>
      vscode.Uri.joinPath(this.#extension.extensionUri, 'extension', 'media', `panel-${theme}.svg`);
    panel.iconPath = { light: icon('light'), dark: icon('dark') };
    panel.webview.onDidReceiveMessage((message: FromPanel) => this.#receive(message));
    panel.onDidDispose(() => {
      if (this.#panel !== panel) return;
      this.#panel = undefined;
      this.#asked = undefined;
      this.#drawn.fire();
    });
    panel.onDidChangeViewState(() => this.#drawn.fire());
    const file = (name: string): string => String(panel.webview.asWebviewUri(vscode.Uri.joinPath(dist, name)));
    panel.webview.html = lineagePage({
      origin: panel.webview.cspSource,
      script: file('webview.js'),
      style: file('webview.css'),
      nonce: randomBytes(16).toString('base64'),
      title: words.lineage,
    });
  }

  #receive(message: FromPanel): unknown {
    switch (message.type) {
      case 'ready':
        return this.#ready(message.state);
      case 'ask':
        return this.#ask(message.params);
      case 'select':
        return this.#describe(message.id);
      case 'chart':
        return this.#chart(message.params);
      case 'openSource':
        return this.#services.openSource(message.id);
      case 'showLogs':
        return this.#services.showLogs(message.id);
      case 'compareWithCommit':
        return this.#services.compareWithCommit(message.id);
      case 'follow':
        this.#following = message.following;
        return undefined;
    }
  }

  #ready(state: PanelState | undefined): void {
    this.#following = state?.following ?? true;
    const id = this.#focus ?? state?.focus;
    if (id) this.#post({ type: 'show', id });
    else this.#post({ type: 'notice', title: words.noFocusTitle, advice: words.noFocusAdvice });
  }

  async #ask(params: LineageParams): Promise<void> {
    this.#focus = params.id;
    this.#asked = params;
    try {
      const graph = await this.#services.lineage(params);
      if (this.#asked !== params) return;
      if (!graph) return this.#post({ type: 'notice', title: words.noGraphTitle, advice: words.noGraphAdvice });
      const focus = graph.nodes.find((node) => node.id === graph.focus);
      if (this.#panel && focus) this.#panel.title = `${words.lineage}: ${focus.label}`;
      this.#post({ type: 'graph', graph });
      this.#ids = graph.nodes.map(({ id }) => id);
      this.#drawn.fire();
    } catch (error) {
      if (this.#asked !== params) return;
      const reason = error instanceof Error ? error.message : String(error);
      this.#post({ type: 'notice', title: words.graphFailedTitle, advice: `${reason} ${words.graphFailedAdvice}` });
    }
  }

  async #describe(id: string): Promise<void> {
    const details = await this.#services.details(id).catch(() => undefined);
    if (details) this.#post({ type: 'details', details: { ...details, id } });
  }

  async #chart(params: SeriesParams): Promise<void> {
    const answer = await this.#services.series(params).then(
      // What is undefined travels as null.
      (chart) => chart ?? ('none' as const),
      () => 'failed' as const,
    );
    this.#post({ type: 'chart', params, answer });
  }

  #post(message: ToPanel): void {
    void this.#panel?.webview.postMessage(message);
  }
}
