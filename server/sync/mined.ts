// Mined: which instances were known when texts were read for ids of other tools' runs, so that a new one asks for all texts once more; of a connection beside its cursor.
import { createHash } from 'node:crypto';
import type { Catalog } from '../catalog/catalog.ts';
import { instancesIn } from '../catalog/mining/instances.ts';
import { isRecord, list, number } from '../connectors/json.ts';

/** What stands in the store as the place to go on from. */
export interface Kept {
  /** Of the connector; absent: it has none. */
  readonly cursor?: string;
  /** Instances, as short hashes, that all texts read so far were read against; absent: not known. */
  readonly instances?: readonly string[];
  /** Epoch ms of the last scan of all there is for the sake of a new instance. */
  readonly againAt: number;
}

/** A company with more has its links after the next scan of all there is. */
const mostInstances = 500;
/** Instances that appear one after the other do not make every scan a whole one. */
const restMs = 10 * 60_000;
const mark = 'mined 1';
/** Every search of Tune and every host would be a new one; trials are named in full by the run that starts them. */
const tooMany: ReadonlySet<string> = new Set(['raySearches', 'hosts']);

/** Of the other tools that texts can name, by what is configured and by what jobs are called after. */
export function instancesOf(catalog: Catalog, tool: string): readonly string[] {
  const own = tool === 'marquez' ? 'openlineage' : tool;
  const { named: _, ...known } = instancesIn(catalog);
  const all: readonly (readonly [string, readonly unknown[]])[] = Object.entries(known);
  const named = all.flatMap(([one, instances]) =>
    tooMany.has(one) || one === own ? [] : instances.map((instance) => short(`${one} ${JSON.stringify(instance)}`)),
  );
  return [...new Set(named)].sort().slice(0, mostInstances);
}

function short(name: string): string {
  return createHash('sha256').update(name).digest('hex').slice(0, 10);
}

/** A cursor without a mark is a connector's own. */
export function readKept(stored: string | undefined): Kept {
  if (stored === undefined) return { againAt: 0 };
  const plain: Kept = { cursor: stored, againAt: 0 };
  if (!stored.startsWith('{')) return plain;
  let value: unknown;
  try {
    value = JSON.parse(stored);
  } catch {
    return plain;
  }
  if (!isRecord(value) || value.kept !== mark) return plain;
  const { cursor } = value;
  const instances = list(value.instances).filter((one) => typeof one === 'string');
  return { ...(typeof cursor === 'string' ? { cursor } : {}), instances, againAt: number(value.againAt) ?? 0 };
}

export function writeKept({ cursor, instances, againAt }: Kept): string {
  return JSON.stringify({ kept: mark, cursor, instances, againAt });
}

/** Whether somebody is known now whom the texts were not read against. A name that went away is no reason. */
export function isNewcomer(before: readonly string[] | undefined, now: readonly string[]): boolean {
  return before !== undefined && now.some((one) => !before.includes(one));
}

/** Not again and again. */
export function mayAskAgain({ againAt }: Kept, now: number): boolean {
  return Math.abs(now - againAt) >= restMs;
}
