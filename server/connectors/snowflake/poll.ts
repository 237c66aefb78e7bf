// Poll: what all parts of one scan share, and how a part that is refused leaves the rest standing.
import type { Catalog } from '../../catalog/catalog.ts';
import type { Covered, ScanProblem } from '../../catalog/change.ts';
import type { EntityKind } from '../../catalog/entity.ts';
import type { LiveHost } from '../connector.ts';
import { HttpError } from '../httpError.ts';
import { type PartialScan, partly as partlyFor } from '../partly.ts';
import type { OriginOfQuery } from '../queryOrigin.ts';
import type { Api, Rows } from './ask/api.ts';
import type { Awake, Warehouses } from './ask/warehouses.ts';
import type { Cursor } from './cursor.ts';
import { type Place, scopeOf } from './ids.ts';
import type { Memory } from './memory.ts';

/** What a scan or a look begins with. */
export interface Asking {
  readonly api: Api;
  readonly host: LiveHost;
  readonly warehouses: Warehouses;
  readonly memory: Memory;
  readonly place: Place;
  /** `snowflake://<what the connection is called by>`: absence is asked of it. */
  readonly scope: string;
  readonly catalog: Catalog | undefined;
  /** What marks in a query say of who sent it. */
  readonly originOf: OriginOfQuery;
  readonly signal: AbortSignal;
  /** Epoch ms by the server's clock. */
  readonly now: number;
}

export interface Poll extends Asking {
  /** Absent: all there is. */
  readonly last?: Cursor;
  readonly problems: ScanProblem[];
  /** May be asked what needs a warehouse. */
  readonly warehouse: Awake | undefined;
}

/** Of the account, and of the connection, by which coverage is asked for. */
export function coveredIn(
  { place, scope }: Pick<Poll, 'place' | 'scope'>,
  kinds: readonly EntityKind[],
): readonly Covered[] {
  const own = [...new Set([scopeOf(place.account), scope])];
  return kinds.flatMap((kind) => own.map((one) => ({ kind, scope: one })));
}

const reasons = {
  usual: ['forbidden', 'missing', 'refused', 'broken', 'tooBig'],
  essential: ['forbidden', 'missing', 'refused'],
} as const;

/** `isEssential`: without it there is nothing to tell, so only a right that is missing leaves the rest. */
export function partly<T>(
  poll: PartialScan,
  what: string,
  ask: () => Promise<T>,
  isEssential = false,
): Promise<T | undefined> {
  return partlyFor(poll, what, ask, isEssential ? reasons.essential : reasons.usual);
}

/** By SHOW. An account that lists no such things, or a role that may not, is no problem of the connection. */
export async function ifListed(
  { api, signal, memory, now, host }: Pick<Poll, 'api' | 'signal' | 'memory' | 'now' | 'host'>,
  what: string,
  statement: string,
): Promise<Rows | undefined> {
  if (memory.refused(what, now) !== undefined) return undefined;
  try {
    return await api.ask(statement, signal);
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof HttpError) || !/^(forbidden|missing|refused)$/.test(error.kind)) throw error;
    memory.refuse(what, error.message, now);
    const reason = error.message;
    host.log.info(`${what} are not read: this account does not list them, or the role may not`, { reason });
    return undefined;
  }
}

/** Undefined when no warehouse may be asked, or when it could not be asked. */
export async function throughWarehouse(poll: Poll, what: string, statement: string): Promise<Rows | undefined> {
  const { warehouse, warehouses, signal } = poll;
  if (warehouse === undefined) return undefined;
  return partly(poll, what, () => warehouses.query(warehouse, statement, signal));
}
