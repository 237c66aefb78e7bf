// Session: the real server over streams with connections of a user of its own, as a window has them.
import { mkdirSync } from 'node:fs';
import type { TestContext } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import type {
  ChangeConnectionParams,
  ChangeConnectionResult,
  ConnectionConfig,
  ConnectionStatus,
  Secret,
  SecretParams,
} from '../../../server/protocol/connection.ts';
import { seal } from '../../../server/protocol/sealed.ts';
import { type TestFolder, testFolder } from '../../support/folder.ts';
import { memoryServer, type Served } from '../../support/server.ts';

export interface Window {
  readonly server: Served;
  /** Holds `ws`, `config`, `store` and `live`. */
  readonly folder: TestFolder;
  /** `name origin` of each secret that was asked for. */
  readonly secretsAsked: readonly string[];
  /** The key of the server for secrets. */
  readonly sealFor: string;
  statuses(): Promise<readonly ConnectionStatus[]>;
  /** Asked again until it is so; fails with what it was. */
  until(what: string, holds: (status: ConnectionStatus) => boolean, name?: string): Promise<ConnectionStatus>;
  change(params: ChangeConnectionParams): Promise<ChangeConnectionResult>;
  close(): Promise<void>;
}

export interface WindowOptions {
  /** What stands in the user's connections.json. */
  readonly connections?: readonly ConnectionConfig[];
  /** Files of the workspace. */
  readonly files?: Readonly<Record<string, string>>;
  readonly trusted?: boolean;
  /** What the editor's secret storage gives. */
  readonly secrets?: (params: SecretParams) => Secret | undefined;
  /** Environment variables of the user, beside PLUMBLINE_CONFIG_DIR; gone with the test. */
  readonly variables?: Readonly<Record<string, string>> | ((folder: TestFolder) => Readonly<Record<string, string>>);
}

const patienceMs = 15_000;

export async function openWindow(context: TestContext, options: WindowOptions = {}): Promise<Window> {
  const { connections = [], files = {}, trusted = true, secrets, variables = {} } = options;
  const folder = testFolder(context, { 'config/connections.json': JSON.stringify(connections) });
  for (const [name, text] of Object.entries(files)) folder.write(`ws/${name}`, text);
  for (const name of ['ws', 'home']) mkdirSync(folder.at(name), { recursive: true });
  const own = typeof variables === 'function' ? variables(folder) : variables;
  setVariables(context, { HOME: folder.at('home'), PLUMBLINE_CONFIG_DIR: folder.at('config'), ...own });
  const server = memoryServer();
  const secretsAsked: string[] = [];
  server.client.connection.onRequest('plumbline/secret', (params: SecretParams) => {
    secretsAsked.push(`${params.name} ${params.origin}`);
    const secret = secrets?.(params);
    return secret ? seal(secret, params.sealFor) : null;
  });
  context.after(() => server.client.close());
  const answer = await server.start([folder.at('ws')], {
    trusted,
    storeFolder: folder.at('store'),
    liveFolder: folder.at('live'),
  });
  const statuses = (): Promise<readonly ConnectionStatus[]> => server.ask('plumbline/connections', {});
  return {
    server,
    folder,
    secretsAsked,
    sealFor: sealForOf(answer),
    statuses,
    change: (params) => server.ask('plumbline/connections/change', params),
    close: () => server.client.close(),
    async until(what, holds, name) {
      for (const end = Date.now() + patienceMs; ; await pause(20)) {
        const all = await statuses();
        const found = all.find((status) => (name === undefined || status.name === name) && holds(status));
        if (found) return found;
        if (Date.now() > end)
          throw new Error(`${what} did not come: ${JSON.stringify(all)} ${server.lines.join('\n')}`);
      }
    },
  };
}

function sealForOf(answer: unknown): string {
  const { capabilities } = answer as { readonly capabilities: { readonly experimental: { readonly sealFor: string } } };
  return capabilities.experimental.sealFor;
}

function setVariables(context: TestContext, variables: Readonly<Record<string, string>>): void {
  const tools = Object.keys(process.env).filter((name) => /^(MLFLOW|AIRFLOW)_|_proxy$/i.test(name));
  const before = [...tools, ...Object.keys(variables)].map((name) => [name, process.env[name]] as const);
  for (const name of tools) delete process.env[name];
  Object.assign(process.env, variables);
  context.after(() => {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  });
}
