// File: connections.json as it is read and changed; what we do not understand in it stays as it is.
import type { ConnectionConfig } from '../protocol/connection.ts';
import { readText, stat } from '../world/files.ts';
import { writeOwnFile } from '../world/ownFile.ts';
import { notJson, type ParsedConnections, parseConnections, parseConnectionsText } from './parse.ts';

const maxBytes = 1024 * 1024;

/** A file that is not there has no connections; one that cannot be read has a problem. */
export async function readConnections(file: string): Promise<ParsedConnections> {
  try {
    return parseConnectionsText(await textOf(file), file);
  } catch (error) {
    return { connections: [], problems: [error instanceof Error ? error.message : String(error)] };
  }
}

/** Adds it, or takes the place of the one of this name. Rejects, with the words for the user, when the file cannot be changed. */
export function saveConnection(file: string, config: ConnectionConfig): Promise<void> {
  return change(file, (entries) => {
    const at = entries.findIndex((entry) => nameOf(entry) === config.name);
    if (at < 0) return [...entries, config];
    return entries.with(at, { ...unknownOf(entries[at]), ...config });
  });
}

/** Rejects when no entry has this name. */
export function removeConnection(file: string, name: string): Promise<void> {
  return change(file, (entries) => {
    const rest = entries.filter((entry) => nameOf(entry) !== name);
    if (rest.length === entries.length) throw notThere(file, name);
    return rest;
  });
}

/** Rejects when no entry has this name. */
export function pauseConnection(file: string, name: string, paused: boolean): Promise<void> {
  return change(file, (entries) => {
    const at = entries.findIndex((entry) => nameOf(entry) === name);
    if (at < 0) throw notThere(file, name);
    const { paused: _, ...rest } = entries[at] as { readonly paused?: unknown };
    return entries.with(at, paused ? { ...rest, paused: true } : rest);
  });
}

/** One change after the other, so that two at once do not lose one. */
let last: Promise<unknown> = Promise.resolve();

function change(file: string, make: (entries: readonly unknown[]) => readonly unknown[]): Promise<void> {
  const next = last.then(async () => {
    const entries = await entriesOf(file);
    await writeOwnFile(file, `${JSON.stringify(make(entries), null, 2)}\n`);
  });
  last = next.catch(() => undefined);
  return next;
}

async function entriesOf(file: string): Promise<readonly unknown[]> {
  const text = await textOf(file);
  if (text.trim() === '') return [];
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new Error(`${notJson(file, text, error)} Nothing was written.`);
  }
  if (Array.isArray(value)) return value;
  throw new Error(`${parseConnections(value, file).problems.join(' ')} Nothing was written.`);
}

async function textOf(file: string): Promise<string> {
  return (await stat(file)) ? readText(file, maxBytes) : '';
}

function nameOf(entry: unknown): unknown {
  return typeof entry === 'object' && entry !== null && 'name' in entry ? entry.name : undefined;
}

const ours: ReadonlySet<string> = new Set<keyof ConnectionConfig>([
  'name',
  'tool',
  'url',
  'environment',
  'instance',
  'credential',
  'workspace',
  'logs',
  'sshConfigFile',
  'allowSelfSigned',
  'caFile',
  'certificateFile',
  'keyFile',
  'paused',
]);

/** What another version wrote into the entry. */
function unknownOf(entry: unknown): object {
  return Object.fromEntries(Object.entries(entry as object).filter(([key]) => !ours.has(key)));
}

function notThere(file: string, name: string): Error {
  return new Error(`There is no connection "${name}" in ${file}. Look at the list of connections again.`);
}
