// Keys: the part of a store's key that differs from run to run, and the folder before it that stays; pure.

/** Dates, times, counted versions and hashes; `dt=2026-11-20`, `run=12`. */
const changing =
  /^(\d{4}-?\d{2}-?\d{2}([T_ -]?[\d:.+-]+Z?)?|v\d[\w.-]*|(version|run|run_id|dt|date|ds|day|hour|year|month)=.+|\d+|(?=[0-9a-f]*\d)[0-9a-f]{7,64})$/i;

/** Index of the first changing part after the first one; -1 when there is none. `parts` without the file itself. */
export function changingPart(parts: readonly string[]): number {
  return parts.findIndex((part, index) => index > 0 && changing.test(part));
}

/**
 * `churn/features/2026-11-20/part-0.parquet` and `churn/features/2026-11-20.parquet` are the data `churn/features/` on
 * one day. Undefined when nothing in the key looks like a day, a version or a run.
 */
export function stableFolder(key: string): string | undefined {
  const parts = key.split('/');
  const file = parts.at(-1) ?? '';
  const at = changingPart(parts.slice(0, -1));
  if (at >= 0) return `${parts.slice(0, at).join('/')}/`;
  const dated = parts.length > 1 && /^\d{4}-?\d{2}-?\d{2}/.test(file.replace(/\.[a-z0-9.]+$/i, ''));
  return dated ? `${parts.slice(0, -1).join('/')}/` : undefined;
}

/** `s3://bucket/churn/features/2026-11-20/part-0.parquet` → `s3://bucket/churn/features/`; anything else as it is. */
export function stableUri(uri: string): string {
  const [, store = '', key] = /^([a-z][a-z0-9+.-]*:\/\/[^/]*\/)(.+)$/is.exec(uri) ?? [];
  const folder = key === undefined ? undefined : stableFolder(key);
  return folder === undefined ? uri : `${store}${folder}`;
}
