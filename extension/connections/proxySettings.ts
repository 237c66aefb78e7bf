// Proxy settings: the editor's `http.*` as the user set them, never as a workspace did; a password in one travels sealed.
import * as vscode from 'vscode';
import { type ProxyParams, type ProxySettings, proxyNotification } from '../../server/protocol/connection.ts';
import { seal } from '../../server/protocol/sealed.ts';
import type { Client } from '../client.ts';

/** Without the user and password that the proxy's address may hold. */
export function proxySettings(): ProxySettings {
  const proxy = userValue<string>('proxy');
  return {
    ...(proxy && { proxy: split(proxy).bare }),
    ...set('proxySupport', userValue<NonNullable<ProxySettings['proxySupport']>>('proxySupport')),
    ...set('noProxy', userValue<readonly string[]>('noProxy')),
    ...set('proxyStrictSSL', userValue<boolean>('proxyStrictSSL')),
    ...set('systemCertificates', userValue<boolean>('systemCertificates')),
  };
}

/** Tells the server at its start if there is a password to tell, and whenever the user changes one of them. */
export function followProxySettings(client: Client): vscode.Disposable {
  const tell = (): void => void client.notify(proxyNotification, params(client));
  return vscode.Disposable.from(
    client.onStarted(() => {
      if (split(userValue<string>('proxy') ?? '').secret) tell();
    }),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration('http')) tell();
    }),
  );
}

function params(client: Client): ProxyParams {
  const { secret } = split(userValue<string>('proxy') ?? '');
  return { ...proxySettings(), ...(secret && { credential: seal(secret, client.sealFor) }) };
}

function split(proxy: string) {
  const url = URL.canParse(proxy) ? new URL(proxy) : undefined;
  if (!url || (url.username === '' && url.password === '')) return { bare: proxy };
  const secret = {
    kind: 'basic',
    username: decodeURIComponent(url.username),
    password: decodeURIComponent(url.password),
  } as const;
  url.username = '';
  url.password = '';
  return { bare: url.href, secret };
}

function userValue<T>(name: string): T | undefined {
  return vscode.workspace.getConfiguration('http').inspect<T>(name)?.globalValue;
}

function set<Name extends keyof ProxySettings>(name: Name, value: ProxySettings[Name] | undefined) {
  return value === undefined ? undefined : { [name]: value };
}
