// Memory: what was asked of tables on screen a while ago, so that who looks at one for an hour does not ask it all again and again.
import type { KnownClusters } from './jobs/clusters.ts';
import { keptCode } from './jobs/code.ts';
import type { Lineage } from './unity/lineage.ts';

/** Of one table. */
export interface Around {
  readonly tags?: readonly string[];
  readonly lineage: Lineage;
  /** By column, what it is made of. */
  readonly columns: ReadonlyMap<string, readonly string[]>;
}

const goodMs = 10 * 60_000;
const most = 300;

export class Memory {
  /** What tasks run, by its path in the workspace. */
  readonly code = keptCode();
  /** Where clusters deliver their logs. */
  readonly clusters: KnownClusters = new Map();
  /** Tags of what bundles made beside jobs, of the last scan of all there is; absent: it was not read by this process. */
  madeByBundles: { readonly tags: ReadonlyMap<string, readonly string[]>; readonly isWhole: boolean } | undefined;
  readonly #tables = new Map<string, { readonly at: number; readonly around: Around }>();

  /** Of `endpoint churn-live`; what is not read now stays as it was `before`. */
  bundleTags(thing: string, before: readonly string[] = []): readonly string[] {
    const told = this.madeByBundles?.tags.get(thing);
    if (told || this.madeByBundles?.isWhole) return told ?? [];
    return before.filter((tag) => /^bundle(?:-\w+)?:/.test(tag));
  }

  /** `now` in epoch ms; `ask` only when what is known is older than ten minutes. */
  async around(table: string, now: number, ask: () => Promise<Around>): Promise<Around> {
    const known = this.#tables.get(table);
    if (known && Math.abs(now - known.at) < goodMs) return known.around;
    const around = await ask();
    this.#tables.delete(table);
    this.#tables.set(table, { at: now, around });
    const [oldest] = this.#tables.keys();
    if (this.#tables.size > most && oldest !== undefined) this.#tables.delete(oldest);
    return around;
  }
}
