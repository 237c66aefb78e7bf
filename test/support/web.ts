// Web: servers on loopback, good and bad, that end with the test, and certificates made for it.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import type net from 'node:net';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import type { TestContext } from 'node:test';
import type { HttpError } from '../../server/connectors/httpError.ts';

export interface Served {
  readonly port: number;
  /** `METHOD /path?query` of everything that came. */
  readonly asked: readonly string[];
  /** How many sockets were opened. */
  readonly sockets: () => number;
}

export type Handler = (request: http.IncomingMessage, answer: http.ServerResponse) => void;

export async function served(context: TestContext, handler: Handler, secure?: https.ServerOptions): Promise<Served> {
  const asked: string[] = [];
  const listener: Handler = (request, answer) => {
    asked.push(`${request.method} ${request.url}`);
    handler(request, answer);
  };
  const server = secure ? https.createServer(secure, listener) : http.createServer(listener);
  const { port, sockets } = await listening(context, server);
  return { port, asked, sockets };
}

/** Any server of node:net; what is open is cut when the test ends. */
export async function listening(context: TestContext, server: net.Server) {
  const open = new Set<net.Socket>();
  let count = 0;
  server.on('connection', (socket: net.Socket) => {
    count += 1;
    open.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => open.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  context.after(() => {
    for (const socket of open) socket.destroy();
    server.close();
  });
  return { port: (server.address() as AddressInfo).port, sockets: () => count };
}

/** What comes from one goes to the other, until either ends. */
export function join(one: net.Socket, other: net.Socket): void {
  one.pipe(other).pipe(one);
  const end = () => {
    one.destroy();
    other.destroy();
  };
  for (const each of [one, other]) each.on('error', end).on('close', end);
}

export function json(answer: http.ServerResponse, value: unknown, headers: http.OutgoingHttpHeaders = {}): void {
  answer.writeHead(200, { 'content-type': 'application/json', ...headers });
  answer.end(JSON.stringify(value));
}

/** The error of a promise that must fail. */
export async function failure(work: Promise<unknown>): Promise<HttpError> {
  return work.then(
    (value) => {
      throw new Error(`It did not fail: ${JSON.stringify(value)}`);
    },
    (error: HttpError) => error,
  );
}

export interface Certificates {
  /** Paths of PEM files: an authority, a server and a client signed by it, and a server that nobody vouches for. */
  readonly ca: string;
  readonly server: Pair;
  readonly wrongName: Pair;
  readonly client: Pair;
  readonly selfSigned: Pair;
}

export interface Pair {
  readonly certificate: string;
  readonly key: string;
}

/** Made by openssl in a folder of its own, which is removed when the process ends. */
export function certificates(): Certificates {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'plumbline-certificates-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  const file = (name: string) => path.join(folder, name);
  const openssl = (...parts: string[]) => execFileSync('openssl', parts, { cwd: folder, stdio: 'pipe' });
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  const self = (name: string, ...more: string[]): Pair => {
    openssl(
      'req',
      '-x509',
      ...newKey,
      '-keyout',
      `${name}.key`,
      '-out',
      `${name}.pem`,
      '-days',
      '2',
      '-subj',
      `/CN=${name}`,
      ...more,
    );
    return { certificate: file(`${name}.pem`), key: file(`${name}.key`) };
  };
  const ca = self('authority');
  const signed = (name: string, alternative: string): Pair => {
    writeFileSync(file(`${name}.ext`), `subjectAltName=${alternative}\n`);
    openssl('req', ...newKey, '-keyout', `${name}.key`, '-out', `${name}.csr`, '-subj', `/CN=${name}`);
    openssl(
      'x509',
      '-req',
      '-in',
      `${name}.csr`,
      '-CA',
      ca.certificate,
      '-CAkey',
      ca.key,
      '-CAcreateserial',
      '-out',
      `${name}.pem`,
      '-days',
      '2',
      '-extfile',
      `${name}.ext`,
    );
    return { certificate: file(`${name}.pem`), key: file(`${name}.key`) };
  };
  return {
    ca: ca.certificate,
    server: signed('server', 'IP:127.0.0.1,DNS:localhost,DNS:tracking.example'),
    wrongName: signed('other', 'DNS:other.example'),
    client: signed('client', 'DNS:client.example'),
    selfSigned: self('nobody', '-addext', 'subjectAltName=IP:127.0.0.1'),
  };
}
