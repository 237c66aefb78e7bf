// A Marquez of our own on loopback: takes OpenLineage events and answers what 0.51 answers; in memory, for tests.
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { type Answer, MarquezAnswers } from './answers.ts';
import { type Json, MarquezState } from './state.ts';

export interface FakeMarquez {
  readonly url: string;
  readonly state: MarquezState;
  /** `GET /path?query` of each question. */
  readonly asked: string[];
  post(event: object): void;
  close(): Promise<void>;
}

export async function fakeMarquez(): Promise<FakeMarquez> {
  const state = new MarquezState();
  const answers = new MarquezAnswers(state);
  const asked: string[] = [];
  const server = http.createServer((request, answer) => {
    asked.push(`${request.method} ${request.url}`);
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const [status, body] =
        request.method === 'POST' ? posted(request, Buffer.concat(parts), state) : got(request.url ?? '', answers);
      answer.writeHead(status, { 'content-type': 'application/json' });
      answer.end(body === undefined ? '' : JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    ...{ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, state, asked },
    post: (event) => void state.add(event as Json),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function posted(request: http.IncomingMessage, body: Buffer, state: MarquezState): readonly [number, unknown?] {
  if (request.url !== '/api/v1/lineage') return [404, { code: 404, message: 'HTTP 404 Not Found' }];
  const text = request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body;
  return state.add(JSON.parse(text.toString('utf8'))) ? [201] : [400, { errors: ['It is no event.'] }];
}

function got(url: string, answers: MarquezAnswers): readonly [number, unknown] {
  const { pathname, searchParams } = new URL(url, 'http://any');
  const answer = answerTo(pathname.split('/').slice(1).map(decodeURIComponent), searchParams, answers);
  return answer === undefined ? [404, { code: 404, message: 'HTTP 404 Not Found' }] : [200, answer];
}

function answerTo(
  [api, version, ...parts]: readonly string[],
  query: URLSearchParams,
  answers: MarquezAnswers,
): Answer {
  if (api !== 'api' || version !== 'v1') return undefined;
  const [first = '', namespace = '', kind = '', name = '', more] = parts;
  const node = query.get('nodeId') ?? '';
  if (parts.length === 1) {
    if (first === 'namespaces') return answers.namespaces(query);
    if (first === 'jobs') return answers.jobs(undefined, query);
    if (first === 'lineage') return answers.lineage(node);
    if (first === 'column-lineage') return answers.columnLineage(node);
    return first === 'search' ? answers.search(query) : undefined;
  }
  if (first === 'jobs' && namespace === 'runs') return answers.run(kind);
  if (first !== 'namespaces') return undefined;
  if (parts.length === 3) return kind === 'jobs' ? answers.jobs(namespace, query) : answers.datasets(namespace, query);
  const of = { namespace, name };
  if (kind === 'jobs') return more === 'runs' ? answers.runs(of, query) : answers.job(of);
  return more === 'versions' ? answers.versions(of, query) : answers.dataset(of);
}
