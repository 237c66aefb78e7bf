// Attention: tells the server whether this window has the focus and what of the catalog is on its screen.
import * as vscode from 'vscode';
import { type AttentionParams, attentionNotification } from '../../server/protocol/connection.ts';
import type { Client } from '../client.ts';

const settleMs = 300;
const most = 100;

export interface Screen {
  /** Ids the lineage panel shows; none while it is closed. */
  panel(): readonly string[];
  readonly onPanelChange: vscode.Event<void>;
  /** What stands at the cursor of an editor; undefined: nothing. */
  entityAt(editor: vscode.TextEditor): Promise<string | undefined>;
}

export function attention(client: Client, screen: Screen): vscode.Disposable {
  let timer: NodeJS.Timeout | undefined;
  let said = '';
  const tell = async (again: boolean): Promise<void> => {
    if (client.state === 'starting' || client.state === 'stopped') return;
    const editors = vscode.window.visibleTextEditors.filter(({ document }) =>
      ['python', 'sql', 'jinja-sql'].includes(document.languageId),
    );
    const atCursors = await Promise.all(editors.map((editor) => screen.entityAt(editor).catch(() => undefined)));
    // `code:` ids are names that no tool knows: there is nothing to ask for.
    const ids = [...new Set([...atCursors, ...screen.panel()])].filter((id) => id && !id.startsWith('code:'));
    const params: AttentionParams = {
      focused: vscode.window.state.focused,
      ids: ids.flatMap((id) => id ?? []).slice(0, most),
    };
    const text = JSON.stringify(params);
    if (text === said && !again) return;
    said = text;
    await client.notify(attentionNotification, params);
  };
  const soon = (): void => {
    if (timer) clearTimeout(timer);
    timer = setTimeout(() => void tell(false), settleMs);
  };
  return vscode.Disposable.from(
    client.onStarted(() => void tell(true)),
    vscode.window.onDidChangeWindowState(soon),
    vscode.window.onDidChangeVisibleTextEditors(soon),
    vscode.window.onDidChangeTextEditorSelection(soon),
    screen.onPanelChange(soon),
    { dispose: () => timer && clearTimeout(timer) },
  );
}
