// SecretKeeper: the secret of one connection, in memory only; asked for when it is needed, and anew once it was refused.
import type { HttpFailure } from '../../connectors/httpError.ts';
import { type ConnectionConfig, originOf, type Secret } from '../../protocol/connection.ts';

export class SecretKeeper {
  readonly #config: ConnectionConfig;
  readonly #secretOf: (name: string, origin: string) => Promise<Secret | undefined>;
  #asked: Promise<Secret | undefined> | undefined;
  #has = false;
  /** It was refused, and there was no secret to send. */
  needed = false;

  constructor(config: ConnectionConfig, secretOf: (name: string, origin: string) => Promise<Secret | undefined>) {
    this.#config = config;
    this.#secretOf = secretOf;
  }

  /** Undefined when none is needed or there is none. Rejects when it cannot be asked for; the next call asks again. */
  get(): Promise<Secret | undefined> {
    const { name, url, credential } = this.#config;
    const origin = originOf(url);
    if (credential === 'none' || origin === undefined) return Promise.resolve(undefined);
    this.#asked ??= this.#secretOf(name, origin).then(
      (secret) => {
        this.#has = secret !== undefined;
        return secret;
      },
      (error: unknown) => {
        this.forget();
        throw error;
      },
    );
    return this.#asked;
  }

  /** How a request ended; undefined: well. */
  heard(kind: HttpFailure | undefined): void {
    if (kind === undefined) this.needed = false;
    // Datadog answers 403 to who sends no keys. What AWS's own files hold is sent without us.
    const isStored = this.#config.credential === undefined || this.#config.credential === 'stored';
    if (kind === 'forbidden' && isStored && this.#asked !== undefined && !this.#has) this.needed = true;
    if (kind !== 'unauthorized') return;
    this.needed = !this.#has;
    this.forget();
  }

  /** It was stored, changed or removed. */
  forget(): void {
    this.#asked = undefined;
    this.#has = false;
  }
}
