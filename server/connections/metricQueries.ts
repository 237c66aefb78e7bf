// Metric queries: queries that a workspace names; the user is asked about each exact text once, and what is allowed becomes part of the user's own connection.
import type { ConnectionConfig } from '../protocol/connection.ts';
import { isSameQuery, type MetricQuery } from '../protocol/metricQuery.ts';
import type { Declined } from './declined.ts';
import type { HostAnswer } from './hostLogs.ts';

/** As it stands in `plumbline.yaml`. */
export interface NamedMetricQuery extends MetricQuery {
  /** Of the user's connections; absent: the only one that can run queries. */
  readonly connection?: string;
}

export interface MetricQueriesParts {
  readonly connections: {
    all(): readonly ConnectionConfig[];
    /** Rejects in words for the user. */
    save(config: ConnectionConfig): Promise<void>;
  };
  readonly declined: Declined;
  readonly ask: (connection: string, query: MetricQuery) => Promise<HostAnswer>;
}

const mostQueries = 50;

export class MetricQueries {
  readonly #parts: MetricQueriesParts;
  /** Asked in this window: not again until it is opened anew. */
  readonly #asked = new Set<string>();
  #last: Promise<void> = Promise.resolve();

  constructor(parts: MetricQueriesParts) {
    this.#parts = parts;
  }

  /** Asks about what is new in it, one after the other. Rejects when an answer cannot be kept. */
  declared(named: readonly NamedMetricQuery[]): Promise<void> {
    const next = this.#last.catch(() => {}).then(() => this.#askAll(named.slice(0, mostQueries)));
    this.#last = next;
    return next;
  }

  async #askAll(named: readonly NamedMetricQuery[]): Promise<void> {
    const declined = await this.#parts.declined.texts();
    for (const one of named) {
      const config = connectionOf(one, this.#parts.connections.all());
      if (!config || isQueryAllowed(one, this.#parts.connections.all())) continue;
      const text = textOf(config.name, one);
      if (this.#asked.has(text) || declined.has(text)) continue;
      this.#asked.add(text);
      const { metric, query } = one;
      const answer = await this.#parts.ask(config.name, { metric, query });
      if (answer === 'allow') await this.#allow(config.name, { metric, query });
      if (answer === 'never') await this.#parts.declined.add([text]);
    }
  }

  /** Another text of the same metric takes the place of the old one. */
  async #allow(name: string, query: MetricQuery): Promise<void> {
    const config = this.#parts.connections.all().find((one) => one.name === name);
    if (!config) return;
    const others = (config.queries ?? []).filter(({ metric }) => metric !== query.metric);
    await this.#parts.connections.save({ ...config, queries: [...others, query] });
  }
}

/** The exact text counts. */
export function isQueryAllowed(named: NamedMetricQuery, all: readonly ConnectionConfig[]): boolean {
  return connectionOf(named, all)?.queries?.some((query) => isSameQuery(query, named)) ?? false;
}

/** Undefined when the user has no such connection, or several and it is not said which. */
export function connectionOf(
  { connection }: Pick<NamedMetricQuery, 'connection'>,
  all: readonly ConnectionConfig[],
): ConnectionConfig | undefined {
  const able = all.filter(({ tool }) => tool === 'snowflake');
  if (connection !== undefined) return able.find(({ name }) => name === connection);
  return able.length === 1 ? able[0] : undefined;
}

function textOf(connection: string, { metric, query }: MetricQuery): string {
  return `query ${connection} ${metric} ${query.trim()}`;
}
