// What the fake's routes are asked and answer, and errors as Datadog shapes them.

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: string;
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

export function fail(status: number, ...errors: readonly string[]): Answer {
  return { status, body: JSON.stringify({ errors }) };
}

/** A whole number in its bounds; `usual` when nothing is asked. Undefined: what Datadog refuses. */
export function sizeOf(query: URLSearchParams, name: string, usual: number, most: number): number | undefined {
  const given = query.get(name);
  const size = given === null ? usual : Number(given);
  return Number.isInteger(size) && size >= 0 && size <= most ? size : undefined;
}

/** Cursors say where the next page begins, and mean nothing to whoever gets them. */
export function cursorOf(at: number): string {
  return Buffer.from(JSON.stringify({ startAt: at })).toString('base64');
}

export function placeOf(cursor: string | null | undefined): number | undefined {
  if (cursor === null || cursor === undefined) return 0;
  try {
    const at: unknown = Object(JSON.parse(Buffer.from(cursor, 'base64').toString('utf8'))).startAt;
    return typeof at === 'number' ? at : undefined;
  } catch {
    return undefined;
  }
}
