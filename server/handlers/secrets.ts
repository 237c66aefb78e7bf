// Secrets: asks the editor for the secret of a connection; it travels sealed and is kept nowhere here.
import type { Connection } from 'vscode-languageserver/node';
import {
  type ProxyParams,
  type ProxySettings,
  type Secret,
  type SecretParams,
  type SecretResult,
  secretRequest,
} from '../protocol/connection.ts';
import { createSeal, type Sealed } from '../protocol/sealed.ts';

export class Secrets {
  readonly #connection: Connection;
  readonly #seal = createSeal();

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** Goes into `capabilities.experimental` of the answer to `initialize`. */
  get sealFor(): string {
    return this.#seal.publicKey;
  }

  /** Undefined: the editor has none for this connection and origin. Rejects when the editor is gone. */
  async ask(name: string, origin: string): Promise<Secret | undefined> {
    const params: SecretParams = { name, origin, sealFor: this.sealFor };
    const answer = await this.#connection.sendRequest<SecretResult>(secretRequest, params);
    return answer ? this.open(answer) : undefined;
  }

  /** Throws when it was sealed for another process. */
  open(sealed: Sealed): Secret {
    return this.#seal.open(sealed);
  }

  /** As the user wrote it: user and password, which travel sealed, stand in the proxy's address again. */
  proxySettings({ credential, ...settings }: ProxyParams): ProxySettings {
    if (!credential || !settings.proxy || !URL.canParse(settings.proxy)) return settings;
    const secret = this.open(credential);
    if (secret.kind !== 'basic') return settings;
    const url = new URL(settings.proxy);
    url.username = encodeURIComponent(secret.username);
    url.password = encodeURIComponent(secret.password);
    return { ...settings, proxy: url.href };
  }
}
