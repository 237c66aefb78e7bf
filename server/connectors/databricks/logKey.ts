// Log keys: how a log that only Databricks hands out is written in its address.

export type LogKey =
  /** Of a task's run. */
  | { readonly kind: 'output'; readonly run: string }
  /** Delivered by a cluster: `dbfs:/…` or `/Volumes/…`. */
  | { readonly kind: 'file'; readonly path: string };

export function logKey(key: LogKey): string {
  return key.kind === 'output' ? `output/${key.run}` : `file/${key.path}`;
}

/** Undefined for what is no key of ours. */
export function parseLogKey(text: string): LogKey | undefined {
  const run = /^output\/(\d{1,20})$/.exec(text)?.[1];
  if (run !== undefined) return { kind: 'output', run };
  const path = /^file\/((?:dbfs:\/|\/Volumes\/).{1,2000})$/.exec(text)?.[1];
  return path === undefined || path.split('/').includes('..') ? undefined : { kind: 'file', path };
}
