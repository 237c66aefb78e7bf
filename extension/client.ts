// Client: starts the language server, says how it is, and asks it the questions beyond LSP.
import * as path from 'node:path';
import * as vscode from 'vscode';
import {
  CloseAction,
  type CloseHandlerResult,
  ErrorAction,
  LanguageClient,
  type LanguageClientOptions,
  type ServerOptions,
  State,
  TransportKind,
} from 'vscode-languageclient/node';
import { type SecretParams, type SecretResult, secretRequest } from '../server/protocol/connection.ts';
import * as protocol from '../server/protocol/lsp.ts';
import { serverFlags } from '../server/protocol/serverProcess.ts';
import { proxySettings } from './connections/proxySettings.ts';

const restartLimit = 4;
const restartWindowMs = 180_000;

/** The editor's ids of what `server/syntax/languages.ts` reads. */
const readLanguages = [
  'python',
  'sql',
  'jinja-sql',
  'sql-jinja',
  'dbt-sql',
  'snowflake-sql',
  'yaml',
  'jinja-yaml',
  'dockercompose',
  'github-actions-workflow',
  'json',
  'jsonc',
  'terraform',
  'hcl',
  'opentofu',
  'shellscript',
  'makefile',
  'dockerfile',
  'dotenv',
];

/** Names of files that are read whatever the editor calls them: without their own extensions many are plain text to it. */
const readNames = [
  ...[
    'py',
    'pyi',
    'sql',
    'yml',
    'yaml',
    'json',
    'tf',
    'tofu',
    'tfvars',
    'sh',
    'bash',
    'zsh',
    'mk',
    'dockerfile',
    'env',
  ].map((ending) => `*.${ending}`),
  ...['Makefile', 'makefile', 'GNUmakefile', 'Dockerfile', 'Dockerfile.*', 'Containerfile', '.env', '.env.*'],
  ...['plumbline.yaml', 'MLproject'],
];

export type ServerState = 'starting' | 'syncing' | 'ready' | 'stopped';

/** Those that could not be read when they were asked last. */
export function failingSources(status: protocol.StatusParams | undefined): protocol.StatusParams['sources'] {
  return (status?.sources ?? []).filter(({ health }) => health === 'failing' || health === 'forbidden');
}

/** One running server and its last word about itself. */
export class Client {
  readonly #client: LanguageClient;
  readonly #status = new vscode.EventEmitter<void>();
  readonly onStatus = this.#status.event;
  readonly #started = new vscode.EventEmitter<void>();
  /** Each time a server is up and can be told things anew. */
  readonly onStarted = this.#started.event;
  #crashes: number[] = [];
  state: ServerState = 'starting';
  status: protocol.StatusParams | undefined;

  /** `secret` answers what the server asks when a connection needs it. */
  constructor(context: vscode.ExtensionContext, secret: (params: SecretParams) => Promise<SecretResult>) {
    this.#client = new LanguageClient('plumbline', 'Plumbline', serverOptions(context), this.#options(context));
    this.#client.onNotification(protocol.statusNotification, (status: protocol.StatusParams) => {
      this.status = status;
      this.#set(status.state);
      if (status.notice) void vscode.window.showInformationMessage(status.notice);
    });
    this.#client.onDidChangeState(({ newState }) => {
      if (newState === State.Starting) this.#set('starting');
      if (newState === State.Running) this.#started.fire();
    });
    this.#client.onRequest(secretRequest, secret);
  }

  start(): Promise<void> {
    return this.#client.start();
  }

  stop(): Promise<void> {
    return this.#client.stop().catch(() => undefined);
  }

  async restart(): Promise<void> {
    this.#crashes = [];
    this.#set('starting');
    // One that died while it started refuses to be stopped, and can be started all the same.
    await this.#client.stop().catch(() => undefined);
    await this.#client.start();
  }

  showOutput(): void {
    this.#client.outputChannel.show(true);
  }

  /** Rejects while the server is not running. */
  ask<Params, Result>(method: string, params: Params, token?: vscode.CancellationToken): Promise<Result> {
    // An absent token must not be passed: it would travel as a second parameter.
    return token
      ? this.#client.sendRequest<Result>(method, params, token)
      : this.#client.sendRequest<Result>(method, params);
  }

  /** Nothing happens while the server is not running. */
  async notify<Params>(method: string, params: Params): Promise<void> {
    if (this.#client.state === State.Running) await this.#client.sendNotification(method, params);
  }

  /** The key of the running server that secrets are sealed for. */
  get sealFor(): string {
    const { sealFor } = this.#client.initializeResult?.capabilities.experimental ?? {};
    if (typeof sealFor !== 'string') throw new Error('The Plumbline server is not running yet; try again in a moment.');
    return sealFor;
  }

  /** Where an editor position is, in the server's words. */
  point(document: vscode.TextDocument, position: vscode.Position): protocol.TextPoint {
    return {
      uri: this.#client.code2ProtocolConverter.asUri(document.uri),
      line: position.line,
      character: position.character,
    };
  }

  #set(state: ServerState): void {
    this.state = state;
    this.#status.fire();
  }

  #options(context: vscode.ExtensionContext): LanguageClientOptions {
    const initializationOptions = (): protocol.InitializationOptions => ({
      storeFolder: (context.storageUri ?? context.globalStorageUri).fsPath,
      liveFolder: context.globalStorageUri.fsPath,
      trusted: vscode.workspace.isTrusted,
      extensionVersion: String(context.extension.packageJSON.version),
      proxy: proxySettings(),
    });
    return {
      documentSelector: [
        ...['file', 'untitled'].flatMap((scheme) => readLanguages.map((language) => ({ scheme, language }))),
        ...['file', 'untitled'].flatMap((scheme) =>
          readLanguages.map((language) => ({ notebook: { notebookType: '*', scheme }, language })),
        ),
        { scheme: 'file', pattern: `**/{${readNames.join(',')}}` },
      ],
      initializationOptions,
      synchronize: {
        configurationSection: ['plumbline', 'files.exclude'],
        fileEvents: [
          '**/*.{py,ipynb,sql,yml,yaml,json,tf,tofu,tfvars,sh,bash,zsh,mk,dockerfile,env}',
          '**/{MLproject,Makefile,makefile,GNUmakefile,Dockerfile,Containerfile,.env,.env.*}',
          '**/{plumbline.yaml,CODEOWNERS}',
          '**/{mlflow.db,mlflow.db-wal}',
          '**/mlruns/**/meta.yaml',
          '**/{manifest,run_results,catalog,sources}.json',
          '**/*.ndjson',
          '**/attempt=*.log',
        ].map((pattern) => vscode.workspace.createFileSystemWatcher(pattern)),
      },
      markdown: { isTrusted: { enabledCommands: Object.values(protocol.commandNames) }, supportHtml: false },
      errorHandler: {
        error: (_error, _message, count) => ({
          action: (count ?? 0) <= 3 ? ErrorAction.Continue : ErrorAction.Shutdown,
        }),
        closed: () => this.#closed(),
      },
    };
  }

  #closed(): CloseHandlerResult {
    const now = Date.now();
    this.#crashes = [...this.#crashes.filter((at) => now - at < restartWindowMs), now];
    if (this.#crashes.length <= restartLimit) return { action: CloseAction.Restart, handled: true };
    this.#set('stopped');
    return { action: CloseAction.DoNotRestart, handled: true };
  }
}

function serverOptions(context: vscode.ExtensionContext): ServerOptions {
  const inspect = process.env.PLUMBLINE_INSPECT;
  return {
    module: path.join(context.extensionPath, 'dist', 'server.mjs'),
    transport: TransportKind.ipc,
    options: {
      execArgv: [...serverFlags, ...(inspect ? [`--inspect=${inspect}`] : [])],
    },
  };
}
