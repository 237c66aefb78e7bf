// AWS sockets: how AWS's own clients come to a socket: as all others do, with the editor's proxy and certificates, whatever host they ask.
import type http from 'node:http';
import { Agent, type AgentConnectOpts } from 'agent-base';
import type { ConnectionConfig } from '../../protocol/connection.ts';
import { secureContext } from '../http/certificates.ts';
import { ConnectFailure } from '../http/failure.ts';
import { chooseProxy, type Environment, type ProxySettings } from '../http/proxy.ts';
import { createAgent } from '../http/sockets.ts';

export type Certificates = Pick<ConnectionConfig, 'allowSelfSigned' | 'caFile' | 'certificateFile' | 'keyFile'>;

const mostPlaces = 50;

/** A bucket, a region and a token service are hosts of their own: each gets an agent, and what leads to it is chosen by its name. */
export class AnyPlace extends Agent {
  readonly #secure: boolean;
  readonly #certificates: Certificates;
  readonly #proxy: ProxySettings;
  readonly #env: Environment;
  readonly #connectMs: number;
  readonly #agents = new Map<string, http.Agent>();

  constructor(secure: boolean, certificates: Certificates, proxy: ProxySettings, env: Environment, connectMs: number) {
    super();
    this.#secure = secure;
    this.#certificates = certificates;
    this.#proxy = proxy;
    this.#env = env;
    this.#connectMs = connectMs;
  }

  /** Said here, since it would be guessed from the stack. */
  override isSecureEndpoint(): boolean {
    return this.#secure;
  }

  override connect(_request: unknown, options: AgentConnectOpts): Promise<http.Agent> {
    const host = String(options.host ?? '');
    const bracketed = host.includes(':') && !host.startsWith('[') ? `[${host}]` : host;
    return Promise.resolve(this.#agentOf(`${this.#secure ? 'https' : 'http'}://${bracketed}:${options.port}`));
  }

  override destroy(): void {
    for (const agent of this.#agents.values()) agent.destroy();
    this.#agents.clear();
    super.destroy();
  }

  #agentOf(origin: string): http.Agent {
    const known = this.#agents.get(origin);
    if (known) return known;
    if (this.#agents.size >= mostPlaces) this.destroy();
    const made = this.#made(new URL(origin));
    this.#agents.set(origin, made);
    return made;
  }

  #made(target: URL): http.Agent {
    const choice = chooseProxy(target, this.#proxy, this.#env);
    if (choice && !choice.url) {
      throw new ConnectFailure('proxy', 'UNUSABLE', `${choice.from} is no address of a proxy`);
    }
    const system = this.#proxy.systemCertificates !== false;
    const { caFile } = this.#certificates;
    return createAgent({
      target,
      ...(choice?.url && { proxy: choice.url }),
      strictProxy: this.#proxy.proxyStrictSSL !== false,
      allowSelfSigned: this.#certificates.allowSelfSigned === true,
      connectMs: this.#connectMs,
      context: () => secureContext(this.#certificates, system),
      proxyContext: () => secureContext({ ...(caFile === undefined ? {} : { caFile }) }, system),
    });
  }
}
