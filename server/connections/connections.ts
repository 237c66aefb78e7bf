// Connections: those of the user, from the setting and from connections.json, as of now; changed through here and followed when others change them.
import type { Log } from '../connectors/connector.ts';
import type { ConnectionConfig } from '../protocol/connection.ts';
import { watchOwnFile } from '../world/ownFile.ts';
import { pauseConnection, readConnections, removeConnection, saveConnection } from './file.ts';
import { parseConnections } from './parse.ts';

export const settingName = 'plumbline.connections';

export interface ConnectionsOptions {
  /** Absolute path of connections.json. */
  readonly file: string;
  readonly log: Log;
  /** Also for the first load. */
  readonly onChanged: (connections: readonly ConnectionConfig[]) => void;
  /** A mistake in the setting or the file, for the user, once until it changes. */
  readonly onProblems: (problems: readonly string[]) => void;
  /** Why the file must not be used, if so; asked at each load. */
  readonly refused?: () => Promise<string | undefined>;
  /** How often the file is looked at, in ms; default 2000. */
  readonly everyMs?: number;
}

export class Connections {
  readonly #options: ConnectionsOptions;
  readonly #unwatch: () => void;
  #setting: unknown;
  #all: readonly ConnectionConfig[] = [];
  #fromSetting: ReadonlySet<string> = new Set();
  #said = '';
  #isWhole = true;
  #seen: string | undefined;

  constructor(options: ConnectionsOptions) {
    this.#options = options;
    this.#unwatch = watchOwnFile(options.file, options.everyMs ?? 2_000, () => void this.load());
  }

  /** The usable ones; empty until `load` has ended once. */
  all(): readonly ConnectionConfig[] {
    return this.#all;
  }

  /** False while a mistake hides what may be more connections: what is not among them is not gone. */
  get isWhole(): boolean {
    return this.#isWhole;
  }

  named(name: string): ConnectionConfig | undefined {
    return this.#all.find((config) => config.name === name);
  }

  /** Where it is defined: the file; undefined for the setting. */
  fileOf(name: string): string | undefined {
    return this.#fromSetting.has(name) ? undefined : this.#options.file;
  }

  /** The value of the machine-scoped setting, as the editor gives it. */
  async useSetting(value: unknown): Promise<void> {
    this.#setting = value;
    await this.load();
  }

  /** Never rejects: what cannot be read is a problem said. */
  async load(): Promise<void> {
    const { file, log, onChanged, onProblems } = this.#options;
    const refused = await this.#refused();
    const inFile = refused === undefined ? await readConnections(file) : { connections: [], problems: [refused] };
    const inSetting = parseConnections(this.#setting, `The setting ${settingName}`);
    this.#fromSetting = new Set(inSetting.connections.map(({ name }) => name));
    const hidden = inFile.connections.filter(({ name }) => this.#fromSetting.has(name));
    const problems = [...inSetting.problems, ...inFile.problems];
    const notes = hidden.map(
      ({ name }) => `Connection "${name}" is in the setting and in ${file}: the setting counts.`,
    );
    const said = JSON.stringify([problems, notes]);
    if (said !== this.#said) {
      this.#said = said;
      for (const words of [...problems, ...notes]) log.warn(words);
      if (problems.length > 0) onProblems(problems);
    }
    this.#all = [...inSetting.connections, ...inFile.connections.filter(({ name }) => !this.#fromSetting.has(name))];
    this.#isWhole = problems.length === 0;
    const seen = JSON.stringify([this.#all, this.#isWhole]);
    if (seen === this.#seen) return;
    this.#seen = seen;
    onChanged(this.#all);
  }

  /** Rejects with words for the user: a mistake in it, its name taken by the setting, the file not writable. */
  async save(config: ConnectionConfig): Promise<void> {
    await this.#refuseChange(config.name);
    const { connections, problems } = parseConnections([config], 'This connection');
    if (connections.length === 0) throw new Error(problems.join(' ').replace(/^This connection, entry 1 /, ''));
    await saveConnection(this.#options.file, connections[0] as ConnectionConfig);
    await this.load();
  }

  async remove(name: string): Promise<void> {
    await this.#refuseChange(name);
    await removeConnection(this.#options.file, name);
    await this.load();
  }

  async pause(name: string, paused: boolean): Promise<void> {
    await this.#refuseChange(name);
    await pauseConnection(this.#options.file, name, paused);
    await this.load();
  }

  dispose(): void {
    this.#unwatch();
  }

  #refused(): Promise<string | undefined> {
    return this.#options.refused?.() ?? Promise.resolve(undefined);
  }

  async #refuseChange(name: string): Promise<void> {
    const refused = await this.#refused();
    if (refused !== undefined) throw new Error(refused);
    if (this.#fromSetting.has(name))
      throw new Error(
        `"${name}" stands in the setting ${settingName}; change it there (Preferences: Open User Settings (JSON)).`,
      );
  }
}
