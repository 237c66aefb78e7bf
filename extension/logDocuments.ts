// Log documents: read-only windows of a run's log, with the root line marked and frames that link to local files.
import * as vscode from 'vscode';
import type { LogFrame, LogWindow } from '../server/protocol/incident.ts';
import { type LogParams, type LogResult, logRequest } from '../server/protocol/lsp.ts';
import type { Client } from './client.ts';
import { words } from './words.ts';

export const logScheme = 'plumbline-log';
const followMs = 2_000;

/** The window a document shows, and what to ask for next. */
interface Shown {
  readonly uri: vscode.Uri;
  readonly params: LogParams;
  window?: LogWindow;
  text: string;
  following?: NodeJS.Timeout;
}

export class LogDocuments
  implements vscode.TextDocumentContentProvider, vscode.DocumentLinkProvider, vscode.Disposable
{
  readonly #client: Client;
  readonly #shown = new Map<string, Shown>();
  readonly #changed = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.#changed.event;
  readonly #rootMark = vscode.window.createTextEditorDecorationType({
    isWholeLine: true,
    backgroundColor: new vscode.ThemeColor('diffEditor.removedLineBackground'),
    overviewRulerColor: new vscode.ThemeColor('editorOverviewRuler.errorForeground'),
    border: '0 0 0 3px solid',
    borderColor: new vscode.ThemeColor('editorError.foreground'),
  });
  readonly #parts: vscode.Disposable;

  constructor(client: Client) {
    this.#client = client;
    this.#parts = vscode.Disposable.from(
      this.#changed,
      this.#rootMark,
      vscode.workspace.registerTextDocumentContentProvider(logScheme, this),
      vscode.languages.registerDocumentLinkProvider({ scheme: logScheme }, this),
      vscode.workspace.onDidCloseTextDocument((document) => this.#forget(document.uri)),
    );
  }

  /** Opens the log of a run at `around` (a byte), else at its root line, else at its end. */
  async open(params: LogParams): Promise<void> {
    const result = await vscode.window.withProgress(
      { location: vscode.ProgressLocation.Window, title: words.looking },
      () => this.#client.ask<LogParams, LogResult>(logRequest, params),
    );
    if ('problem' in result) {
      void vscode.window.showErrorMessage(result.problem);
      return;
    }
    const uri = vscode.Uri.from({
      scheme: logScheme,
      // A tab shows what is after the last slash; run ids and log names have slashes of their own.
      path: `/${result.title.replaceAll('/', '∕')}`,
      query: `${params.run}\n${result.file}`,
    });
    const previous = this.#shown.get(uri.toString());
    const shown: Shown = { uri, params: { run: params.run, file: result.file }, window: result, text: result.text };
    if (previous?.following) clearInterval(previous.following);
    this.#shown.set(uri.toString(), shown);
    if (previous) this.#changed.fire(uri);
    await this.#show(shown, result.reveal);
  }

  /** A document that the editor restored after a reload is not known here: its run and file stand in the query. */
  async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    const known = this.#shown.get(uri.toString());
    if (known) return known.text;
    const [run = '', file] = uri.query.split('\n');
    const result = await this.#client.ask<LogParams, LogResult>(logRequest, { run, file });
    if ('problem' in result) return result.problem;
    this.#shown.set(uri.toString(), { uri, params: { run, file: result.file }, window: result, text: result.text });
    return result.text;
  }

  provideDocumentLinks(document: vscode.TextDocument): vscode.DocumentLink[] {
    const frames = this.#shown.get(document.uri.toString())?.window?.frames ?? [];
    return frames.flatMap((frame) => frameLink(document, frame));
  }

  async move(direction: 'previous' | 'next'): Promise<void> {
    const window = this.#active()?.window;
    if (!window) return;
    if (direction === 'previous' && window.from === 0)
      return void vscode.window.setStatusBarMessage(words.atStart, 4000);
    if (direction === 'next' && window.to >= window.size)
      return void vscode.window.setStatusBarMessage(words.atEnd, 4000);
    const half = Math.floor((window.to - window.from) / 2);
    const around = direction === 'previous' ? Math.max(0, window.from - half) : window.to + half;
    await this.open({ run: window.run, file: window.file, around });
  }

  async root(): Promise<void> {
    const shown = this.#active();
    if (shown?.window) await this.open({ run: shown.window.run, file: shown.window.file });
  }

  /** Toggles: shows the end of the log and asks for more every two seconds. */
  async follow(): Promise<void> {
    const shown = this.#active();
    const window = shown?.window;
    if (!shown || !window) return;
    if (shown.following) {
      clearInterval(shown.following);
      shown.following = undefined;
      vscode.window.setStatusBarMessage(words.followStopped, 4000);
      return;
    }
    await this.#tail(shown);
    shown.following = setInterval(() => void this.#tail(shown), followMs);
    vscode.window.setStatusBarMessage(words.followed, 4000);
  }

  async #tail(shown: Shown): Promise<void> {
    const params: LogParams = { ...shown.params, around: Number.MAX_SAFE_INTEGER };
    const result = await this.#client.ask<LogParams, LogResult>(logRequest, params).catch(() => undefined);
    if (!result || 'problem' in result || result.text === shown.text) return;
    shown.window = result;
    shown.text = result.text;
    this.#changed.fire(shown.uri);
    const lines = result.text.split('\n').length;
    const editor = vscode.window.visibleTextEditors.find((one) => one.document.uri.toString() === shown.uri.toString());
    editor?.revealRange(new vscode.Range(lines, 0, lines, 0));
  }

  async #show(shown: Shown, reveal: number | undefined): Promise<void> {
    const document = await vscode.workspace.openTextDocument(shown.uri);
    const editor = await vscode.window.showTextDocument(document, { preview: true });
    if (reveal === undefined) {
      editor.setDecorations(this.#rootMark, []);
      return;
    }
    const line = document.lineAt(Math.min(reveal, document.lineCount - 1));
    editor.selection = new vscode.Selection(line.range.start, line.range.start);
    editor.revealRange(line.range, vscode.TextEditorRevealType.InCenter);
    editor.setDecorations(this.#rootMark, [line.range]);
  }

  #active(): Shown | undefined {
    const uri = vscode.window.activeTextEditor?.document.uri;
    return uri ? this.#shown.get(uri.toString()) : undefined;
  }

  #forget(uri: vscode.Uri): void {
    const shown = this.#shown.get(uri.toString());
    if (shown?.following) clearInterval(shown.following);
    this.#shown.delete(uri.toString());
  }

  dispose(): void {
    for (const shown of this.#shown.values()) if (shown.following) clearInterval(shown.following);
    this.#parts.dispose();
  }
}

function frameLink(document: vscode.TextDocument, frame: LogFrame): vscode.DocumentLink[] {
  if (!frame.local || frame.logLine < 1 || frame.logLine > document.lineCount) return [];
  const text = document.lineAt(frame.logLine - 1).text;
  const from = text.indexOf(frame.file);
  const range =
    from < 0
      ? document.lineAt(frame.logLine - 1).range
      : new vscode.Range(frame.logLine - 1, from, frame.logLine - 1, from + frame.file.length);
  const link = new vscode.DocumentLink(
    range,
    vscode.Uri.file(frame.local.file).with({ fragment: `L${frame.local.line}` }),
  );
  link.tooltip = frame.moved ?? words.frameTooltip;
  return [link];
}
