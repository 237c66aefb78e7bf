// Magic names: what the first word of a magic says of the text behind it.
import type { PartSort } from './magics.ts';

/**
 * `python`: what follows is Python all the same; `other`: nothing we read. The names are those of IPython 9 (its list of
 * built-in magics, 2026-11), Databricks notebooks, sparkmagic, JupySQL, Google's and Snowflake's own.
 */
const bySort: Readonly<Record<'sql' | 'shell' | 'python' | 'files' | 'run', readonly string[]>> = {
  sql: [
    'sql',
    'bigquery',
    'sparksql',
    'read_sql',
    'snowflake',
    'dql',
    'duckdb',
    'sqlcmd',
    'trino',
    'athena',
    'redshift',
  ],
  shell: ['sh', 'bash', 'zsh', 'system', 'sx', 'shell', 'terminal'],
  python: [
    'time',
    'timeit',
    'prun',
    'memit',
    'mprun',
    'lprun',
    'capture',
    'python',
    'python3',
    'py',
    'pyspark',
    'pyspark3',
    'spark',
    'local',
    'ipytest',
    'wandb',
  ],
  files: ['fs'],
  run: ['run', 'run_notebook'],
};

const sorts: ReadonlyMap<string, PartSort> = new Map(
  Object.entries(bySort).flatMap(([sort, names]) => names.map((name) => [name, sort as PartSort] as const)),
);

/** Magics whose SQL is of one dialect alone. */
const dialects: ReadonlyMap<string, string> = new Map([
  ['bigquery', 'bigquery'],
  ['sparksql', 'spark'],
  ['snowflake', 'snowflake'],
  ['duckdb', 'duckdb'],
  ['trino', 'trino'],
  ['athena', 'athena'],
  ['redshift', 'redshift'],
]);

/** `%%writefile train.py`: the text is what the file will be. */
const byEnding: readonly (readonly [RegExp, PartSort])[] = [
  [/\.py$/i, 'python'],
  [/\.sql$/i, 'sql'],
  [/\.(sh|bash)$/i, 'shell'],
  [/\.ya?ml$|(^|\/)MLproject$/i, 'yaml'],
];

/** With one sign too they are for a whole cell: Databricks writes them so, and nobody else has them. */
const whole = new Set(['sh', 'fs', 'python', 'md', 'md-sandbox', 'scala', 'r']);

export interface MagicHead {
  /** It is for all of the cell that it is the first line of. */
  readonly isCell: boolean;
  readonly sort: PartSort | 'other';
  /** The line behind the name. */
  readonly rest: string;
  /** Of SQL, where the magic leaves no doubt. */
  readonly dialect?: string;
}

/** Of a line that begins with the sign; undefined when no name follows it. */
export function headOf(line: string): MagicHead | undefined {
  const [head, signs, name] = /^(%%?)([A-Za-z_][\w.-]{0,60}|!)?/.exec(line) ?? [];
  if (head === undefined || name === undefined) return undefined;
  const isCell = signs === '%%' || whole.has(name);
  const rest = line.slice(head.length);
  if (name === '!') return isCell ? { isCell, sort: 'shell', rest } : undefined;
  if (name === 'writefile' || name === 'file') return { isCell, sort: written(rest), rest };
  if (name === 'script')
    return { isCell, sort: /^\s+(?:\S+\/)?(?:ba|z|da)?sh\b/.test(rest) ? 'shell' : 'other', rest: '' };
  const dialect = dialects.get(name);
  return { isCell, sort: sorts.get(name) ?? 'other', rest, ...(dialect === undefined ? {} : { dialect }) };
}

function written(rest: string): PartSort | 'other' {
  const file = rest.trim().split(/\s+/).at(-1)?.replace(/["']/g, '') ?? '';
  return byEnding.find(([ending]) => ending.test(file))?.[1] ?? 'other';
}

const sqlWords = new Set(
  (
    'select with insert update delete merge create drop alter truncate use show describe desc copy from explain ' +
    'optimize refresh replace call set vacuum cache uncache analyze msck unload load export declare begin restore ' +
    'where join left right inner outer full cross group order having limit union except intersect on and or using values'
  ).split(' '),
);
const longestHead = 2000;

/**
 * Where SQL begins in the line of a magic, behind connections, options and `name <<`; undefined when there is none in it.
 */
export function sqlStart(rest: string): number | undefined {
  const words = /[^\s(]+/g;
  const head = rest.slice(0, longestHead);
  for (let match = words.exec(head); match; match = words.exec(head)) {
    if (!sqlWords.has(match[0].toLowerCase().replace(/;$/, ''))) continue;
    const before = head.slice(0, match.index);
    const bracket = before.indexOf('(');
    return bracket >= 0 && /^[\s(]*$/.test(before) ? bracket : match.index;
  }
  return /^\s*(--|\/\*|\()/.test(head) ? 0 : undefined;
}

/** Where the statement begins behind the options of `%time` and its like; undefined when there is none. */
export function pythonOf(rest: string): number | undefined {
  const words = /\S+/g;
  for (let match = words.exec(rest), takes = false; match; match = words.exec(rest)) {
    const isOption = /^-\w/.test(match[0]);
    if (isOption || (takes && /^[\w.]+$/.test(match[0]))) {
      takes = isOption && /^-[nrpscfTlD]$/.test(match[0]);
      continue;
    }
    return match.index;
  }
  return undefined;
}
