// User rules: a team's rows for its own calls, from the settings and plumbline.yaml, each checked and said wrong in words.
import { type EntityKind, entityKinds } from '../../catalog/entity.ts';
import type { Role } from '../reference.ts';
import type { ArgumentKey, Reading, Rule, Take } from './rule.ts';

export const userRowKeys = [
  'call',
  'argument',
  'kind',
  'role',
  'read',
  'key',
  'scheme',
  'qualify',
  'version',
  'alias',
  'stage',
  'decorator',
  'opens',
  'tool',
] as const;
export type UserRowKey = (typeof userRowKeys)[number];

/** What is wrong with a row; `key` is where. */
export interface UserMistake {
  /** 0-based, among the rows. */
  readonly row: number;
  /** Absent for the row as a whole. */
  readonly key?: string;
  readonly message: string;
}

export interface UserRules {
  /** Of the rows without mistakes. */
  readonly rules: readonly Rule[];
  /** Last names of calls that take whole texts of SQL. */
  readonly sqlCalls: readonly string[];
  readonly mistakes: readonly UserMistake[];
}

export const noUserRules: UserRules = { rules: [], sqlCalls: [], mistakes: [] };

const kinds = entityKinds.filter((kind) => kind !== 'version');
const roles: readonly Role[] = ['defines', 'reads', 'writes', 'runs', 'mentions'];
const readings: Readonly<Record<string, Reading | 'sql'>> = {
  name: 'name',
  address: 'address',
  keys: 'keys',
  bucket: 'bucket',
  sql: 'sql',
};
const opened = ['job', 'task', 'group'] as const;
const schemes = ['s3', 'gs', 'az'] as const;
/** Whose names they are, where the row does not say. */
const usualTools: Readonly<Record<EntityKind, string>> = {
  model: 'mlflow',
  version: 'mlflow',
  experiment: 'mlflow',
  run: 'mlflow',
  job: 'airflow',
  task: 'airflow',
  table: 'sql',
  path: 's3',
  metric: 'statsd',
  monitor: 'datadog',
  endpoint: 'mlflow',
  host: 'ssh',
};
const mostRows = 1000;
const mostCharacters = 200;

/** Rows as they come out of YAML or JSON, of any shape. Never throws. A row with a mistake makes no rule. */
export function userRules(rows: readonly unknown[]): UserRules {
  const rules: Rule[] = [];
  const sqlCalls: string[] = [];
  const mistakes: UserMistake[] = [];
  rows.slice(0, mostRows).forEach((row, index) => {
    const check = new RowCheck(row);
    const rule = check.rule(index);
    mistakes.push(...check.mistakes.map((mistake) => ({ row: index, ...mistake })));
    if (!rule || check.mistakes.length > 0) return;
    if (check.sql) sqlCalls.push(lastOf(rule.calls[0] ?? ''));
    else rules.push(rule);
  });
  if (rows.length > mostRows)
    mistakes.push({ row: mostRows, message: `at most ${mostRows} rows are read; ${rows.length} are given.` });
  return { rules, sqlCalls, mistakes };
}

class RowCheck {
  readonly mistakes: { readonly key?: string; readonly message: string }[] = [];
  readonly #row: ReadonlyMap<string, unknown> | undefined;

  constructor(row: unknown) {
    if (typeof row !== 'object' || row === null || Array.isArray(row)) {
      this.#wrong(undefined, `a row is keys with values: ${userRowKeys.join(', ')}.`);
      return;
    }
    this.#row = new Map(Object.entries(row));
  }

  get sql(): boolean {
    return this.#row?.get('read') === 'sql';
  }

  rule(index: number): Rule | undefined {
    if (!this.#row) return undefined;
    for (const key of this.#row.keys())
      if (!userRowKeys.some((known) => known === key))
        this.#wrong(key, `"${key}" is not known. Known here: ${userRowKeys.join(', ')}.`);
    const call = this.#call();
    const read = this.#one('read', Object.keys(readings));
    if (read === 'sql') return this.#sqlRule(call, index);
    const kind = this.#required('kind', kinds);
    const role = this.#required('role', roles);
    const take = kind && role && this.#take(kind, role, read);
    const opens = this.#one('opens', opened);
    if (!call || !take) return undefined;
    const tool = this.#tool() ?? usualTools[take.kind];
    return { id: `own.${call}`, tool, calls: [call], takes: [take], own: true, ...(opens ? { opens } : {}) };
  }

  #sqlRule(call: string | undefined, index: number): Rule | undefined {
    for (const key of userRowKeys.filter((known) => !['call', 'argument', 'read'].includes(known)))
      if (this.#row?.has(key)) this.#wrong(key, `"${key}" says nothing beside "read: sql": SQL says it itself.`);
    return call ? { id: `own.${index}`, tool: 'own', calls: [call], takes: [] } : undefined;
  }

  #take(kind: EntityKind, role: Role, read: string | undefined): Take | undefined {
    const reading = read === undefined || read === 'name' ? undefined : readings[read];
    const decorator = this.#decorator();
    const from = this.#keys('argument') ?? (decorator ? [] : [0]);
    const key = this.#keys('key');
    const scheme = this.#one('scheme', schemes);
    const qualify = this.#qualify();
    const version = this.#keys('version');
    const alias = this.#keys('alias');
    const stage = this.#keys('stage');
    if (reading === 'bucket' && kind !== 'path')
      this.#wrong('kind', '"read: bucket" gives a path: write "kind: path".');
    if (reading !== 'bucket' && (key || scheme))
      this.#wrong(key ? 'key' : 'scheme', '"key" and "scheme" go with "read: bucket" only.');
    if (qualify && kind !== 'table') this.#wrong('qualify', '"qualify" goes with "kind: table" only.');
    return {
      from,
      kind,
      role,
      ...(reading === undefined || reading === 'sql' ? {} : { read: reading }),
      ...(decorator ? { orFunction: true } : {}),
      ...(key ? { key } : {}),
      ...(scheme ? { scheme } : {}),
      ...(qualify ? { qualify } : {}),
      ...(version ? { version } : {}),
      ...(alias ? { alias } : {}),
      ...(stage ? { stage } : {}),
    };
  }

  #call(): string | undefined {
    const value = this.#row?.get('call');
    if (value === undefined) {
      this.#wrong(undefined, '"call" is missing: the call that names something, such as acme.io.load_table.');
      return undefined;
    }
    if (typeof value !== 'string' || value.length > mostCharacters || !isCall(value)) {
      this.#wrong(
        'call',
        '"call" must be a function with its package, such as acme.io.load_table, or a method, such as Lake#load; "*#load" is the method of anything.',
      );
      return undefined;
    }
    return value.startsWith('*#') ? value.slice(1) : value;
  }

  #required<T extends string>(key: UserRowKey, known: readonly T[]): T | undefined {
    if (!this.#row?.has(key)) this.#wrong(undefined, `"${key}" is missing: one of ${known.join(', ')}.`);
    return this.#one(key, known);
  }

  #one<T extends string>(key: UserRowKey, known: readonly T[]): T | undefined {
    const value = this.#row?.get(key);
    if (value === undefined) return undefined;
    const found = known.find((one) => one === value);
    if (found === undefined) this.#wrong(key, `"${key}" must be one of ${known.join(', ')}.`);
    return found;
  }

  #tool(): string | undefined {
    const value = this.#row?.get('tool');
    if (value === undefined || (typeof value === 'string' && /^[a-z][a-z0-9]{0,30}$/.test(value))) return value;
    this.#wrong('tool', '"tool" must be a tool in small letters, such as mlflow.');
    return undefined;
  }

  #decorator(): boolean {
    const value = this.#row?.get('decorator');
    if (value !== undefined && typeof value !== 'boolean')
      this.#wrong('decorator', '"decorator" must be true or false.');
    return value === true;
  }

  #keys(key: UserRowKey): readonly ArgumentKey[] | undefined {
    const value = this.#row?.get(key);
    if (value === undefined) return undefined;
    const all: readonly unknown[] = Array.isArray(value) ? value : [value];
    const keys = all.filter(isArgument);
    if (keys.length === all.length && keys.length > 0) return keys;
    this.#wrong(key, `"${key}" must be a position counted from 0, a keyword, or a list of them.`);
    return undefined;
  }

  #qualify(): readonly (readonly ArgumentKey[])[] | undefined {
    return this.#keys('qualify')?.map((key) => [key]);
  }

  #wrong(key: string | undefined, message: string): void {
    this.mistakes.push({ ...(key === undefined ? {} : { key }), message });
  }
}

function isArgument(value: unknown): value is ArgumentKey {
  if (typeof value === 'number') return Number.isInteger(value) && value >= 0 && value < 100;
  return typeof value === 'string' && value.length <= mostCharacters && /^\w+(?:\.\w+|\[\])*$/.test(value);
}

/** A single word is too little: every function of that name would be it. */
function isCall(value: string): boolean {
  if (value.startsWith('*#')) return /^\*#[A-Za-z_]\w*$/.test(value);
  return /^[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*(?:#|\.)[A-Za-z_]\w*$/.test(value);
}

function lastOf(call: string): string {
  return call.split(/[.#]/).at(-1) ?? call;
}
