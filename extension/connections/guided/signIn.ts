// Sign In: asks for the secret of a connection again; says once, and in one message, that connections wait for it.
import * as vscode from 'vscode';
import { type ConnectionStatus, originOf, type Secret } from '../../../server/protocol/connection.ts';
import { type Connections, configOf } from '../connections.ts';
import { type CredentialDraft, credentialSteps, isKnown } from './credentialSteps.ts';
import { runSteps } from './steps.ts';
import { testOnce } from './testConnection.ts';

/** The secret is stored when the server took it, or when the user wants it nonetheless. */
export async function signIn(connections: Connections, status: ConnectionStatus): Promise<void> {
  const config = configOf(status);
  const ways = (['basic', 'token'] as const).filter((way) => isKnown(way, config.tool));
  const draft: CredentialDraft = { tool: config.tool, url: config.url, way: ways[0] ?? 'token', username: '' };
  const steps = credentialSteps(draft, [], ways);
  let from = 0;
  while (await runSteps(`Sign In to ${config.name}`, steps, from)) {
    const secret = draft.secret;
    if (!secret) return;
    const result = await testOnce(connections, { ...config, credential: 'stored' }, secret);
    if (!result) return;
    if (result.ok) return store(connections, status, secret, result.message);
    const options = { modal: true, detail: result.message };
    const chosen = await vscode.window.showWarningMessage(
      `${config.name} did not take it`,
      options,
      'Try Again',
      'Keep It Anyway',
    );
    if (chosen === 'Keep It Anyway') return store(connections, status, secret, 'the secret is stored.');
    if (!chosen) return;
    from = steps.length - 1;
  }
}

async function store(
  connections: Connections,
  status: ConnectionStatus,
  secret: Secret,
  message: string,
): Promise<void> {
  const config = configOf(status);
  await connections.secrets.store(config.name, config.url, secret);
  if (config.credential !== undefined && config.credential !== 'stored') {
    const problem = await connections.change({ change: 'save', config: { ...config, credential: 'stored' } });
    if (problem) throw new Error(problem);
  }
  // The storage tells of changes, but not everywhere at once; asking twice does no harm.
  await connections.change({ change: 'secret', name: config.name });
  void vscode.window.showInformationMessage(`Signed in to ${config.name}: ${message}`);
}

/** A connection that moved to another origin is asked about anew. */
export function askingKey({ name, url }: Pick<ConnectionStatus, 'name' | 'url'>): string {
  return `${originOf(url)} ${name}`;
}

/** One message per connection and origin in the life of the window, one for all that wait at once, only in the window in use. */
export function askForSignIn(connections: Connections): vscode.Disposable {
  const asked = connections.askedFor;
  const ask = async (): Promise<void> => {
    if (!vscode.window.state.focused) return;
    const waiting = connections.list.filter((one) => one.needsSecret && !one.paused && !asked.has(askingKey(one)));
    const [first] = waiting;
    if (!first) return;
    for (const one of waiting) asked.add(askingKey(one));
    if (waiting.length === 1) {
      const message = `Plumbline: ${first.name} needs you to sign in at ${originOf(first.url)}.`;
      const chosen = await vscode.window.showInformationMessage(message, 'Sign In', 'Pause');
      if (chosen === 'Sign In') await vscode.commands.executeCommand('plumbline.signIn', first.name);
      if (chosen === 'Pause') await vscode.commands.executeCommand('plumbline.pauseConnection', first.name);
      return;
    }
    const names = waiting.map(({ name }) => name).join(', ');
    const message = `Plumbline: ${waiting.length} connections need you to sign in: ${names}.`;
    if (await vscode.window.showInformationMessage(message, 'Show Connections'))
      await vscode.commands.executeCommand('plumbline.showConnections');
  };
  return vscode.Disposable.from(
    connections.onChange(() => void ask()),
    vscode.window.onDidChangeWindowState(() => void ask()),
  );
}
