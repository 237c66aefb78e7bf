// Host logs: log files on hosts that a workspace names; the user is asked about each exact text once, and what is allowed becomes a connection of the user's own.
import type { ConnectionConfig } from '../protocol/connection.ts';
import { sshTarget } from '../protocol/sshHost.ts';
import type { Declined } from './declined.ts';

/** As it stands in `plumbline.yaml`. */
export interface NamedHostLog {
  readonly host: string;
  readonly path: string;
}

export type HostAnswer = 'allow' | 'never' | 'later';

export interface HostLogsParts {
  readonly connections: {
    all(): readonly ConnectionConfig[];
    /** Rejects in words for the user. */
    save(config: ConnectionConfig): Promise<void>;
  };
  readonly declined: Declined;
  /** All patterns of one host in one question. */
  readonly ask: (host: string, patterns: readonly string[]) => Promise<HostAnswer>;
}

export class HostLogs {
  readonly #parts: HostLogsParts;
  /** Asked in this window: not again until it is opened anew. */
  readonly #asked = new Set<string>();
  #last: Promise<void> = Promise.resolve();

  constructor(parts: HostLogsParts) {
    this.#parts = parts;
  }

  /** Asks about what is new in it, one host after the other. Rejects when an answer cannot be kept. */
  declared(named: readonly NamedHostLog[]): Promise<void> {
    const next = this.#last.catch(() => {}).then(() => this.#askAll(named));
    this.#last = next;
    return next;
  }

  async #askAll(named: readonly NamedHostLog[]): Promise<void> {
    const declined = await this.#parts.declined.texts();
    const open = named.filter((one) => {
      const text = textOf(one);
      return !this.#asked.has(text) && !declined.has(text) && !isAllowed(one, this.#parts.connections.all());
    });
    for (const [host, ones] of Map.groupBy(open, (one) => one.host)) {
      for (const one of ones) this.#asked.add(textOf(one));
      const patterns = [...new Set(ones.map((one) => one.path))];
      const answer = await this.#parts.ask(host, patterns);
      if (answer === 'allow') await this.#allow(host, patterns);
      if (answer === 'never') await this.#parts.declined.add(ones.map(textOf));
    }
  }

  async #allow(host: string, patterns: readonly string[]): Promise<void> {
    const { connections } = this.#parts;
    const all = connections.all();
    const known = all.find((config) => hostOf(config) === host);
    const config: ConnectionConfig = known ?? { name: freeName(host, all), tool: 'ssh', url: `ssh://${host}` };
    await connections.save({ ...config, logs: [...new Set([...(config.logs ?? []), ...patterns])] });
  }
}

/** The exact text counts: another pattern, even a narrower one, is asked about anew. */
export function isAllowed({ host, path }: NamedHostLog, all: readonly ConnectionConfig[]): boolean {
  return all.some((config) => hostOf(config) === host && config.logs?.includes(path));
}

function hostOf({ tool, url }: ConnectionConfig): string | undefined {
  return tool === 'ssh' ? sshTarget(url)?.host : undefined;
}

function textOf({ host, path }: NamedHostLog): string {
  return `ssh ${host} ${path}`;
}

function freeName(host: string, all: readonly ConnectionConfig[]): string {
  const taken = new Set(all.map(({ name }) => name));
  for (let number = 1; ; number++) {
    const name = number === 1 ? host : `${host} (${number})`;
    if (!taken.has(name)) return name;
  }
}
