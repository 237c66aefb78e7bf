// Parse: the entries of connections.json and of the setting, each checked by itself, with every mistake named.
import path from 'node:path';
import { closest, distance } from 'fastest-levenshtein';
import { type ConnectionConfig, isOfAws, type LiveTool, liveTools } from '../protocol/connection.ts';
import type { MetricQuery } from '../protocol/metricQuery.ts';
import { urlMistake } from './address.ts';
import { queriesOf } from './queryEntry.ts';
import { logsMistake, sshUrlMistake } from './sshEntry.ts';

export interface ParsedConnections {
  /** The usable ones, in the order of the file. */
  readonly connections: readonly ConnectionConfig[];
  /** Each names the place, the entry, what is wrong and what to write instead. Secrets are not repeated. */
  readonly problems: readonly string[];
}

const texts = ['environment', 'instance'] as const;
const ofAws = ['region', 'profile'] as const;
const ofSnowflake = ['role', 'warehouse'] as const;
const files = ['caFile', 'certificateFile', 'keyFile', 'sshConfigFile'] as const;
const flags = ['allowSelfSigned', 'paused'] as const;
const known = [
  'name',
  'tool',
  'url',
  ...texts,
  'credential',
  'workspace',
  ...ofAws,
  ...ofSnowflake,
  'queries',
  'watch',
  'logs',
  ...files,
  ...flags,
];
const credentials = ['none', 'stored', 'environment'] as const;
const secretLike = /pass|token|secret|user|api_?key|auth/i;
const longest = 200;
const most = 100;
const mostWatched = 100;

/** `where` is how the place is called in problems: a path, or the setting. Undefined and null are no entries. */
export function parseConnections(value: unknown, where: string): ParsedConnections {
  if (value === undefined || value === null) return { connections: [], problems: [] };
  if (!Array.isArray(value)) {
    const problem = `${where}: a list of connections is expected, for example ${example}.`;
    return { connections: [], problems: [problem] };
  }
  const problems: string[] = [];
  const connections = new Map<string, ConnectionConfig>();
  if (value.length > most) problems.push(`${where}: it has ${value.length} entries; the first ${most} are used.`);
  value.slice(0, most).forEach((entry: unknown, index) => {
    const reader = new EntryReader(entry, index, where);
    const config = reader.read();
    problems.push(...reader.problems);
    if (!config) return;
    if (connections.has(config.name))
      problems.push(`${reader.what}: another entry has this name already; this one is left out. Give it its own name.`);
    else connections.set(config.name, config);
  });
  return { connections: [...connections.values()], problems };
}

/** The text of connections.json; a file that cannot be understood has one problem. */
export function parseConnectionsText(text: string, where: string): ParsedConnections {
  if (text.trim() === '') return { connections: [], problems: [] };
  try {
    return parseConnections(JSON.parse(text), where);
  } catch (error) {
    return { connections: [], problems: [notJson(where, text, error)] };
  }
}

const example = '[{ "name": "prod", "tool": "mlflow", "url": "https://mlflow.acme.com" }]';

/** Where, if JSON.parse says so, never what: its words show a piece of the text, which may be a secret. */
export function notJson(where: string, text: string, error: unknown): string {
  const at = /position (\d+)/.exec(error instanceof Error ? error.message : '')?.[1];
  const line = at === undefined ? '' : ` (see line ${text.slice(0, Number(at)).split('\n').length})`;
  return `${where}: it is not JSON${line}; comments and a comma after the last entry are not allowed. Correct it; until then none of its connections is asked.`;
}

class EntryReader {
  readonly problems: string[] = [];
  readonly what: string;
  readonly #entry: ReadonlyMap<string, unknown>;
  #usable: boolean;

  constructor(entry: unknown, index: number, where: string) {
    this.#usable = typeof entry === 'object' && entry !== null && !Array.isArray(entry);
    this.#entry = new Map(this.#usable ? Object.entries(entry as object) : []);
    const name = this.#entry.get('name');
    const shown = typeof name === 'string' && name !== '' ? ` ("${printable(name)}")` : '';
    this.what = `${where}, entry ${index + 1}${shown}`;
    if (!this.#usable) this.#problem(`keys with values are expected, for example ${example.slice(1, -1)}`);
  }

  /** Undefined when something it cannot do without is missing or wrong. */
  read(): ConnectionConfig | undefined {
    if (!this.#usable) return undefined;
    const name = this.#name();
    const tool = this.#tool();
    const url = this.#url(tool);
    if (!tool) return undefined;
    const optional = {
      ...this.#each(texts, (key) => this.#text(key)),
      ...this.#each(['credential'], (key) => this.#oneOf(key, credentials)),
      ...this.#each(['workspace'], (key) => this.#workspace(key, tool)),
      ...this.#each(ofAws, (key) => this.#ofAws(key, tool)),
      ...this.#each(ofSnowflake, (key) => this.#ofSnowflake(key, tool)),
      ...this.#each(['queries'], (key) => this.#queries(key, tool)),
      ...this.#each(['watch'], (key) => this.#watch(key, tool)),
      ...this.#each(['logs'], (key) => this.#logs(key, tool)),
      ...this.#each(files, (key) => this.#file(key)),
      ...this.#each(flags, (key) => this.#flag(key)),
    };
    this.#pairs(optional);
    this.#unknown();
    return this.#usable && name !== undefined && url !== undefined ? { name, tool, url, ...optional } : undefined;
  }

  #name(): string | undefined {
    if (this.#entry.get('name') === undefined)
      return this.#wrong('"name" is missing: a word of yours, for example "prod"');
    const name = this.#text('name');
    if (name !== undefined && name !== printable(name))
      return this.#wrong('"name" holds characters that cannot be seen');
    return name;
  }

  #tool(): LiveTool | undefined {
    const tool = this.#entry.get('tool');
    const found = liveTools.find((one) => one === tool);
    if (found) return found;
    const list = liveTools.map((one) => `"${one}"`).join(' or ');
    if (tool === undefined) return this.#wrong(`"tool" is missing: write ${list}`);
    if (typeof tool !== 'string') return this.#wrong(`"tool" must be ${list}, not ${kindOf(tool)}`);
    return this.#wrong(`this version cannot ask "${printable(tool)}"; it can ask ${list}. The entry is left as it is`);
  }

  #url(tool: LiveTool | undefined): string | undefined {
    const url = this.#entry.get('url');
    if (url === undefined)
      return this.#wrong('"url" is missing: the address you open in the browser, for example "http://localhost:5000"');
    if (typeof url !== 'string') return this.#wrong(`"url" must be a text, not ${kindOf(url)}`);
    const mistakeOf = tool === 'ssh' ? sshUrlMistake : urlMistake;
    const mistake = url.length > 2000 ? 'it is longer than 2000 characters; write the address alone' : mistakeOf(url);
    return mistake === undefined ? url : this.#wrong(`"url": ${mistake}`);
  }

  #text(key: string): string | undefined {
    const value = this.#entry.get(key);
    if (value === undefined) return undefined;
    if (typeof value !== 'string') return this.#wrong(`"${key}" must be a text, not ${kindOf(value)}`);
    if (value.trim() === '' || value.trim() !== value)
      return this.#wrong(`"${key}" is empty or has spaces around it; write the word alone`);
    return value.length <= longest ? value : this.#wrong(`"${key}" is longer than ${longest} characters; shorten it`);
  }

  #workspace(key: string, tool: LiveTool): string | undefined {
    if (tool === 'mlflow' || !this.#entry.has(key)) return this.#text(key);
    this.#problem('"workspace" is a thing of MLflow; take it out');
    return undefined;
  }

  #ofAws(key: string, tool: LiveTool): string | undefined {
    if (isOfAws(tool) || !this.#entry.has(key)) return this.#text(key);
    this.#problem(`"${key}" is a thing of AWS (s3, cloudwatch, openlineage); take it out`);
    return undefined;
  }

  #ofSnowflake(key: string, tool: LiveTool): string | undefined {
    if (tool === 'snowflake' || !this.#entry.has(key)) return this.#text(key);
    this.#problem(`"${key}" is a thing of Snowflake; take it out`);
    return undefined;
  }

  #queries(key: string, tool: LiveTool): readonly MetricQuery[] | undefined {
    const value = this.#entry.get(key);
    if (value === undefined) return undefined;
    if (tool !== 'snowflake') {
      this.#problem(`"${key}" is a thing of Snowflake; take it out`);
      return undefined;
    }
    const read = queriesOf(value);
    return typeof read === 'string' ? this.#wrong(read) : read;
  }

  #watch(key: string, tool: LiveTool): readonly string[] | undefined {
    const value = this.#entry.get(key);
    if (value === undefined) return undefined;
    if (!isOfAws(tool)) {
      this.#problem(`"${key}" is a thing of AWS (s3, cloudwatch, openlineage); take it out`);
      return undefined;
    }
    const names = Array.isArray(value) ? value.filter((one) => typeof one === 'string' && one.trim() !== '') : [];
    if (!Array.isArray(value) || names.length < value.length || names.length > mostWatched)
      return this.#wrong(`"${key}" must be a list of at most ${mostWatched} names, for example ["acme-models/churn/"]`);
    return names.map((one) =>
      String(one)
        .trim()
        .replace(/^s3:\/\//i, ''),
    );
  }

  #logs(key: string, tool: LiveTool): readonly string[] | undefined {
    const value = this.#entry.get(key);
    if (value === undefined) return undefined;
    if (tool !== 'ssh') {
      this.#problem(`"${key}" is a thing of hosts (ssh); take it out`);
      return undefined;
    }
    const mistake = logsMistake(value);
    return mistake === undefined && Array.isArray(value) ? value.map(String) : this.#wrong(mistake ?? '');
  }

  #oneOf<Word extends string>(key: string, words: readonly Word[]): Word | undefined {
    const value = this.#entry.get(key);
    const found = words.find((word) => word === value);
    if (found !== undefined || value === undefined) return found;
    return this.#wrong(
      `"${key}" must be ${words.map((word) => `"${word}"`).join(', ')}; a secret itself never stands here`,
    );
  }

  #file(key: string): string | undefined {
    const file = this.#text(key);
    if (file === undefined || path.posix.isAbsolute(file) || path.win32.isAbsolute(file)) return file;
    return this.#wrong(`"${key}" must be the whole path of a file, beginning at the root, not "${printable(file)}"`);
  }

  #flag(key: string): boolean | undefined {
    const value = this.#entry.get(key);
    if (value === undefined || typeof value === 'boolean') return value;
    return this.#wrong(`"${key}" must be true or false, without quotes, not ${kindOf(value)}`);
  }

  #pairs({ keyFile, certificateFile }: { readonly keyFile?: string; readonly certificateFile?: string }): void {
    if (keyFile !== undefined && certificateFile === undefined)
      this.#wrong('"keyFile" goes with "certificateFile"; name both');
  }

  #unknown(): void {
    for (const key of this.#entry.keys()) {
      if (known.includes(key)) continue;
      const near = closest(key, known);
      const hint =
        distance(key.toLowerCase(), near.toLowerCase()) <= Math.max(1, key.length / 3)
          ? `did you mean "${near}"?`
          : secretLike.test(key)
            ? 'secrets do not belong here and this one is not used: take it out, change it at the tool (it stood in a file), and sign in or set "credential": "environment"'
            : `known are ${known.join(', ')}`;
      this.#problem(`"${printable(key)}" is not known and not used; ${hint}`);
    }
  }

  #each<Key extends string, Value>(
    keys: readonly Key[],
    read: (key: Key) => Value | undefined,
  ): Partial<Record<Key, Value>> {
    const found: Partial<Record<Key, Value>> = {};
    for (const key of keys) {
      const value = read(key);
      if (value !== undefined) found[key] = value;
    }
    return found;
  }

  #wrong(words: string): undefined {
    this.#usable = false;
    this.#problem(`${words}; the entry is not used`);
  }

  #problem(words: string): void {
    this.problems.push(`${this.what}: ${words}${words.endsWith('?') ? '' : '.'}`);
  }
}

function printable(text: string): string {
  return text.slice(0, 80).replace(/[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069]/g, ' ');
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'keys with values' : `the ${typeof value} that stands there`;
}
