// Sockets: how a socket to the server comes to be: directly, through a tunnel of a proxy, or at a proxy that forwards.
import http from 'node:http';
import https from 'node:https';
import net from 'node:net';
import tls from 'node:tls';
import { Agent, type AgentConnectOpts } from 'agent-base';
import { HttpProxyAgent } from 'http-proxy-agent';
import { SocksClient } from 'socks';
import { codeOf, messageOf } from '../failure.ts';
import { ConnectFailure, type Stage } from './failure.ts';
import { bare, portOf } from './proxy.ts';

export interface SocketOptions {
  readonly target: URL;
  /** Undefined: asked directly. */
  readonly proxy?: URL;
  /** Whether the certificate of the proxy itself is checked. */
  readonly strictProxy: boolean;
  readonly allowSelfSigned: boolean;
  /** For name resolution, the proxy and TLS together. */
  readonly connectMs: number;
  /** Of the server; asked for each new socket. */
  readonly context: () => Promise<tls.SecureContext>;
  /** For the proxy: the same authorities, without the client's certificate. */
  readonly proxyContext: () => Promise<tls.SecureContext>;
}

/** A socket that nothing was asked on for so long is closed: servers close theirs after 5 s, and the next request would be lost. */
const keptMs = 4_000;
const kept = { keepAlive: true, timeout: keptMs };
/** Nobody vouches for it, which is what `allowSelfSigned` allows; a wrong name or date is something else. */
const unvouched = /SELF_SIGNED|UNABLE_TO_(VERIFY_LEAF_SIGNATURE|GET_ISSUER_CERT)|CERT_UNTRUSTED/;

export function createAgent(options: SocketOptions): http.Agent {
  const forwards = options.proxy && /^https?:$/.test(options.proxy.protocol) && options.target.protocol === 'http:';
  return forwards && options.proxy ? new Forwarding(options.proxy, options) : new Direct(options);
}

/** Directly, or through a tunnel: the proxy sees bytes. */
class Direct extends Agent {
  readonly #options: SocketOptions;

  constructor(options: SocketOptions) {
    super(kept);
    this.#options = options;
  }

  override connect(): Promise<net.Socket> {
    const { target, proxy, allowSelfSigned, connectMs, context } = this.#options;
    return within(connectMs, proxy ? 'proxy' : 'connect', async (signal) => {
      const place = { host: bare(target.hostname), port: Number(portOf(target)) };
      const secureContext = target.protocol === 'https:' ? await context() : undefined;
      const raw = proxy
        ? await staged('proxy', () => tunnel(proxy, place, this.#options, signal))
        : await staged('connect', () => opened(net.connect({ ...place, noDelay: true }), 'connect', signal));
      if (!secureContext) return raw;
      const secure = { socket: raw, host: place.host, servername: nameOf(place.host), secureContext };
      return staged('tls', () => handshake(secure, allowSelfSigned ? unvouched : undefined, signal));
    });
  }
}

/** Plain HTTP at a proxy: it gets the whole address and forwards. */
class Forwarding extends HttpProxyAgent<string> {
  readonly #options: SocketOptions;
  readonly #proxy: URL;

  constructor(proxy: URL, options: SocketOptions) {
    super(proxy, kept);
    this.#options = options;
    this.#proxy = proxy;
  }

  override connect(
    request: Parameters<HttpProxyAgent<string>['connect']>[0],
    options: AgentConnectOpts,
  ): Promise<net.Socket> {
    const { strictProxy, connectMs, proxyContext } = this.#options;
    return within(connectMs, 'proxy', (signal) =>
      staged('proxy', async () => {
        const host = bare(this.#proxy.hostname);
        const secureContext = this.#proxy.protocol === 'https:' ? await proxyContext() : undefined;
        // It makes its socket from these before it first waits.
        this.connectOpts = {
          host,
          port: Number(portOf(this.#proxy)),
          timeout: keptMs,
          ...(secureContext && { secureContext, servername: nameOf(host), rejectUnauthorized: strictProxy }),
        };
        const connecting = super.connect(request, options);
        signal.addEventListener('abort', () => void connecting.then((socket) => socket.destroy()).catch(() => {}));
        return connecting;
      }),
    );
  }
}

interface Place {
  readonly host: string;
  readonly port: number;
}

async function tunnel(proxy: URL, place: Place, options: SocketOptions, signal: AbortSignal): Promise<net.Socket> {
  return proxy.protocol.startsWith('socks')
    ? socksTunnel(proxy, place, options.connectMs, signal)
    : httpTunnel(proxy, place, options, signal);
}

async function httpTunnel(proxy: URL, { host, port }: Place, options: SocketOptions, signal: AbortSignal) {
  const name = bare(proxy.hostname);
  const authority = `${net.isIPv6(host) ? `[${host}]` : host}:${port}`;
  const user = `${decodeURIComponent(proxy.username)}:${decodeURIComponent(proxy.password)}`;
  const asked = {
    host: name,
    port: portOf(proxy),
    method: 'CONNECT',
    path: authority,
    headers: {
      host: authority,
      ...(user !== ':' && { 'proxy-authorization': `Basic ${Buffer.from(user).toString('base64')}` }),
    },
    agent: false as const,
    signal,
  };
  const secured =
    proxy.protocol === 'https:'
      ? {
          ...asked,
          secureContext: await options.proxyContext(),
          servername: nameOf(name),
          rejectUnauthorized: options.strictProxy,
        }
      : undefined;
  return new Promise<net.Socket>((resolve, reject) => {
    const request = secured ? https.request(secured) : http.request(asked);
    const refused = (answer: http.IncomingMessage) => {
      request.destroy();
      reject(new ConnectFailure('proxy', `STATUS_${answer.statusCode}`, `it answered ${answer.statusCode}`));
    };
    request.on('error', reject);
    request.on('response', refused);
    request.on('connect', (answer, socket: net.Socket, head) => {
      if (answer.statusCode !== 200) return refused(answer);
      if (head.length > 0) socket.unshift(head);
      resolve(socket);
    });
    request.end();
  });
}

async function socksTunnel(proxy: URL, destination: Place, timeout: number, signal: AbortSignal): Promise<net.Socket> {
  const { socket } = await SocksClient.createConnection({
    proxy: {
      host: bare(proxy.hostname),
      port: Number(portOf(proxy)),
      type: proxy.protocol.startsWith('socks4') ? 4 : 5,
      ...(proxy.username && { userId: decodeURIComponent(proxy.username) }),
      ...(proxy.password && { password: decodeURIComponent(proxy.password) }),
    },
    command: 'connect',
    destination,
    timeout,
  });
  if (signal.aborted) socket.destroy();
  return socket;
}

/** `tolerated`: what may be wrong with the certificate. */
async function handshake(
  options: tls.ConnectionOptions,
  tolerated: RegExp | undefined,
  signal: AbortSignal,
): Promise<tls.TLSSocket> {
  const socket = tls.connect({ ...options, ALPNProtocols: ['http/1.1'], rejectUnauthorized: tolerated === undefined });
  await opened(socket, 'secureConnect', signal);
  const wrong = tolerated && socket.authorizationError ? String(socket.authorizationError) : undefined;
  if (wrong === undefined || tolerated?.test(wrong)) return socket;
  socket.destroy();
  throw new ConnectFailure('tls', wrong, wrong);
}

function opened<T extends net.Socket>(socket: T, event: 'connect' | 'secureConnect', signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = () => socket.destroy(new ConnectFailure('connect', 'TIMEOUT', 'out of time'));
    const done = () => {
      signal.removeEventListener('abort', stop);
      socket.off('error', failed).off('close', closed).off(event, ready);
    };
    const failed = (error: Error) => {
      done();
      reject(error);
    };
    const closed = () => failed(Object.assign(new Error('closed before it was open'), { code: 'ECONNRESET' }));
    const ready = () => {
      done();
      resolve(socket);
    };
    socket.on('error', failed).on('close', closed).on(event, ready);
    signal.addEventListener('abort', stop);
    if (signal.aborted) stop();
  });
}

/** Rejects with a ConnectFailure `TIMEOUT` after `ms`; the signal ends what was begun. */
async function within<T>(ms: number, stage: Stage, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new ConnectFailure(stage, 'TIMEOUT', `no connection within ${ms} ms`));
      controller.abort();
    }, ms);
  });
  try {
    return await Promise.race([work(controller.signal), late]);
  } finally {
    clearTimeout(timer);
  }
}

async function staged<T>(stage: Stage, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ConnectFailure) throw error;
    throw new ConnectFailure(stage, codeOf(error) ?? 'UNKNOWN', messageOf(error));
  }
}

/** Addresses are not sent as server names. */
function nameOf(host: string): string | undefined {
  return net.isIP(host) === 0 ? host : undefined;
}
