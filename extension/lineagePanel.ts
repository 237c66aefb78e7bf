// Lineage panel: hosts the webview beside the source: html, content security policy, messages; no graph logic.
import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import type { EntityDetails, LineageExpansion } from '../server/protocol/lineage.ts';
import type { LineageParams, LineageResult } from '../server/protocol/lsp.ts';
import type { FromPanel, PanelState, ToPanel } from '../server/protocol/panel.ts';
import { words } from './words.ts';

export interface PanelServices {
  lineage(params: LineageParams): Promise<LineageResult>;
  details(id: string): Promise<EntityDetails | undefined>;
  openSource(id: string): unknown;
  showLogs(id: string): unknown;
}

const viewType = 'plumbline.lineage';

export class LineagePanel implements vscode.Disposable, vscode.WebviewPanelSerializer<PanelState> {
  readonly #extension: vscode.ExtensionContext;
  readonly #services: PanelServices;
  readonly #parts: vscode.Disposable;
  #panel: vscode.WebviewPanel | undefined;
  #focus: string | undefined;
  #expanded: readonly LineageExpansion[] = [];
  #collapsed: readonly LineageExpansion[] = [];
  #following = true;
  #revision = -1;
  #asked = 0;

  private constructor(extension: vscode.ExtensionContext, services: PanelServices) {
    this.#extension = extension;
    this.#services = services;
    this.#parts = vscode.window.registerWebviewPanelSerializer(viewType, this);
  }

  static register(extension: vscode.ExtensionContext, services: PanelServices): LineagePanel {
    return new LineagePanel(extension, services);
  }

  /** True only while a panel is open and follows the cursor. */
  get following(): boolean {
    return this.#panel !== undefined && this.#following;
  }

  /** Opens the panel beside the source if `reveal`; else only an open panel changes. */
  show(id: string, { reveal }: { readonly reveal: boolean }): void {
    if (!this.#panel && !reveal) return;
    if (id !== this.#focus) this.#turnTo(id);
    if (this.#panel) {
      if (reveal) this.#panel.reveal(undefined, true);
      void this.#draw();
      return;
    }
    const column = { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true };
    this.#host(vscode.window.createWebviewPanel(viewType, words.lineage, column, { enableScripts: true }));
  }

  /** Draws again when the catalog changed. */
  refresh(revision: number): void {
    if (revision === this.#revision) return;
    this.#revision = revision;
    if (this.#panel) void this.#draw();
  }

  async deserializeWebviewPanel(panel: vscode.WebviewPanel, state: PanelState | undefined): Promise<void> {
    this.#restore(state);
    this.#host(panel);
  }

  dispose(): void {
    this.#panel?.dispose();
    this.#parts.dispose();
  }

  #host(panel: vscode.WebviewPanel): void {
    const dist = vscode.Uri.joinPath(this.#extension.extensionUri, 'dist');
    panel.webview.options = { enableScripts: true, localResourceRoots: [dist] };
    panel.iconPath = vscode.Uri.joinPath(this.#extension.extensionUri, 'extension', 'media', 'plumbline.svg');
    panel.webview.onDidReceiveMessage((message: FromPanel) => this.#receive(message));
    panel.onDidDispose(() => {
      if (this.#panel === panel) this.#panel = undefined;
    });
    panel.webview.html = page(panel.webview, dist);
    this.#panel = panel;
  }

  #receive(message: FromPanel): unknown {
    switch (message.type) {
      case 'ready':
        if (!this.#focus) this.#restore(message.state);
        return this.#draw();
      case 'focus':
        this.#turnTo(message.id);
        return this.#draw();
      case 'expand':
        this.#expanded = [...without(this.#expanded, message), { id: message.id, direction: message.direction }];
        this.#collapsed = without(this.#collapsed, message);
        return this.#draw();
      case 'collapse':
        this.#collapsed = [...without(this.#collapsed, message), { id: message.id, direction: message.direction }];
        this.#expanded = without(this.#expanded, message);
        return this.#draw();
      case 'select':
        return this.#describe(message.id);
      case 'openSource':
        return this.#services.openSource(message.id);
      case 'showLogs':
        return this.#services.showLogs(message.id);
      case 'follow':
        this.#following = message.following;
        return undefined;
    }
  }

  async #draw(): Promise<void> {
    const id = this.#focus;
    const asked = ++this.#asked;
    if (!id) return this.#post({ type: 'notice', title: words.noFocusTitle, advice: words.noFocusAdvice });
    this.#post({ type: 'busy', busy: true });
    try {
      const graph = await this.#services.lineage({ id, expanded: this.#expanded, collapsed: this.#collapsed });
      if (asked !== this.#asked) return;
      if (!graph) return this.#post({ type: 'notice', title: words.noGraphTitle, advice: words.noGraphAdvice });
      const focus = graph.nodes.find((node) => node.id === graph.focus);
      if (this.#panel && focus) this.#panel.title = `${words.lineage}: ${focus.label}`;
      this.#post({ type: 'graph', graph });
      await this.#describe(graph.focus);
    } catch (error) {
      if (asked !== this.#asked) return;
      const reason = error instanceof Error ? error.message : String(error);
      this.#post({ type: 'notice', title: words.graphFailedTitle, advice: `${reason} ${words.graphFailedAdvice}` });
    }
  }

  async #describe(id: string): Promise<void> {
    const details = await this.#services.details(id).catch(() => undefined);
    if (details) this.#post({ type: 'details', details: { ...details, id } });
  }

  #turnTo(id: string): void {
    this.#focus = id;
    this.#expanded = [];
    this.#collapsed = [];
  }

  #restore(state: PanelState | undefined): void {
    this.#focus = state?.focus;
    this.#expanded = state?.expanded ?? [];
    this.#collapsed = state?.collapsed ?? [];
    this.#following = state?.following ?? true;
  }

  #post(message: ToPanel): void {
    void this.#panel?.webview.postMessage(message);
  }
}

function without(list: readonly LineageExpansion[], one: LineageExpansion): LineageExpansion[] {
  return list.filter(({ id, direction }) => id !== one.id || direction !== one.direction);
}

/** Scripts only with this nonce; styles of the bundle and those that the controls make; nothing from anywhere else. */
function page(webview: vscode.Webview, dist: vscode.Uri): string {
  const nonce = randomBytes(16).toString('base64');
  const file = (name: string): string => String(webview.asWebviewUri(vscode.Uri.joinPath(dist, name)));
  const policy = `default-src 'none'; script-src 'nonce-${nonce}'; style-src ${webview.cspSource} 'unsafe-inline'; font-src ${webview.cspSource}`;
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<link rel="stylesheet" href="${file('webview.css')}">
<title>${words.lineage}</title>
</head>
<body><script nonce="${nonce}" src="${file('webview.js')}"></script></body>
</html>`;
}
