// A small LSP client for tests: over a child process's stdio, or over two in-memory streams.
import { type ChildProcess, spawn } from 'node:child_process';
import { PassThrough } from 'node:stream';
import { pathToFileURL } from 'node:url';
import {
  createProtocolConnection,
  type InitializeParams,
  type ProtocolConnection,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver-protocol/node';

export interface Client {
  readonly connection: ProtocolConnection;
  /** initialize and initialized; resolves with the server's answer. */
  initialize(folders: readonly string[], options: object): Promise<unknown>;
  open(uri: string, languageId: string, text: string): Promise<void>;
  /** Sends shutdown and, to a process, exit, and frees it; once. */
  close(): Promise<void>;
}

export const capabilities: InitializeParams['capabilities'] = {
  workspace: {
    workspaceFolders: true,
    configuration: true,
    codeLens: { refreshSupport: true },
    diagnostics: { refreshSupport: true },
  },
  textDocument: {
    hover: { contentFormat: ['markdown'] },
    synchronization: { dynamicRegistration: false },
    diagnostic: {},
  },
};

/** `isProcess`: the server may end itself at `exit`, and watches that we are alive. */
function client(connection: ProtocolConnection, isProcess: boolean, end: () => void): Client {
  connection.onRequest('workspace/configuration', (params: { items: readonly unknown[] }) =>
    params.items.map(() => null),
  );
  for (const method of [
    'workspace/codeLens/refresh',
    'workspace/diagnostic/refresh',
    'client/registerCapability',
    'window/workDoneProgress/create',
  ]) {
    connection.onRequest(method, () => null);
  }
  connection.listen();
  let closed = false;
  return {
    connection,
    async initialize(folders, initializationOptions) {
      const workspaceFolders = folders.map((folder) => ({ uri: pathToFileURL(folder).href, name: folder }));
      const processId = isProcess ? process.pid : null;
      const params = { processId, rootUri: null, capabilities, workspaceFolders, initializationOptions };
      const result = await connection.sendRequest('initialize', params);
      await connection.sendNotification('initialized', {});
      return result;
    },
    open: (uri, languageId, text) =>
      connection.sendNotification('textDocument/didOpen', { textDocument: { uri, languageId, version: 1, text } }),
    async close() {
      if (closed) return;
      closed = true;
      await connection.sendRequest('shutdown').catch(() => undefined);
      if (isProcess) await connection.sendNotification('exit').catch(() => undefined);
      connection.dispose();
      end();
    },
  };
}

/** A server in a process of its own, spoken to over stdio. Its stderr goes to ours. */
export function spawnClient(command: string, args: readonly string[]): Client & { readonly process: ChildProcess } {
  const child = spawn(command, [...args], { stdio: ['pipe', 'pipe', 'inherit'] });
  const connection = createProtocolConnection(
    new StreamMessageReader(child.stdout),
    new StreamMessageWriter(child.stdin),
  );
  return { ...client(connection, true, () => child.kill()), process: child };
}

/** Both ends of a connection inside this process; `serve` gets the server's reader and writer. */
export function memoryClient(serve: (reader: StreamMessageReader, writer: StreamMessageWriter) => void): Client {
  const toServer = new PassThrough();
  const toClient = new PassThrough();
  serve(new StreamMessageReader(toServer), new StreamMessageWriter(toClient));
  const connection = createProtocolConnection(new StreamMessageReader(toClient), new StreamMessageWriter(toServer));
  return client(connection, false, () => {
    toServer.end();
    toClient.end();
  });
}
