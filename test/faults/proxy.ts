// Fault proxy: stands between us and a server, counts what is asked, and answers wrongly in the ways that servers do.
import http from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

export interface Asked {
  readonly method: string;
  /** Path with its query. */
  readonly path: string;
  readonly authorization?: string;
  /** When AWS's client says that it asks. */
  readonly amzDate?: string;
  readonly body: string;
  /** How many were asked before this one, since the fault was set. */
  readonly before: number;
}

export interface Answered {
  readonly status: number;
  readonly headers: http.OutgoingHttpHeaders;
  readonly body: Buffer;
}

export type Reply =
  | { readonly kind: 'answer'; readonly answer: Answered }
  /** The connection is cut after so many bytes of the body. */
  | { readonly kind: 'cut'; readonly answer: Answered; readonly bytes: number }
  /** One byte at a time. */
  | { readonly kind: 'drip'; readonly answer: Answered; readonly everyMs: number }
  /** Nothing ever comes. */
  | { readonly kind: 'hang' };

/** Asks the real server; with `to` something else. */
export type Pass = (to?: { readonly path: string; readonly body: string }) => Promise<Answered>;
export type Fault = (asked: Asked, pass: Pass) => Promise<Reply> | Reply;

export interface FaultProxy {
  readonly url: string;
  /** In order, since the last `clear`. */
  readonly asked: readonly Asked[];
  /** Undefined: everything passes. */
  break(fault: Fault | undefined): void;
  clear(): void;
  close(): Promise<void>;
}

export interface ProxyOptions {
  /** Where the real server is; undefined: every request needs a fault. */
  readonly target?: string;
  /** PEM texts: the proxy speaks https. */
  readonly tls?: { readonly key: string; readonly cert: string };
  readonly port?: number;
}

export async function faultProxy(options: ProxyOptions): Promise<FaultProxy> {
  let fault: Fault | undefined;
  let asked: Asked[] = [];
  let since = 0;
  const handle = async (request: http.IncomingMessage, response: http.ServerResponse): Promise<void> => {
    const body = await textOf(request);
    const one: Asked = {
      method: request.method ?? 'GET',
      path: request.url ?? '/',
      ...(request.headers['x-amz-date'] === undefined ? {} : { amzDate: String(request.headers['x-amz-date']) }),
      ...(request.headers.authorization === undefined ? {} : { authorization: request.headers.authorization }),
      body,
      before: since++,
    };
    asked.push(one);
    const pass: Pass = (to = one) => forward(options.target, to.path, request, to.body);
    const reply: Reply = fault ? await fault(one, pass) : { kind: 'answer', answer: await pass() };
    await send(response, reply);
  };
  const listener: http.RequestListener = (request, response) => {
    handle(request, response).catch((error: unknown) => {
      if (!response.headersSent) response.writeHead(502, { 'content-type': 'text/plain' });
      response.end(String(error));
    });
  };
  const server = options.tls ? https.createServer(options.tls, listener) : http.createServer(listener);
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `${options.tls ? 'https' : 'http'}://127.0.0.1:${port}`,
    get asked() {
      return asked;
    },
    break(next) {
      fault = next;
      since = 0;
    },
    clear() {
      asked = [];
      since = 0;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function textOf(request: http.IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

function forward(
  target: string | undefined,
  path: string,
  request: http.IncomingMessage,
  body: string,
): Promise<Answered> {
  if (target === undefined) throw new Error(`Nothing stands behind this proxy to answer ${path}.`);
  const { host, 'accept-encoding': _, 'content-length': _size, ...headers } = request.headers;
  return new Promise((resolve, reject) => {
    const passed = http.request(`${target}${path}`, { method: request.method, headers }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('error', reject);
      answer.on('end', () => {
        const { 'content-length': _length, 'transfer-encoding': _encoding, connection, ...kept } = answer.headers;
        resolve({ status: answer.statusCode ?? 502, headers: kept, body: Buffer.concat(chunks) });
      });
    });
    passed.on('error', reject);
    passed.end(body);
  });
}

async function send(response: http.ServerResponse, reply: Reply): Promise<void> {
  if (reply.kind === 'hang') return;
  const { status, headers, body } = reply.answer;
  response.writeHead(status, { ...headers, 'content-length': body.length });
  if (reply.kind === 'answer') response.end(body);
  else if (reply.kind === 'cut') response.write(body.subarray(0, reply.bytes), () => response.destroy());
  else {
    for (const byte of body) {
      if (response.destroyed) return;
      response.write(Buffer.of(byte));
      await pause(reply.everyMs);
    }
    response.end();
  }
}
