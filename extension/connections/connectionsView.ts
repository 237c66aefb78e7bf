// Connections view: each connection with its health, and below it what is known of it; local files in a group of their own.
import * as vscode from 'vscode';
import type { ConnectionStatus } from '../../server/protocol/connection.ts';
import type { SourceStatus } from '../../server/protocol/lsp.ts';
import { age } from '../age.ts';
import type { Client } from '../client.ts';
import { words } from '../words.ts';
import type { Connections } from './connections.ts';
import { counted, inTrouble, lines, lookOf, looks, summary, told } from './words.ts';

export type ConnectionNode =
  | { readonly kind: 'connection'; readonly name: string }
  | { readonly kind: 'line'; readonly name: string; readonly at: number }
  | { readonly kind: 'local' }
  | { readonly kind: 'source'; readonly source: SourceStatus };

/** Ages grow while nothing else changes. */
const ageMs = 30_000;

const local: ConnectionNode = { kind: 'local' };

export class ConnectionsView implements vscode.TreeDataProvider<ConnectionNode>, vscode.Disposable {
  readonly #connections: Connections;
  readonly #client: Client;
  readonly #changed = new vscode.EventEmitter<ConnectionNode | ConnectionNode[] | undefined>();
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #view: vscode.TreeView<ConnectionNode>;
  readonly #parts: vscode.Disposable;
  /** The same node for the same connection, or VS Code takes each drawing for another tree. */
  readonly #nodes = new Map<string, ConnectionNode>();
  /** What each top row and the rows below it say now. */
  #said: ReadonlyMap<ConnectionNode, string> = new Map();

  constructor(client: Client, connections: Connections) {
    this.#client = client;
    this.#connections = connections;
    this.#view = vscode.window.createTreeView('plumbline.connections', { treeDataProvider: this });
    const timer = setInterval(() => this.#view.visible && this.#draw(), ageMs);
    this.#parts = vscode.Disposable.from(
      { dispose: () => clearInterval(timer) },
      this.#view,
      this.#changed,
      connections.onChange(() => this.#draw()),
      client.onStatus(() => this.#draw()),
    );
  }

  async reveal(name: string): Promise<void> {
    await vscode.commands.executeCommand('plumbline.connections.focus');
    if (this.#connections.names.includes(name))
      await this.#view.reveal(this.#node(name), { select: true, focus: true, expand: true });
  }

  getParent(node: ConnectionNode): ConnectionNode | undefined {
    if (node.kind === 'line') return this.#node(node.name);
    return node.kind === 'source' ? local : undefined;
  }

  getChildren(node?: ConnectionNode): ConnectionNode[] {
    if (!node) {
      // Nothing connected: the welcome text says what to do, and local files are in the tooltip of the status item.
      const nodes = this.#connections.list.map(({ name }) => this.#node(name));
      return nodes.length > 0 && this.#sources.length > 0 ? [...nodes, local] : nodes;
    }
    if (node.kind === 'local') return this.#sources.map((source) => ({ kind: 'source', source }));
    const status = node.kind === 'connection' ? this.#status(node.name) : undefined;
    return status ? lines(status, Date.now()).map((_, at) => ({ kind: 'line', name: status.name, at })) : [];
  }

  getTreeItem(node: ConnectionNode): vscode.TreeItem {
    switch (node.kind) {
      case 'connection': {
        const status = this.#status(node.name);
        return status ? connectionItem(status) : new vscode.TreeItem(node.name);
      }
      case 'line': {
        const status = this.#status(node.name);
        const said = status && lines(status, Date.now())[node.at];
        const item = new vscode.TreeItem(said?.text ?? '');
        item.id = `line:${node.at}:${node.name}`;
        item.tooltip = said?.text;
        if (said) item.iconPath = new vscode.ThemeIcon(said.icon);
        return item;
      }
      case 'local': {
        const item = new vscode.TreeItem('Local files', vscode.TreeItemCollapsibleState.Collapsed);
        item.id = 'local';
        item.iconPath = new vscode.ThemeIcon('folder');
        item.description = counted(this.#sources.length, 'source', 'sources');
        return item;
      }
      case 'source':
        return sourceItem(node.source);
    }
  }

  dispose(): void {
    this.#parts.dispose();
  }

  #draw(): void {
    const count = inTrouble(this.#connections.list).length;
    const tooltip = `${counted(count, 'connection needs', 'connections need')} attention`;
    this.#view.badge = count > 0 ? { value: count, tooltip } : undefined;
    const before = this.#said;
    const rows = this.getChildren();
    this.#said = new Map(rows.map((row) => [row, this.#words(row)]));
    // VS Code forgets every row when all are drawn again, and one that is being opened just then stays shut.
    const same = rows.length === before.size && [...before.keys()].every((row, index) => row === rows[index]);
    const changed = rows.filter((row) => before.get(row) !== this.#said.get(row));
    if (!same) this.#changed.fire(undefined);
    else if (changed.length > 0) this.#changed.fire(changed);
  }

  #words(row: ConnectionNode): string {
    return JSON.stringify([row, ...this.getChildren(row)].map((node) => this.getTreeItem(node)));
  }

  get #sources(): readonly SourceStatus[] {
    return this.#client.status?.sources ?? [];
  }

  #status(name: string): ConnectionStatus | undefined {
    return this.#connections.list.find((one) => one.name === name);
  }

  #node(name: string): ConnectionNode {
    const known = this.#nodes.get(name) ?? { kind: 'connection', name };
    this.#nodes.set(name, known);
    return known;
  }
}

function connectionItem(status: ConnectionStatus): vscode.TreeItem {
  const now = Date.now();
  const look = looks[lookOf(status)];
  const item = new vscode.TreeItem(status.name, vscode.TreeItemCollapsibleState.Collapsed);
  item.id = `connection:${status.name}`;
  item.description = summary(status, now);
  item.iconPath = new vscode.ThemeIcon(look.icon, look.color ? new vscode.ThemeColor(look.color) : undefined);
  item.tooltip = told(status, now);
  item.accessibilityInformation = { label: told(status, now).replaceAll('\n', ', ') };
  const credential = status.config?.credential ?? 'stored';
  item.contextValue = [
    'plumbline.connection',
    // In Restricted Mode all are paused, which resuming one does not change.
    (status.config?.paused ?? status.paused) ? 'paused' : 'running',
    credential === 'stored' ? (status.needsSecret ? 'signedOut' : 'signedIn') : 'open',
  ].join(' ');
  return item;
}

function sourceItem({ name, health, scannedAt, reason }: SourceStatus): vscode.TreeItem {
  const look = looks[health];
  const item = new vscode.TreeItem(name);
  const read = scannedAt === undefined ? look.words : `read ${age(scannedAt, Date.now())}`;
  const failed = health === 'failing' || health === 'forbidden';
  item.description = failed ? words.notRead(name, reason) : read;
  item.tooltip = [name, read, reason].filter(Boolean).join('\n');
  item.iconPath = new vscode.ThemeIcon(look.icon, look.color ? new vscode.ThemeColor(look.color) : undefined);
  item.accessibilityInformation = { label: [name, look.words, read, reason].filter(Boolean).join(', ') };
  return item;
}
