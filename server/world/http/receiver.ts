// Receiver: a server of ours on this machine alone that takes what programs here post to it; bounded in size, number and time.
import { timingSafeEqual } from 'node:crypto';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { Log } from '../../connectors/connector.ts';
import { codeOf, messageOf, WorldError } from '../failure.ts';

export interface ReceiverAnswer {
  readonly status: number;
  /** Sent as JSON; absent: nothing. */
  readonly json?: object;
}

export interface ReceiverOptions {
  /** 0: any that is free. */
  readonly port: number;
  /** What posts are taken at. */
  readonly paths: readonly string[];
  /** Whoever posts must send it as `Authorization: Bearer <key>`; absent: whoever is on this machine may post. */
  readonly key?: string;
  readonly log: Log;
  /** Of one body, unpacked. One after the other; what it throws is told as 503, which senders try again. */
  take(text: string): Promise<ReceiverAnswer>;
}

export interface Receiver {
  /** `http://127.0.0.1:5050`. */
  readonly url: string;
  /** Takes no more; resolves when what was taken is kept. */
  close(): Promise<void>;
}

const limits = { packedBytes: 16 * 1024 * 1024, plainBytes: 64 * 1024 * 1024, connections: 512, bodies: 8 };
const timeouts = { headersMs: 10_000, requestMs: 60_000, idleMs: 30_000 };
const unpack = promisify(gunzip);

/** Rejects when it cannot listen there, in words. */
export async function startReceiver(options: ReceiverOptions): Promise<Receiver> {
  const bodies = atMost(limits.bodies);
  let last: Promise<unknown> = Promise.resolve();
  const inTurn: Gate = (work) => {
    const next = last.then(work, work);
    last = next.catch(() => undefined);
    return next;
  };
  const server = http.createServer(
    { headersTimeout: timeouts.headersMs, requestTimeout: timeouts.requestMs, keepAliveTimeout: timeouts.idleMs },
    (request, answer) => {
      const said = answered(request, options, { bodies, inTurn });
      void said.then((what) => send(request, answer, what));
    },
  );
  server.maxConnections = limits.connections;
  await listen(server, options.port);
  server.on('error', (error) => options.log.warn('the receiver of events has trouble', { reason: messageOf(error) }));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeIdleConnections();
      await last;
      server.closeAllConnections();
      await closed;
    },
  };
}

type Gate = <T>(work: () => Promise<T>) => Promise<T>;

/** So many at a time; the others wait, their bodies unread. */
function atMost(many: number): Gate {
  const waiting: (() => void)[] = [];
  let busy = 0;
  return async (work) => {
    if (busy >= many) await new Promise<void>((resolve) => waiting.push(resolve));
    else busy += 1;
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else busy -= 1;
    }
  };
}

function listen(server: http.Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => {
      const taken = codeOf(error) === 'EADDRINUSE';
      const why = taken ? 'another program listens there already' : messageOf(error);
      const words = `Events cannot be received at 127.0.0.1:${port}: ${why}. Name another port.`;
      reject(new WorldError(taken ? 'busy' : 'forbidden', words, error));
    });
    server.listen(port, '127.0.0.1', resolve);
  });
}

function send(request: http.IncomingMessage, answer: http.ServerResponse, { status, json }: ReceiverAnswer): void {
  const text = json === undefined ? '' : JSON.stringify(json);
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) };
  // What was not read to its end is not read on for the next request.
  const rest = request.complete ? {} : { connection: 'close' };
  answer.writeHead(status, { ...(text === '' ? {} : headers), ...rest });
  answer.end(text);
}

const refusal = (status: number, message: string): ReceiverAnswer => ({ status, json: { code: status, message } });

async function answered(
  request: http.IncomingMessage,
  { paths, key, log, take }: ReceiverOptions,
  { bodies, inTurn }: { readonly bodies: Gate; readonly inTurn: Gate },
): Promise<ReceiverAnswer> {
  const refused = mayPost(request, paths, key);
  if (refused) return refused;
  try {
    return await bodies(async () => {
      const packed = await bodyOf(request);
      if (packed === undefined)
        return refusal(413, `A body holds ${limits.packedBytes / 1024 / 1024} MB at most; send several.`);
      return inTurn(async () => {
        const text = await plain(packed, request.headers['content-encoding']);
        return typeof text === 'string' ? take(text) : text;
      });
    });
  } catch (error) {
    log.warn('an event could not be kept', { reason: messageOf(error) });
    return refusal(503, 'It could not be kept; send it again later.');
  }
}

/** A page in a browser may not post here, nor a name that somebody else's name server leads to this machine. */
function mayPost(
  { method, url, headers }: http.IncomingMessage,
  paths: readonly string[],
  key: string | undefined,
): ReceiverAnswer | undefined {
  const [pathname = ''] = (url ?? '').split('?', 1);
  if (!/^(localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?$/i.test(headers.host ?? ''))
    return refusal(403, 'It is asked for as localhost or 127.0.0.1 only.');
  if (headers.origin !== undefined) return refusal(403, 'Pages of a browser may not post here.');
  if (!paths.includes(pathname.replace(/\/+$/, ''))) return refusal(404, `Events are posted to ${paths.join(' or ')}.`);
  if (method !== 'POST') return refusal(405, 'Events are posted.');
  if (key !== undefined && !isSame(headers.authorization ?? '', `Bearer ${key}`))
    return refusal(401, 'The key is missing or wrong: send it as "Authorization: Bearer …" (OPENLINEAGE_API_KEY).');
  return undefined;
}

function isSame(a: string, b: string): boolean {
  const [one, other] = [Buffer.from(a), Buffer.from(b)];
  return one.length === other.length && timingSafeEqual(one, other);
}

/** Undefined above the cap; the rest is not read. */
async function bodyOf(request: http.IncomingMessage): Promise<Buffer | undefined> {
  if (Number(request.headers['content-length'] ?? 0) > limits.packedBytes) return undefined;
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > limits.packedBytes) return undefined;
    parts.push(part);
  }
  return Buffer.concat(parts);
}

async function plain(packed: Buffer, encoding = 'identity'): Promise<string | ReceiverAnswer> {
  if (encoding === 'identity') return packed.toString('utf8');
  if (!/^(x-)?gzip$/i.test(encoding)) return refusal(415, 'Bodies come plain or as gzip.');
  try {
    return (await unpack(packed, { maxOutputLength: limits.plainBytes })).toString('utf8');
  } catch (error) {
    if (codeOf(error) === 'ERR_BUFFER_TOO_LARGE')
      return refusal(413, `A body holds ${limits.plainBytes / 1024 / 1024} MB at most, unpacked; send several.`);
    return refusal(400, 'The body is no gzip, although it says so.');
  }
}
