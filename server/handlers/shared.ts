// Shared: one sweep over a notebook for all of its cells, each of which asks for itself.
import { CancellationToken } from 'vscode-languageserver/node';
import type { ParsedDocument } from '../syntax/document.ts';

interface Sweep {
  readonly of: string;
  readonly began: number;
  readonly result: Promise<unknown>;
}

/**
 * What `sweep` comes to for a document, made once for questions of one `method` in a row as long as `of` stays the same;
 * for anything but a notebook every time. A sweep that others may wait for is not cancelled.
 */
export type Shared = <Result>(
  method: string,
  document: ParsedDocument,
  of: string,
  token: CancellationToken,
  sweep: (token: CancellationToken) => Promise<Result>,
) => Promise<Result>;

/** Ages are told in what is shared, so it is not for long. */
const longestMs = 2000;

export function shareSweeps(now: () => number): Shared {
  const last = new Map<string, Sweep>();
  return <Result>(
    method: string,
    document: ParsedDocument,
    of: string,
    token: CancellationToken,
    sweep: (token: CancellationToken) => Promise<Result>,
  ): Promise<Result> => {
    if (!document.notebook) return sweep(token);
    const key = `${method} ${document.uri}`;
    const own = `${document.version} ${of}`;
    const known = last.get(key);
    if (known?.of === own && now() - known.began < longestMs) return known.result as Promise<Result>;
    const result = sweep(CancellationToken.None);
    last.set(key, { of: own, began: now(), result });
    const forget = (): void => {
      if (last.get(key)?.result === result) last.delete(key);
    };
    result.catch(forget);
    setTimeout(forget, longestMs).unref();
    return result;
  };
}
