// What the fake's routes are asked and answer: pages by token, and errors as Databricks shapes them.
import type { Json } from './state.ts';

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: string;
  readonly authorization: string;
  readonly range: string | undefined;
}

export interface Answer {
  readonly status: number;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Route {
  readonly method: 'GET' | 'POST';
  readonly path: RegExp;
  readonly handle: (asked: Asked, ...parts: string[]) => Answer;
}

export function get(path: RegExp, handle: Route['handle']): Route {
  return { method: 'GET', path, handle };
}

export function ok(value: unknown): Answer {
  return { status: 200, body: JSON.stringify(value) };
}

export function fail(status: number, error_code: string, message: string): Answer {
  return { status, body: JSON.stringify({ error_code, message, details: [] }) };
}

/** Tokens say where the next page begins. Lists that are empty are left out, as proto JSON does. */
export function paged(items: readonly Json[], field: string, size: number, query: URLSearchParams): Json {
  const from = Number(/^from-(\d+)$/.exec(query.get('page_token') ?? '')?.[1] ?? 0);
  const page = items.slice(from, from + size);
  const next = from + size < items.length ? { next_page_token: `from-${from + size}` } : {};
  return { ...(page.length > 0 ? { [field]: page } : {}), ...next };
}

/** Undefined when the page size asked for is one that the API refuses. */
export function sizeOf(query: URLSearchParams, name: string, usual: number, most: number): number | undefined {
  const given = query.get(name);
  if (given === null) return usual;
  const size = Number(given);
  return Number.isInteger(size) && size >= 0 && size <= most ? size || most : undefined;
}
