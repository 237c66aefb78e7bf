// AWS session: who asks, where and in which region, for one connection; every question of AWS's clients goes through its `ask`.
import { type ConnectionConfig, originOf, type Secret } from '../../protocol/connection.ts';
import type { Environment, ProxySettings } from '../http/proxy.ts';
import { portOf } from '../http/proxy.ts';
import { createWatch, type Timeouts, usualTimeouts } from '../http/watch.ts';
import { type AwsAsked, explainAws } from './errors.ts';
import { AnyPlace } from './sockets.ts';

export interface AwsOptions {
  readonly connection: ConnectionConfig;
  readonly proxy?: ProxySettings;
  /** Default `process.env`. */
  readonly env?: Environment;
  readonly timeouts?: Partial<Timeouts>;
  /** Asked for connections whose credential is `stored`: access key and secret key, as user and password. */
  readonly secret: () => Promise<Secret | undefined>;
  /** Each request goes through it; may run it again. `operation`: the permission that it takes (`s3:ListBucket`). */
  readonly turn: <T>(ask: () => Promise<T>, signal: AbortSignal, operation: string) => Promise<T>;
  /** Epoch ms. */
  readonly now: () => number;
}

export interface Question {
  /** For people: `GetObject of s3://bucket/key`. */
  readonly what: string;
  readonly about: string;
  readonly permission: string;
}

interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** What AWS's clients take to be made. */
export interface ClientSettings {
  readonly region?: string;
  readonly endpoint?: string;
  readonly profile?: string;
  readonly credentials: () => Promise<AwsCredentials>;
  readonly requestHandler: { readonly httpAgent: AnyPlace; readonly httpsAgent: AnyPlace };
  readonly maxAttempts: number;
  readonly logger: typeof silent;
}

/** What they have to say goes into the errors; they would write to the console. */
const silent = { trace: () => {}, debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

/** AWS itself, where the region makes the host: `s3.eu-west-1.amazonaws.com`, `logs.eu-west-1.amazonaws.com`. */
const ofAws = /^(?:[a-z0-9-]+)(?:[.-]([a-z]{2}(?:-[a-z]+)+-\d))?\.amazonaws\.com(?:\.cn)?$/;

export class AwsSession {
  readonly #options: AwsOptions;
  readonly #timeouts: Timeouts;
  readonly #handler: ClientSettings['requestHandler'];
  readonly #place: string;
  #chain: (() => Promise<AwsCredentials>) | undefined;

  constructor(options: AwsOptions) {
    this.#options = options;
    const { connection, proxy = {}, env = process.env } = options;
    this.#timeouts = { ...usualTimeouts, ...options.timeouts };
    const agent = (secure: boolean): AnyPlace => new AnyPlace(secure, connection, proxy, env, this.#timeouts.connectMs);
    this.#handler = { httpAgent: agent(false), httpsAgent: agent(true) };
    const url = new URL(originOf(connection.url) ?? 'https://amazonaws.com');
    this.#place = `${url.hostname}:${portOf(url)}`;
  }

  get isAnonymous(): boolean {
    return this.#options.connection.credential === 'none';
  }

  /** True where the region makes the host, and a bucket in another region has another one. */
  get isAws(): boolean {
    return ofAws.test(new URL(this.#options.connection.url).hostname);
  }

  /** `region`: known of what is asked for; else that of the connection, of its url, of the profile or the environment. */
  settings(region?: string): ClientSettings {
    const { connection } = this.#options;
    const named = region ?? connection.region ?? ofAws.exec(new URL(connection.url).hostname)?.[1];
    return {
      ...(named === undefined ? {} : { region: named }),
      ...(this.isAws ? {} : { endpoint: connection.url }),
      ...(connection.profile === undefined ? {} : { profile: connection.profile }),
      credentials: () => this.#credentials(),
      requestHandler: this.#handler,
      maxAttempts: 1,
      logger: silent,
    };
  }

  /** One request, in its turn. `call` gets the signal that ends it; rejects with an HttpError or the reason of `signal`. */
  ask<T>(question: Question, call: (signal: AbortSignal) => Promise<T>, signal: AbortSignal): Promise<T> {
    return this.#options.turn(
      async () => {
        signal.throwIfAborted();
        const asked = this.asked(question);
        const watch = createWatch(signal, this.#timeouts, asked);
        try {
          return await call(watch.signal);
        } catch (error) {
          if (signal.aborted) throw signal.reason;
          throw watch.late() ?? explainAws(error, asked, this.#options.now());
        } finally {
          watch.end();
        }
      },
      signal,
      question.permission,
    );
  }

  /** The HttpError for what went wrong while an answer was read. */
  explained(error: unknown, question: Question): Error {
    return explainAws(error, this.asked(question), this.#options.now());
  }

  /** Without a byte; ms. */
  get idleMs(): number {
    return this.#timeouts.idleMs;
  }

  asked(question: Question): AwsAsked {
    const { name, profile, credential } = this.#options.connection;
    const who =
      credential === 'none'
        ? 'nobody (anonymous)'
        : credential === 'stored'
          ? 'the stored access key'
          : profile === undefined
            ? 'the AWS environment'
            : `the profile ${profile}`;
    const signIn =
      credential === 'stored'
        ? 'Store another key for this connection.'
        : `Sign in as you do for the AWS command line (${profile === undefined ? 'aws sso login' : `aws sso login --profile ${profile}`}), or renew the key in ~/.aws or the environment.`;
    return { name, place: this.#place, timeouts: this.#timeouts, who, signIn, ...question };
  }

  dispose(): void {
    this.#handler.httpAgent.destroy();
    this.#handler.httpsAgent.destroy();
  }

  async #credentials(): Promise<AwsCredentials> {
    const { connection, secret } = this.#options;
    if (connection.credential === 'none') return { accessKeyId: 'anonymous', secretAccessKey: 'anonymous' };
    if (connection.credential === 'stored') {
      const stored = await secret();
      if (stored?.kind === 'basic') return { accessKeyId: stored.username, secretAccessKey: stored.password };
      throw Object.assign(new Error('no access key is stored for this connection.'), {
        name: 'CredentialsProviderError',
      });
    }
    this.#chain ??= await this.#providers();
    return this.#chain();
  }

  /** As the AWS command line: variables, profile, SSO, role, process, container, instance; kept until they are about to end. */
  async #providers(): Promise<() => Promise<AwsCredentials>> {
    const { fromNodeProviderChain } = await import('@aws-sdk/credential-providers');
    const { profile } = this.#options.connection;
    const { region, requestHandler } = this.settings();
    return fromNodeProviderChain({
      ...(profile === undefined ? {} : { profile }),
      clientConfig: { ...(region === undefined ? {} : { region }), requestHandler },
      logger: silent,
      // A desk has no instance metadata; where there is some it answers at once.
      timeout: 1_000,
      maxRetries: 0,
    });
  }
}
