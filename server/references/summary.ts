// FileSummary: what one file says by itself: its sites with value expressions, its bindings and its scopes. Plain data.
import type { EntityKind } from '../catalog/entity.ts';
import type { DocumentLanguage } from '../syntax/languages.ts';
import type { CellPlace } from '../syntax/notebook/cells.ts';
import type { Argument, Expression, Span } from './expression.ts';
import type { ReferenceDetail, Role } from './reference.ts';

/** A place that names something, or may: that is decided when values and callees are known. */
export type Site =
  /** A call that some rule may know; `names` is set when it decorates a function. */
  | {
      readonly site: 'call';
      readonly callee: Expression;
      readonly args: readonly Argument[];
      readonly at: Span;
      /** The function or class it decorates. */
      readonly decorates?: { readonly name: string; readonly at: Span };
      /** The call stands inside of this argument of a call around it, e.g. `outlets` of `@task`. */
      readonly under?: string;
    }
  /** A function that the code of a pipeline calls; nothing is named here. */
  | { readonly site: 'use'; readonly value: Expression }
  /** `with dag:` */
  | { readonly site: 'open'; readonly value: Expression }
  /** A text that may be an address by itself; the role is what the call around it looks like doing. */
  | { readonly site: 'text'; readonly value: Expression; readonly role: Role; readonly under?: string }
  /** A table in SQL, already found; `value` is its dotted name. */
  | {
      readonly site: 'table';
      readonly value: Expression;
      readonly role: Role;
      readonly via: string;
      readonly detail?: ReferenceDetail;
      /** What the SQL is handed to: it may say the dialect. */
      readonly handedTo?: Expression;
    }
  /** A name whose kind and role are settled; only its value may depend on other places. */
  | {
      readonly site: 'name';
      readonly kind: EntityKind;
      readonly tool: string;
      readonly value: Expression;
      /** In front of the name, but not where it stands: `crm.` of `source('crm', 'customers')`. */
      readonly prefix?: string;
      readonly role: Role;
      readonly via: string;
      readonly detail?: ReferenceDetail;
      /** What stands in the scope that it opens belongs to this. */
      readonly opens?: Opens;
    };

/** What has a scope of its own, in which other things stand. */
export type Opens = 'job' | 'task' | 'group' | 'monitor';

/** `declared`: a name with a type and no value. */
export type BindingSort = 'assigned' | 'parameter' | 'imported' | 'function' | 'class' | 'loop' | 'declared';

export interface Binding {
  readonly name: string;
  readonly sort: BindingSort;
  readonly value: Expression;
  /** Of an import: the module, dots in front for relative ones, and the name taken from it. */
  readonly module?: string;
  /** Of an import: only the first of several names, `a` of `import a.b`. */
  readonly folder?: true;
  /** `*` where all names of the module come in. */
  readonly imported?: string;
  /** Of a parameter: `*args`, `**kwargs`. */
  readonly star?: 1 | 2;
  /** Of a function: reading it calls it. */
  readonly property?: true;
}

export type ScopeSort = 'function' | 'class' | 'with';

/** `with` is a region, not a scope of names. */
export interface Scope {
  readonly sort: ScopeSort;
  readonly name: string;
  /** 0 is what stands around the block. */
  readonly parent: number;
  readonly bases?: readonly Expression[];
  /** First and last line, from the first line of the block. */
  readonly lines: readonly [number, number];
}

/** Lines count from the first line of the block they are in; `scope` is an index into its scopes, 0 what is around it. */
export interface PlacedSite {
  readonly line: number;
  readonly scope: number;
  /** The scope that this call makes: the `with` it heads, or the function it decorates. */
  readonly opens?: number;
  readonly content: Site;
}

export interface PlacedBinding {
  readonly line: number;
  readonly scope: number;
  readonly content: Binding;
  /** First and last line of the branch of `if`, `try` or `match` that it stands in, the innermost. */
  readonly branch?: readonly [number, number];
}

/** A statement with all that is in it. Where it stands is not part of it, so it stays the same while lines above it come and go. */
export interface Block {
  /** Column of its first character. */
  readonly column: number;
  readonly sites: readonly PlacedSite[];
  readonly bindings: readonly PlacedBinding[];
  /** The first is what is around the block. */
  readonly scopes: readonly Scope[];
}

export interface PlacedBlock {
  /** 0-based. */
  readonly line: number;
  readonly block: Block;
}

/** A name that a whole file stands for; it is found by name, but is no reference of its own. */
export interface Definition {
  readonly kind: EntityKind;
  readonly tool: string;
  readonly name: string;
  /** 0-based line that `at` counts from. */
  readonly line: number;
  readonly at: Span;
  readonly via: string;
}

/** Names that files give values to, each sort in a space of its own. */
export type SettingSpace =
  | 'env'
  | 'dbtVar'
  | 'dbtMacro'
  | 'airflowVariable'
  | 'bundle'
  | 'terraform'
  | 'make'
  /** What a file of settings holds as a whole, by its name without folders: `config.yml`. */
  | 'file'
  /** What Airflow fills in when it runs, as it is written: `params.table`. No file gives it a value. */
  | 'jinja';

/** A value that a file gives to a name which others use without importing it: `.env`, `vars:` of dbt, variables of a bundle. */
export interface Setting {
  readonly space: SettingSpace;
  readonly name: string;
  readonly value: Expression;
  /** 0-based line that the spans of `value` count from. */
  readonly line: number;
}

export interface FileSummary {
  readonly uri: string;
  readonly language: DocumentLanguage;
  readonly rules: string;
  /** In the order of the text; blocks that say nothing are left out. */
  readonly blocks: readonly PlacedBlock[];
  readonly definitions?: readonly Definition[];
  readonly settings?: readonly Setting[];
  /** Of a notebook: its code cells in the one text that lines count in. */
  readonly cells?: readonly CellPlace[];
  /** Said when a file was not read as a whole. */
  readonly notice?: string;
}

export const emptyBlock: Block = { column: 0, sites: [], bindings: [], scopes: [] };
