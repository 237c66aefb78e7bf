// Poll: what all parts of one scan share, and how a part that is refused leaves the rest standing.
import type { Catalog } from '../../catalog/catalog.ts';
import type { Covered, ScanProblem } from '../../catalog/change.ts';
import type { EntityId, EntityKind } from '../../catalog/entity.ts';
import type { LiveHost } from '../connector.ts';
import { knownFacts } from '../knownFacts.ts';
import { type PartialScan, partly as partlyFor } from '../partly.ts';
import type { Api } from './ask/api.ts';
import { type Asked, type Listing, listAll } from './ask/pages.ts';
import type { Warehouses } from './ask/warehouse.ts';
import type { Cursor } from './cursor.ts';
import { type Place, scopeOf } from './ids.ts';
import type { Memory } from './memory.ts';
import type { StoredTable } from './unity/shapes.ts';

/** What a scan or a look begins with. */
export type Asking = Omit<Poll, 'last' | 'problems' | 'touched' | 'owes'>;

export interface Poll {
  readonly api: Api;
  readonly host: LiveHost;
  readonly warehouses: Warehouses;
  readonly memory: Memory;
  readonly place: Place;
  /** `databricks://<what the connection is called by>`: absence is asked of it. */
  readonly scope: string;
  readonly catalog: Catalog | undefined;
  readonly signal: AbortSignal;
  /** Epoch ms by the server's clock. */
  readonly now: number;
  /** Absent: all there is. */
  readonly last?: Cursor;
  readonly problems: ScanProblem[];
  /** Tables whose details were read in this scan. */
  readonly touched: StoredTable[];
  /** A part had to be left out that must be asked for again from where it was. */
  owes: boolean;
}

/** What bundles wrote down of an endpoint or a model. */
export function bundleTagsOf(
  poll: Pick<Poll, 'memory' | 'catalog' | 'place'>,
  kind: 'endpoint' | 'model',
): (id: EntityId, name: string) => readonly string[] {
  const known = knownFacts(poll);
  return (id, name) => poll.memory.bundleTags(`${kind} ${name}`, known(id)?.tags);
}

/** Of the workspace, or of the metastore; and of the connection, by which coverage is asked for. */
export function coveredIn(
  { place, scope }: Pick<Poll, 'place' | 'scope'>,
  kinds: readonly EntityKind[],
): readonly Covered[] {
  return kinds.flatMap((kind) => {
    const isModel = kind === 'model' || kind === 'version';
    const own = isModel
      ? scopeOf('mlflow', place.metastore)
      : scopeOf('databricks', kind === 'table' ? place.metastore : place.workspace);
    return [...new Set([own, scope])].map((one) => ({ kind, scope: one }));
  });
}

/** What is broken or not there speaks against what is essential as a whole. */
const reasons = { usual: ['forbidden', 'missing', 'refused', 'broken', 'tooBig'], essential: ['forbidden'] } as const;

export function partly<T>(
  poll: PartialScan,
  what: string,
  ask: () => Promise<T>,
  isEssential = false,
): Promise<T | undefined> {
  return partlyFor(poll, what, ask, isEssential ? reasons.essential : reasons.usual);
}

/** Undefined when it could not be asked; a listing with a gap says so, unless the gap is our own cap. */
export async function listed<T>(
  poll: Pick<Poll, 'api' | 'host' | 'signal' | 'problems'>,
  asked: Asked<T>,
  isEssential = false,
): Promise<Listing<T> | undefined> {
  const ask = async (): Promise<Listing<T>> => {
    const listing = await listAll(poll.api, asked, poll.signal);
    const { gap, reason } = listing;
    if (gap === 'unread' || gap === 'repeats') poll.problems.push({ message: `${poll.api.place}: ${reason}.` });
    else if (gap) poll.host.log.info(`${poll.api.place}: ${reason}`);
    return listing;
  };
  return partly(poll, asked.what, ask, isEssential);
}
