// A fake Snowflake account: the SQL API v2 over HTTP, with tokens and signed ones, handles, partitions, and warehouses that sleep.
import { createPublicKey, randomUUID, verify } from 'node:crypto';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { type Result, type World, worldAt } from './world.ts';

export interface Statement {
  readonly statement: string;
  readonly warehouse?: string;
  readonly role?: string;
  readonly isAsync: boolean;
}

export interface Answer {
  readonly status: number;
  readonly body: object;
}

export interface FakeSnowflake {
  readonly url: string;
  readonly world: World;
  /** Every statement that came, in order. */
  readonly asked: Statement[];
  /** `METHOD /path` of all else. */
  readonly others: string[];
  readonly tokens: Set<string>;
  /** By `ACCOUNT.USER`, the PEM text of the public key. */
  readonly users: Map<string, string>;
  /** Warehouses that slept and were woken by a statement. */
  readonly woken: string[];
  /** Rows of a partition; the first one comes with the answer. */
  partitionRows: number;
  /** How often a handle says that it is not done yet. */
  pending: number;
  fault: ((statement: Statement) => Answer | undefined) | undefined;
  close(): Promise<void>;
}

export const personalToken = 'pat-fake-token';
/** What a `SELECT` from anything needs; functions of the session alone do not. */
const needsWarehouse = /\bFROM\b/;

export async function fakeSnowflake(now: number): Promise<FakeSnowflake> {
  const results = new Map<string, { readonly result: Result; left: number }>();
  const server = http.createServer((request, response) => {
    textOf(request).then(
      (body) => {
        const answer = answerTo(request, body);
        const isPart = /partition=/.test(request.url ?? '');
        const text = JSON.stringify(answer.body);
        const headers = { 'content-type': 'application/json', ...(isPart ? { 'content-encoding': 'gzip' } : {}) };
        response.writeHead(answer.status, headers).end(isPart ? gzipSync(text) : text);
      },
      () => response.destroy(),
    );
  });

  const answerTo = (request: http.IncomingMessage, body: string): Answer => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://any');
    const refusal = unknownTo(fake, request, now);
    if (refusal) return refusal;
    const handle = /^\/api\/v2\/statements\/([^/]+)(\/cancel)?$/.exec(pathname);
    if (pathname === '/api/v2/statements' && request.method === 'POST') return begun(JSON.parse(body), searchParams);
    fake.others.push(`${request.method} ${pathname.replace(/[0-9a-f-]{36}/, '…')}`);
    if (!handle) return failed(404, '390000', 'Not found');
    const known = results.get(handle[1] ?? '');
    if (!known) return failed(404, '391918', 'Unknown statement handle');
    if (handle[2]) return { status: 200, body: { code: '000604', message: 'successfully canceled' } };
    const part = searchParams.get('partition');
    if (part !== null) return { status: 200, body: { data: partsOf(known.result)[Number(part)] ?? [] } };
    if (known.left > 0) {
      known.left -= 1;
      return running(handle[1] ?? '');
    }
    return told(handle[1] ?? '', known.result);
  };

  const begun = (asked: Readonly<Record<string, unknown>>, query: URLSearchParams): Answer => {
    const one: Statement = {
      statement: String(asked.statement),
      isAsync: query.get('async') === 'true',
      ...(typeof asked.warehouse === 'string' ? { warehouse: asked.warehouse } : {}),
      ...(typeof asked.role === 'string' ? { role: asked.role } : {}),
    };
    fake.asked.push(one);
    const planned = fake.fault?.(one);
    if (planned) return planned;
    if (/^SELECT\b/.test(one.statement) && needsWarehouse.test(one.statement)) {
      const found = fake.world.warehouses.find(({ name }) => name === one.warehouse);
      if (!found) return failed(422, '000606', 'No active warehouse selected in the current session.', '57P03');
      if (found.state !== 'STARTED') fake.woken.push(found.name);
    }
    const result = fake.world.answer(one.statement);
    if ('code' in result) return failed(422, result.code, result.message, result.sqlState);
    const handle = randomUUID();
    results.set(handle, { result, left: one.isAsync ? fake.pending : 0 });
    return one.isAsync ? running(handle) : told(handle, result);
  };

  const running = (statementHandle: string): Answer => ({
    status: 202,
    body: { code: '333334', message: 'Asynchronous execution in progress.', statementHandle },
  });

  const partsOf = ({ rows }: Result): readonly (readonly unknown[])[] => {
    const parts: (readonly unknown[])[] = [];
    for (let at = 0; at === 0 || at < rows.length; at += fake.partitionRows)
      parts.push(rows.slice(at, at + fake.partitionRows));
    return parts;
  };

  const told = (statementHandle: string, result: Result): Answer => {
    const parts = partsOf(result);
    const rowType = result.columns.map((column) => {
      const [name = '', type = 'text'] = column.split(':');
      return { name, type, nullable: true };
    });
    const partitionInfo = parts.map((part) => ({ rowCount: part.length, uncompressedSize: 1 }));
    const resultSetMetaData = { numRows: result.rows.length, format: 'jsonv2', partitionInfo, rowType };
    const body = { resultSetMetaData, data: parts[0] ?? [], code: '090001', sqlState: '00000', statementHandle };
    return { status: 200, body: { ...body, message: 'Statement executed successfully.' } };
  };

  const fake: FakeSnowflake = {
    ...{ url: '', world: worldAt(now), asked: [], others: [], woken: [], partitionRows: 4_000, pending: 0 },
    ...{ tokens: new Set([personalToken]), users: new Map(), fault: undefined },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return Object.assign(fake, { url: `http://127.0.0.1:${port}` });
}

function failed(status: number, code: string, message: string, sqlState = '00000'): Answer {
  return { status, body: { code, message, sqlState } };
}

/** Undefined: it may ask. */
function unknownTo({ tokens, users }: FakeSnowflake, request: http.IncomingMessage, now: number): Answer | undefined {
  const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '';
  if (!/^[\w.-]+\/\d/.test(request.headers['user-agent'] ?? '')) return failed(400, '391903', 'User-Agent is required');
  if (tokens.has(token)) return undefined;
  if (request.headers['x-snowflake-authorization-token-type'] !== 'KEYPAIR_JWT')
    return failed(401, '390303', 'Invalid OAuth access token.');
  return isSigned(token, users, now) ? undefined : failed(401, '390144', 'JWT token is invalid.');
}

function isSigned(token: string, users: ReadonlyMap<string, string>, now: number): boolean {
  const [head = '', claims = '', signature = ''] = token.split('.');
  const { iss, sub, iat, exp } = JSON.parse(Buffer.from(claims, 'base64url').toString('utf8') || '{}');
  const pem = users.get(String(sub));
  if (pem === undefined || !String(iss).startsWith(`${sub}.SHA256:`)) return false;
  const isNow = Math.abs(Number(iat) * 1000 - now) < 60_000 && exp <= iat + 3600;
  return (
    isNow &&
    verify('RSA-SHA256', Buffer.from(`${head}.${claims}`), createPublicKey(pem), Buffer.from(signature, 'base64url'))
  );
}

async function textOf(request: http.IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
