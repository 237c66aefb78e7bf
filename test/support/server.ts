// The real server for tests: over streams in this process or as a process of its own, with what it said kept.
import type { ChildProcess } from 'node:child_process';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import type {
  DocumentDiagnosticReport,
  Hover,
  Position,
  TextDocumentContentChangeEvent,
} from 'vscode-languageserver/node';
import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';
import type { IncidentsResult, InitializationOptions, StatusParams } from '../../server/protocol/lsp.ts';
import { startServer } from '../../server/server.ts';
import { type Client, memoryClient, spawnClient } from './client.ts';
import { until } from './clock.ts';

const main = path.join(import.meta.dirname, '..', '..', 'server', 'main.ts');

export interface Served {
  readonly client: Client;
  readonly statuses: readonly StatusParams[];
  /** What the server logged as errors. */
  readonly errors: readonly string[];
  /** All that it logged. */
  readonly lines: readonly string[];
  /** Absent for a server inside this process. */
  readonly process?: ChildProcess;
  start(folders: readonly string[], options?: Partial<InitializationOptions>): Promise<unknown>;
  /** Until everything has been read once: files and tools. */
  ready(): Promise<void>;
  open(file: string, text: string, languageId?: string): Promise<string>;
  change(uri: string, version: number, changes: readonly TextDocumentContentChangeEvent[]): Promise<void>;
  /** The text of the hover; empty when there is none. */
  hover(uri: string, position: Position): Promise<string>;
  diagnostics(uri: string, previousResultId?: string): Promise<DocumentDiagnosticReport>;
  /** Asked again until so many (one) say these words: on a slow machine the list may be a moment old. */
  incidents(words: string, count?: number): Promise<IncidentsResult>;
  ask<Result>(method: string, params: object): Promise<Result>;
}

export function memoryServer(): Served {
  return served(memoryClient((reader, writer) => startServer(createConnection(ProposedFeatures.all, reader, writer))));
}

export function processServer(): Served & { readonly process: ChildProcess } {
  const client = spawnClient(process.execPath, ['--disable-warning=ExperimentalWarning', main, '--stdio']);
  return { ...served(client), process: client.process };
}

/** The place one character into the first `words`, from the `from`th line on. */
export function placeOf(text: string, words: string, from = 0): Position {
  const lines = text.split('\n');
  const line = lines.findIndex((candidate, index) => index >= from && candidate.includes(words));
  if (line < 0) throw new Error(`The text has no "${words}".`);
  return { line, character: (lines[line]?.indexOf(words) ?? 0) + 1 };
}

function served(client: Client): Served {
  const { connection } = client;
  const statuses: StatusParams[] = [];
  const errors: string[] = [];
  const lines: string[] = [];
  connection.onNotification('plumbline/status', (status: StatusParams) => void statuses.push(status));
  connection.onNotification('window/logMessage', ({ type, message }: { type: number; message: string }) => {
    lines.push(message);
    if (type === 1) errors.push(message);
  });
  const ask = <Result>(method: string, params: object): Promise<Result> => connection.sendRequest(method, params);
  return {
    client,
    statuses,
    errors,
    lines,
    ask,
    start: (folders, options = {}) =>
      client.initialize(folders, { trusted: true, extensionVersion: 'test', ...options }),
    ready: () => until('a status of a server that has read everything', () => isReady(statuses), 30_000),
    async open(file, text, languageId = file.endsWith('.py') ? 'python' : 'sql') {
      const uri = pathToFileURL(file).href;
      await client.open(uri, languageId, text);
      return uri;
    },
    change: (uri, version, contentChanges) =>
      connection.sendNotification('textDocument/didChange', { textDocument: { uri, version }, contentChanges }),
    async hover(uri, position) {
      const hover = await ask<Hover | null>('textDocument/hover', { textDocument: { uri }, position });
      return hover ? JSON.stringify(hover.contents) : '';
    },
    async incidents(words, count = 1) {
      for (const end = Date.now() + 15_000; ; await pause(50)) {
        const found = await ask<IncidentsResult>('plumbline/incidents', {});
        const saying = found.filter(({ title, summary }) => `${title}: ${summary}`.includes(words));
        if (saying.length >= count) return found;
        if (Date.now() > end) throw new Error(`Not ${count} incidents say ${words}: ${JSON.stringify(found)}`);
      }
    },
    diagnostics: (uri, previousResultId) =>
      ask('textDocument/diagnostic', { textDocument: { uri }, identifier: 'plumbline', previousResultId }),
  };
}

function isReady(statuses: readonly StatusParams[]): boolean {
  const last = statuses.at(-1);
  return last?.state === 'ready' && last.sources.length > 0 && last.sources.every(({ health }) => health !== 'never');
}
