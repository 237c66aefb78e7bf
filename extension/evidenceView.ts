// Evidence view: the chain from the symptom to the cause, each hop with reason, source and time.
import * as vscode from 'vscode';
import type { Evidence, EvidenceChain } from '../server/protocol/incident.ts';
import { age } from './age.ts';

export class EvidenceView implements vscode.TreeDataProvider<Evidence>, vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #view: vscode.TreeView<Evidence>;
  #chain: EvidenceChain | undefined;

  constructor() {
    this.#view = vscode.window.createTreeView('plumbline.evidence', { treeDataProvider: this });
  }

  show(chain: EvidenceChain): void {
    this.#chain = chain;
    this.#view.description = chain.title;
    this.#changed.fire();
  }

  /** Reveals the last hop without taking the focus from the log. */
  async reveal(): Promise<void> {
    const last = this.#chain?.evidence.at(-1);
    if (last) await this.#view.reveal(last, { select: true, focus: false });
  }

  getChildren(parent?: Evidence): Evidence[] {
    return parent ? [] : [...(this.#chain?.evidence ?? [])];
  }

  getParent(): undefined {
    return undefined;
  }

  getTreeItem(hop: Evidence): vscode.TreeItem {
    const item = new vscode.TreeItem(hop.title);
    const found = hop.status === 'found';
    const when = hop.at === undefined ? '' : ` · ${age(hop.at, Date.now())}`;
    item.description = found ? `${hop.reason} · ${hop.source}${when}` : (hop.advice ?? hop.reason);
    item.iconPath = found
      ? new vscode.ThemeIcon('arrow-down')
      : new vscode.ThemeIcon('question', new vscode.ThemeColor('list.warningForeground'));
    const advice = hop.advice ? `\nNext step: ${hop.advice}` : '';
    item.tooltip = `${hop.title}\n${hop.reason}\nSource: ${hop.source}${when}${advice}`;
    item.accessibilityInformation = {
      label: `${found ? '' : 'Missing link: '}${hop.title}. ${hop.reason}. ${hop.source}${when}.${advice}`,
    };
    const command = openHop(hop);
    if (command) item.command = command;
    return item;
  }

  dispose(): void {
    this.#view.dispose();
    this.#changed.dispose();
  }
}

function openHop(hop: Evidence): vscode.Command | undefined {
  if (hop.place) {
    const at = new vscode.Position(Math.max(0, hop.place.line - 1), 0);
    const options: vscode.TextDocumentShowOptions = { selection: new vscode.Range(at, at) };
    return { command: 'vscode.open', title: 'Open', arguments: [vscode.Uri.file(hop.place.file), options] };
  }
  if (hop.about) return { command: 'plumbline.openEntity', title: 'Open Facts', arguments: [hop.about] };
  return undefined;
}
