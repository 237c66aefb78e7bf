// Test of a connection: asks its server once with progress, and lets the user decide what to do when it fails.
import * as vscode from 'vscode';
import type { ConnectionConfig, Secret, TestConnectionResult } from '../../../server/protocol/connection.ts';
import type { Connections } from '../connections.ts';
import { isAboutCertificates } from './address.ts';
import { pick } from './steps.ts';

/** Changed in place, by the advanced choices. */
export type Certificates = {
  -readonly [Key in 'allowSelfSigned' | 'caFile' | 'certificateFile' | 'keyFile']?: ConnectionConfig[Key];
};

export type Decision = 'save' | 'address' | 'credential' | 'cancel';

/** Undefined: the user cancelled it. A server that cannot be asked is an answer that is not ok. */
export function testOnce(
  connections: Connections,
  config: ConnectionConfig,
  secret?: Secret,
): Thenable<TestConnectionResult | undefined> {
  return vscode.window.withProgress(
    {
      location: vscode.ProgressLocation.Notification,
      title: `Plumbline: asking ${config.url} …`,
      cancellable: true,
    },
    async (_progress, token) => {
      try {
        const result = await connections.test(config, secret, token);
        return token.isCancellationRequested ? undefined : result;
      } catch (error) {
        if (token.isCancellationRequested) return undefined;
        const message = error instanceof Error ? error.message : String(error);
        return { ok: false, message, wantsSecret: false };
      }
    },
  );
}

interface Choice extends vscode.MessageItem {
  readonly does: Decision | 'retry' | 'advanced';
}

function offered(when: boolean, choice: Choice): readonly Choice[] {
  return when ? [choice] : [];
}

/** Tests, and tests again for as long as the user wants. */
export async function testUntilDecided(
  connections: Connections,
  config: () => ConnectionConfig,
  secret: Secret | undefined,
  certificates: Certificates,
): Promise<Decision> {
  for (;;) {
    const { name, url } = config();
    const result = await testOnce(connections, config(), secret);
    if (result?.ok) {
      void vscode.window.showInformationMessage(`${name} is connected: ${result.message}`);
      return 'save';
    }
    const message = result?.message ?? 'The test was cancelled.';
    const choices: readonly Choice[] = [
      { title: 'Retry', does: 'retry' },
      ...offered(result?.wantsSecret ?? false, { title: 'Change Credential', does: 'credential' }),
      ...offered(isAboutCertificates(message), { title: 'Advanced…', does: 'advanced' }),
      { title: 'Edit', does: 'address' },
      { title: 'Save Anyway', does: 'save' },
    ];
    const chosen = await vscode.window.showWarningMessage(
      `${url} could not be read`,
      { modal: true, detail: message },
      ...choices,
    );
    if (!chosen) return 'cancel';
    if (chosen.does === 'advanced') await askCertificates(certificates);
    else if (chosen.does !== 'retry') return chosen.does;
  }
}

/** What can be set so that a certificate is accepted, or one of our own is shown. */
async function askCertificates(certificates: Certificates): Promise<void> {
  const choices = [
    { label: '$(file) Trust a certificate authority…', description: 'a PEM file', value: 'ca' },
    { label: '$(key) Show a client certificate…', description: 'two PEM files: certificate and key', value: 'client' },
    {
      label: '$(warning) Accept a certificate that nobody vouches for',
      description: 'for this connection only; whoever is on the way can pretend to be the server',
      value: 'selfSigned',
    },
  ] as const;
  const given = await pick(
    { title: 'Certificates', step: 1, totalSteps: 1 },
    { placeholder: 'What shall be different?', items: choices },
  );
  if (given.move !== 'next') return;
  if (given.value === 'selfSigned') certificates.allowSelfSigned = true;
  else if (given.value === 'ca') certificates.caFile = (await pemFile('Certificate authority')) ?? certificates.caFile;
  else {
    certificates.certificateFile = (await pemFile('Client certificate')) ?? certificates.certificateFile;
    certificates.keyFile = (await pemFile('Key of the client certificate')) ?? certificates.keyFile;
  }
}

async function pemFile(title: string): Promise<string | undefined> {
  const chosen = await vscode.window.showOpenDialog({
    title,
    canSelectMany: false,
    filters: { 'PEM files': ['pem', 'crt', 'cer', 'key'], 'All files': ['*'] },
  });
  return chosen?.[0]?.fsPath;
}
