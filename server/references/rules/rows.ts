// Rows: short ways to write the rows of the tables.
import type { EntityKind } from '../../catalog/entity.ts';
import type { Role } from '../reference.ts';
import type { ArgumentKey, BucketScheme, Rule, Take } from './rule.ts';

export type Row = (name: string, calls: readonly string[], ...takes: readonly Take[]) => Rule;

export function rowsOf(tool: string): Row {
  return (name, calls, ...takes) => ({ id: `${tool}.${name}`, tool, calls, takes });
}

export function named(kind: EntityKind, role: Role, ...from: ArgumentKey[]): Take {
  return { from, kind, role };
}

/** An address by its scheme; of another kind where it is one: a run's, a model's. */
export function address(role: Role, ...from: ArgumentKey[]): Take {
  return { from, kind: 'path', role, read: 'address' };
}

export function table(role: Role, from: ArgumentKey | readonly ArgumentKey[], ...qualify: ArgumentKey[]): Take {
  const keys = typeof from === 'object' ? from : [from];
  return { from: keys, kind: 'table', role, ...(qualify.length > 0 ? { qualify: qualify.map((key) => [key]) } : {}) };
}

type Keys = ArgumentKey | readonly ArgumentKey[];
const list = (keys: Keys): readonly ArgumentKey[] => (typeof keys === 'object' ? keys : [keys]);

/** A bucket with its key beside it. */
export function bucket(role: Role, from: Keys, key: Keys = [], scheme: BucketScheme = 's3'): Take {
  return {
    from: list(from),
    key: list(key),
    kind: 'path',
    role,
    read: 'bucket',
    ...(scheme === 's3' ? {} : { scheme }),
  };
}

/** Each of the classes or functions of a package. */
export function of(root: string, ...names: string[]): readonly string[] {
  return names.map((name) => `${root}.${name}`);
}

/** Methods of what a class makes, and of what is called so: `S3Hook#read_key`, `hook:read_key`. */
export function methods(owner: string, hint: string | undefined, ...names: string[]): readonly string[] {
  return names.flatMap((name) => [`${owner}#${name}`, ...(hint === undefined ? [] : [`${hint}:${name}`])]);
}
