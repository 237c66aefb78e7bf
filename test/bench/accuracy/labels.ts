// Owns the format of the accuracy bench's label files: one file per package, read into labels.
//
// A label file is `labels/<anything>.labels`, text:
//
//   package apache-airflow-providers-snowflake      the header: five lines, then files
//   registry pypi                                   pypi or npm
//   version 6.9.1
//   archive apache_airflow_providers_snowflake-6.9.1.tar.gz   as the registry calls it: .tar.gz, .tgz, .whl or .zip
//   sha256 4108a2f2…                                of that archive
//   context dbt_project.yml                         any number of these: unpacked beside the labelled files, not scored
//
//   ## tests/system/snowflake/example_snowflake.py  path in the archive, without its one top folder (sdists, npm)
//   63 job defines example_snowflake                LINE KIND ROLE NAME: line from 1, where the name stands
//   70 task defines "my task"                       names with spaces, quotes or ending in `?` as JSON strings
//   12 path writes s3://bucket/dt=* cell=4          notebooks: the cell, from 0 among all cells, and the line inside it
//   80 table reads orders ?                         counts neither for nor against
//   81 table * * ?                                  in `?` lines only, `*` stands for any kind, role or name
//   36|55 table writes orders                       a name whose parts stand on several lines (a bucket and its key, SQL in
//                                                   a constant and its use): found on any of these lines, it counts once
//   9 experiment mentions|writes churn               where the conventions leave the role open: either, it counts once
//   // anything                                     a comment
//
// A file without labels is one in which nothing is to be found. The same label twice on a line is one label.
// Labels are made by reading the files, never by running the engine.
import type { EntityKind } from '../../../server/catalog/entity.ts';
import type { Role } from '../../../server/references/reference.ts';

export interface Label {
  /** At least one; found on any of them, it counts once. */
  readonly lines: readonly number[];
  /** From 0 among all cells; absent outside notebooks. */
  readonly cell?: number;
  /** `*`, only where `unsure`: any. */
  readonly kind: EntityKind | '*';
  /** At least one; more where the conventions leave the role open: any of them counts. */
  readonly roles: readonly (Role | '*')[];
  readonly name: string;
  /** Counts neither for nor against. */
  readonly unsure: boolean;
}

export interface LabelledFile {
  readonly path: string;
  readonly labels: readonly Label[];
}

export interface LabelledPackage {
  readonly package: string;
  readonly registry: 'pypi' | 'npm';
  readonly version: string;
  readonly archive: string;
  readonly sha256: string;
  /** Files that are unpacked beside the labelled ones and not scored. */
  readonly context: readonly string[];
  readonly files: readonly LabelledFile[];
}

const kinds: readonly string[] = [
  'model',
  'run',
  'experiment',
  'job',
  'task',
  'table',
  'path',
  'metric',
  'monitor',
  'endpoint',
  'host',
] satisfies EntityKind[];
const roles: readonly string[] = ['defines', 'reads', 'writes', 'runs', 'mentions'] satisfies Role[];
const single = ['package', 'registry', 'version', 'archive', 'sha256'] as const;

/**
 * Reads one label file.
 * @param source named in errors
 * @throws {Error} at the first line that is wrong, with its number
 */
export function readLabels(text: string, source: string): LabelledPackage {
  const header = new Map<string, string>();
  const context: string[] = [];
  const files: { path: string; labels: Label[] }[] = [];
  for (const [index, raw] of text.split(/\r?\n/).entries()) {
    const line = raw.trim();
    const fail = (why: string): never => {
      throw new Error(`${source}:${index + 1}: ${why}: ${line}`);
    };
    if (line === '' || line.startsWith('//')) continue;
    const open = files.at(-1);
    if (line.startsWith('## ')) {
      const path = line.slice(3).trim();
      if (!inside(path)) fail('not a path inside the archive');
      if (files.some((file) => file.path === path)) fail('this file was there before');
      files.push({ path, labels: [] });
    } else if (open) {
      const label = readLabel(line);
      if (typeof label === 'string') fail(label);
      else open.labels.push(label);
    } else {
      const [word = '', value = ''] = line.split(/ +/, 2);
      if (word === 'context' && inside(value)) context.push(value);
      else if (single.some((known) => known === word) && value) header.set(word, value);
      else fail('not a line of the header');
    }
  }
  return { ...readHeader(header, source), context, files };
}

function readHeader(header: ReadonlyMap<string, string>, source: string) {
  const field = (name: (typeof single)[number], form: RegExp): string => {
    const value = header.get(name) ?? '';
    if (!form.test(value)) throw new Error(`${source}: the header needs "${name}", and it is "${value}"`);
    return value;
  };
  return {
    package: field('package', /^[@\w./-]+$/),
    registry: field('registry', /^(pypi|npm)$/) === 'npm' ? ('npm' as const) : ('pypi' as const),
    version: field('version', /^[\w.+!-]+$/),
    archive: field('archive', /^[\w.+-]+\.(tar\.gz|tgz|whl|zip)$/),
    sha256: field('sha256', /^[0-9a-f]{64}$/),
  };
}

/** A label, or what is wrong with the line. */
function readLabel(line: string): Label | string {
  const [head, numbers = '', kind = '', role = ''] = /^(\d[\d|]*) +(\S+) +(\S+) +/.exec(line) ?? [];
  const lines = numbers.split('|').map(Number);
  if (!head || lines.some((one) => one < 1)) return 'not LINE KIND ROLE NAME';
  let rest = line.slice(head.length);
  const unsure = rest.endsWith(' ?');
  if (unsure) rest = rest.slice(0, -2).trimEnd();
  const at = / cell=(\d{1,6})$/.exec(rest);
  if (at) rest = rest.slice(0, at.index).trimEnd();
  const any = unsure ? ['*'] : [];
  if (![...kinds, ...any].includes(kind)) return `"${kind}" is no kind`;
  const open = role.split('|');
  if (!open.every((one) => [...roles, ...any].includes(one))) return `"${role}" is no role`;
  const name = readName(rest);
  if (!name) return 'the name is missing or not a JSON string; names with spaces are JSON strings';
  if (name === '*' && !unsure) return 'a name of which nothing is known is no reference';
  return {
    lines,
    ...(at ? { cell: Number(at[1]) } : {}),
    kind: kind as Label['kind'],
    roles: open as unknown as Label['roles'],
    name,
    unsure,
  };
}

/** Empty when it is none. */
function readName(written: string): string {
  if (!written.startsWith('"')) return /\s/.test(written) ? '' : written;
  try {
    const value: unknown = JSON.parse(written);
    return typeof value === 'string' ? value : '';
  } catch {
    return '';
  }
}

const inside = (path: string): boolean =>
  path !== '' && !path.startsWith('/') && !path.includes('\\') && !path.split('/').includes('..');
