// The `meta.yaml` of an MLflow file store: read, checked, and a problem with its path when that fails.
import path from 'node:path';
import { parse } from 'yaml';
import type { ConnectorHost } from '../../connector.ts';
import type { StoreProblem } from '../shape.ts';

export type Meta = Readonly<Record<string, unknown>>;

const maxBytes = 1024 * 1024;
const advice = 'Restore it, or remove its folder.';

export async function hasMeta(folder: string, host: ConnectorHost): Promise<boolean> {
  return (await host.stat(path.join(folder, 'meta.yaml')))?.kind === 'file';
}

export interface ReadMeta {
  /** Absent when there is a problem. */
  readonly meta?: Meta;
  readonly problem?: StoreProblem;
}

export async function readMeta(folder: string, host: ConnectorHost, part: StoreProblem['part']): Promise<ReadMeta> {
  const file = path.join(folder, 'meta.yaml');
  try {
    return parseMeta(await host.readText(file, maxBytes), file, part);
  } catch (error) {
    return { problem: { part, message: error instanceof Error ? error.message : String(error), advice } };
  }
}

export function parseMeta(text: string, file: string, part: StoreProblem['part']): ReadMeta {
  try {
    const meta = flatMeta(text) ?? parse(text, { schema: 'core', maxAliasCount: 0, logLevel: 'error' });
    if (typeof meta === 'object' && meta !== null && !Array.isArray(meta)) return { meta };
    return { problem: { part, message: `${file} is empty or no list of keys.`, advice } };
  } catch (error) {
    const said = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
    return { problem: { part, message: `${file} cannot be read as YAML: ${said}`, advice } };
  }
}

/**
 * What MLflow writes is nearly always one plain scalar a line; reading that here is twenty times faster than a YAML
 * parser, which matters for thousands of runs. Undefined for anything else, which the parser then reads.
 */
export function flatMeta(text: string): Meta | undefined {
  const meta: Record<string, unknown> = {};
  for (const line of text.split('\n')) {
    if (line === '') continue;
    const found = /^([a-z_]+): (?:'([^'\\]*)'|(\[\]|\{\})|([\w./@-][\w ./@:+-]*))$/.exec(line);
    if (!found) return undefined;
    const [, key = '', quoted, collection, plain] = found;
    if (quoted !== undefined) meta[key] = quoted;
    else if (collection === undefined && plain !== undefined) {
      if (/: |:$| $/.test(plain)) return undefined;
      const scalar = plainScalar(plain);
      if (scalar === undefined) return undefined;
      meta[key] = scalar;
    }
  }
  return meta;
}

/** Undefined for what YAML may read as something other than text, null or a decimal integer. */
function plainScalar(plain: string): string | number | null | undefined {
  if (plain === 'null') return null;
  if (/^-?(?:0|[1-9]\d{0,14})$/.test(plain)) return Number(plain);
  return /^(?:[-+.\d]|(?:true|false|yes|no|on|off|~)$)/i.test(plain) ? undefined : plain;
}

/** Undefined for null and the empty text. */
export function textIn(meta: Meta, key: string): string | undefined {
  const value = meta[key];
  if (typeof value === 'string') return value === '' ? undefined : value;
  return typeof value === 'number' || typeof value === 'bigint' ? String(value) : undefined;
}

export function numberIn(meta: Meta, key: string): number | undefined {
  const value = meta[key];
  return typeof value === 'number' ? value : undefined;
}
