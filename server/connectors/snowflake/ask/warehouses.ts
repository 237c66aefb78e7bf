// Warehouses: which one may be asked without waking it or keeping it awake, and how long they worked for us.
import type { LiveHost } from '../../connector.ts';
import type { Api, Rows } from './api.ts';

export interface Awake {
  readonly name: string;
  /** Epoch ms: when it was woken the last time; 0 when that is not told. */
  readonly resumedAt: number;
  /** Statements of others run in it right now. */
  readonly isBusy: boolean;
}

export interface Listed {
  readonly awake: readonly Awake[];
  readonly all: number;
}

const mostDemands = 5;

/**
 * Nothing in the background may cost what would not be paid anyway: no warehouse is woken, and since each statement starts
 * the time after which an idle one goes to sleep anew, one that is idle is asked once for each time that somebody else
 * woke it; one in which others' statements run, always.
 */
export class Warehouses {
  readonly #api: Api;
  readonly #host: LiveHost;
  /** By name, the `resumedAt` for which an idle one was asked. */
  readonly #askedIdle = new Map<string, number>();
  /** The same of what somebody asked for himself, and how often. */
  readonly #demanded = new Map<string, { readonly resumedAt: number; readonly times: number }>();
  #ms = 0;

  constructor(api: Api, host: LiveHost) {
    this.#api = api;
    this.#host = host;
  }

  /** From sending to answer: an upper bound of what warehouses worked for us. */
  get seconds(): number {
    return Math.ceil(this.#ms / 1000);
  }

  /** `SHOW WAREHOUSES` needs none. Columns state, running, queued, resumed_on: docs.snowflake.com/sql-reference/sql/show-warehouses, 2026-11. */
  async listed(signal: AbortSignal): Promise<Listed> {
    const { rows } = await this.#api.ask('SHOW WAREHOUSES', signal);
    const awake = rows.flatMap((row): Awake[] => {
      const name = row.raw('name');
      if (name === undefined || row.raw('state')?.toUpperCase() !== 'STARTED') return [];
      const isBusy = (row.number('running') ?? 0) + (row.number('queued') ?? 0) > 0;
      return [{ name, resumedAt: row.time('resumed_on') ?? 0, isBusy }];
    });
    return { awake, all: rows.length };
  }

  /** The one that may be asked in this scan, the preferred one first; undefined: none. */
  usable({ awake }: Listed, preferred: string | undefined): Awake | undefined {
    const usable = awake.filter(
      ({ name, resumedAt, isBusy }) => isBusy || (resumedAt > 0 && this.#askedIdle.get(name) !== resumedAt),
    );
    return usable.find(({ name }) => name === preferred) ?? usable.find(({ isBusy }) => isBusy) ?? usable[0];
  }

  /** For what somebody opens: an idle one, too, a few times for each time that it was woken. Undefined: none. */
  demanded({ awake }: Listed, preferred: string | undefined): Awake | undefined {
    const timesOf = ({ name, resumedAt }: Awake): number => {
      const known = this.#demanded.get(name);
      return known?.resumedAt === resumedAt ? known.times : 0;
    };
    const may = awake.filter((one) => one.isBusy || timesOf(one) < mostDemands);
    const found = may.find(({ name }) => name === preferred) ?? may.find(({ isBusy }) => isBusy) ?? may[0];
    if (found && !found.isBusy)
      this.#demanded.set(found.name, { resumedAt: found.resumedAt, times: timesOf(found) + 1 });
    return found;
  }

  /** Through one that `usable` or `demanded` named. Rejects like `Api.ask`. */
  async query({ name, resumedAt }: Awake, statement: string, signal: AbortSignal): Promise<Rows> {
    const began = performance.now();
    this.#askedIdle.set(name, resumedAt);
    try {
      return await this.#api.ask(statement, signal, name);
    } finally {
      this.#ms += performance.now() - began;
      this.#host.log.info('a warehouse worked for us', { warehouse: name, seconds: this.seconds });
    }
  }
}
