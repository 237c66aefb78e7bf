// Answers: how the faults of the table are made: whole answers, and answers of the real server changed on the way.
import type { Answered, Asked, Fault, Reply } from './proxy.ts';

export function text(status: number, body: string, headers: Answered['headers'] = {}): Reply {
  return {
    kind: 'answer',
    answer: { status, headers: { 'content-type': 'text/plain; charset=utf-8', ...headers }, body: Buffer.from(body) },
  };
}

export function json(status: number, body: unknown, headers: Answered['headers'] = {}): Reply {
  return text(status, JSON.stringify(body), { 'content-type': 'application/json', ...headers });
}

export function html(status: number, body: string): Reply {
  return text(status, body, { 'content-type': 'text/html; charset=utf-8' });
}

/** Of Snowflake's SQL API the statement with its path, since there is but one path. */
function placeOf({ path, body }: Asked): string {
  if (!path.startsWith('/api/v2/statements') || body === '') return path;
  return `${path} ${String(Object(JSON.parse(body)).statement ?? '')}`;
}

/** Requests whose path matches are answered by `fault`, all others pass. */
export function on(path: RegExp, fault: Fault): Fault {
  return async (asked, pass) =>
    path.test(placeOf(asked)) ? fault(asked, pass) : { kind: 'answer', answer: await pass() };
}

/** JSON answers of 200 are parsed, changed and sent on; others pass. */
export function changed(change: (value: unknown, path: string) => unknown): Fault {
  return async (asked, pass) => {
    const answer = await pass();
    const isJson = String(answer.headers['content-type'] ?? '').includes('json');
    if (!isJson || answer.status !== 200) return { kind: 'answer', answer };
    const body = Buffer.from(JSON.stringify(change(JSON.parse(answer.body.toString('utf8')), asked.path)));
    return { kind: 'answer', answer: { ...answer, body } };
  };
}

/** The text of answers is changed, for what is no JSON any more. */
export function rewritten(rewrite: (body: string) => string): Fault {
  return async (_asked, pass) => {
    const answer = await pass();
    return { kind: 'answer', answer: { ...answer, body: Buffer.from(rewrite(answer.body.toString('utf8'))) } };
  };
}

/**
 * Every field of the items of a listing, the deepest first; `undefined` takes it away. What holds the items stays: a
 * listing without its array is an empty one (MLflow).
 */
export function eachField(value: unknown, change: (name: string, value: unknown) => unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => inItem(item, change));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name,
      // Prometheus holds its listings in an envelope.
      Array.isArray(inner)
        ? inner.map((item) => inItem(item, change))
        : name === 'data'
          ? eachField(inner, change)
          : inner,
    ]),
  );
}

function inItem(value: unknown, change: (name: string, value: unknown) => unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => inItem(item, change));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, inner]) => {
      const next = change(name, inItem(inner, change));
      return next === undefined ? [] : [[name, next]];
    }),
  );
}
