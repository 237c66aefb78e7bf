// Memory: what one connection need not ask again and again: which database answers for all, and what this edition does not have.

import type { SeenEntity } from '../../catalog/change.ts';
import type { Edge } from '../../catalog/edge.ts';

export interface Around {
  readonly entities: readonly SeenEntity[];
  readonly edges: readonly Edge[];
}

const goodMs = 10 * 60_000;
const most = 300;

export class Memory {
  /** Of the account, without Snowflake's own; absent before they were listed. */
  databases: readonly string[] | undefined;
  /** Addresses of external stages; absent before they were listed. */
  stages: ReadonlyMap<string, string> | undefined;
  /** Of the last listing of tasks that was whole. */
  tasks: string | undefined;
  /** What was refused, with Snowflake's words; asked again after a day. */
  readonly #refused = new Map<string, { readonly at: number; readonly words: string }>();
  readonly #tables = new Map<string, { readonly at: number; readonly around: Around }>();
  /** Epoch ms by the name of a metric query: when it ran last. */
  readonly measured = new Map<string, number>();

  /** Functions of any INFORMATION_SCHEMA tell of the whole account. */
  get database(): string | undefined {
    return this.databases?.[0];
  }

  refuse(what: string, words: string, now: number): void {
    this.#refused.set(what, { at: now, words });
  }

  /** Snowflake's words; undefined: it may be asked. */
  refused(what: string, now: number): string | undefined {
    const known = this.#refused.get(what);
    return known && Math.abs(now - known.at) < 86_400_000 ? known.words : undefined;
  }

  get allRefused(): readonly string[] {
    return [...this.#refused.keys()];
  }

  /** Of a table on screen; `now` in epoch ms; `ask` only when what is known is older than ten minutes. */
  async around(table: string, now: number, ask: () => Promise<Around | undefined>): Promise<Around> {
    const known = this.#tables.get(table);
    if (known && Math.abs(now - known.at) < goodMs) return known.around;
    const around = await ask();
    if (around === undefined) return known?.around ?? { entities: [], edges: [] };
    this.#tables.delete(table);
    this.#tables.set(table, { at: now, around });
    const [oldest] = this.#tables.keys();
    if (this.#tables.size > most && oldest !== undefined) this.#tables.delete(oldest);
    return around;
  }
}
