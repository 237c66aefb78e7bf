// Secrets: the editor's secret storage of connections, each bound to the origin it was typed for; answers the server.
import type * as vscode from 'vscode';
import { originOf, type Secret, type SecretParams, type SecretResult } from '../../server/protocol/connection.ts';
import { seal } from '../../server/protocol/sealed.ts';

const prefix = 'connection:';
/** Names of what is stored, so that all of a connection can be removed; no secret in it. */
const indexKey = 'plumbline.secretKeys';

export class Secrets {
  readonly #context: vscode.ExtensionContext;

  constructor(context: vscode.ExtensionContext) {
    this.#context = context;
  }

  /** Null: nothing was stored for this name at this origin; a name whose address moved has to be asked for again. */
  async answer({ name, origin, sealFor }: SecretParams): Promise<SecretResult> {
    const secret = await this.#get(name, origin);
    return secret ? seal(secret, sealFor) : null;
  }

  /** Whatever the name had at other origins is removed. */
  async store(name: string, url: string, secret: Secret): Promise<void> {
    const origin = originOf(url);
    if (!origin) throw new Error(`${url} is no http or https address, so no secret can be bound to it.`);
    const key = keyOf(name, origin);
    const others = this.#keys().filter((one) => nameOf(one) === name && one !== key);
    for (const other of others) await this.#context.secrets.delete(other);
    await this.#remember([...this.#keys().filter((one) => nameOf(one) !== name), key]);
    await this.#context.secrets.store(key, JSON.stringify(secret));
  }

  /** Of every origin. */
  async remove(name: string, url: string): Promise<void> {
    const origin = originOf(url);
    const keys = new Set(this.#keys().filter((key) => nameOf(key) === name));
    if (origin) keys.add(keyOf(name, origin));
    for (const key of keys) await this.#context.secrets.delete(key);
    await this.#remember(this.#keys().filter((key) => nameOf(key) !== name));
  }

  /** Tells the name of a connection whose secret was stored or removed, in this window or another one. */
  onChange(listener: (name: string) => unknown): vscode.Disposable {
    return this.#context.secrets.onDidChange(({ key }) => {
      if (key.startsWith(prefix)) listener(nameOf(key));
    });
  }

  async #get(name: string, origin: string): Promise<Secret | undefined> {
    const text = await this.#context.secrets.get(keyOf(name, origin));
    if (!text) return undefined;
    const secret: Secret = JSON.parse(text);
    return secret;
  }

  #keys(): readonly string[] {
    return this.#context.globalState.get<readonly string[]>(indexKey, []);
  }

  async #remember(keys: readonly string[]): Promise<void> {
    await this.#context.globalState.update(indexKey, keys);
  }
}

/** A name may hold a colon, so it is encoded: or `a` at port 1 and `1:a` at no port would be one key. */
function keyOf(name: string, origin: string): string {
  return `${prefix}${origin}:${encodeURIComponent(name)}`;
}

function nameOf(key: string): string {
  return decodeURIComponent(key.slice(key.lastIndexOf(':') + 1));
}
