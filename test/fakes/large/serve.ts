// Serve: a small fast server of recorded shapes on loopback, for more things than a real one can be filled with in a test.
import http from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: string;
}

/** A text goes out as it is; all else as JSON. Undefined: 404. */
export interface Answer {
  readonly status?: number;
  readonly type?: string;
  readonly body: unknown;
}

export interface LargeServer {
  readonly url: string;
  /** `METHOD /path?query` of all that came. */
  readonly asked: string[];
  close(): Promise<void>;
}

export async function serve(answer: (asked: Asked) => Answer | undefined): Promise<LargeServer> {
  const asked: string[] = [];
  const server = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const url = new URL(request.url ?? '/', 'http://any');
      const method = request.method ?? 'GET';
      asked.push(`${method} ${request.url}`);
      const body = Buffer.concat(chunks).toString('utf8');
      const found = answer({ method, path: url.pathname, query: url.searchParams, body });
      const {
        status = 200,
        type = 'application/json',
        body: sent,
      } = found ?? { status: 404, body: { detail: 'Not Found' } };
      response.writeHead(status, { 'content-type': type });
      response.end(typeof sent === 'string' || Buffer.isBuffer(sent) ? sent : JSON.stringify(sent));
    });
  });
  // A client that works for seconds between two questions finds its connection open.
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

/** So many, each made from its place in the order. */
export function made<T>(count: number, make: (index: number) => T, from = 0): T[] {
  return Array.from({ length: Math.max(0, count) }, (_, index) => make(from + index));
}
