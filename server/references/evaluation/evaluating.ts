// Evaluating: what the parts of an evaluation ask of the whole, and what the whole may ask of other files.
import type { Argument, Expression } from '../expression.ts';
import type { Binding, Block, Setting, SettingSpace } from '../summary.ts';
import type { Env, Segment, Value } from './value.ts';

/** A name bound at the level of a module, with the line it is bound at. */
export interface ModuleBinding {
  readonly binding: Binding;
  readonly line: number;
  readonly block: Block;
  readonly blockLine: number;
  readonly scope: number;
  /** Of its branch, in lines of the file. */
  readonly branch?: readonly [number, number];
}

export interface PlacedSetting {
  readonly uri: string;
  readonly setting: Setting;
}

/** What evaluation may ask of other files; every answer is noted as read. */
export interface Modules {
  /** Bindings of a name at the top level of a file, in the order of the text. */
  bindings(uri: string, name: string): readonly ModuleBinding[];
  /** The file of a module as imported from a file: `churn.settings`, `.settings`. */
  module(from: string, name: string): string | undefined;
  /** What files around `from` give a name of a space; those nearest to it, all that are equally near. */
  settings(from: string, space: SettingSpace, name: string): readonly PlacedSetting[];
}

export interface PlacedEntry {
  readonly value: Expression;
  readonly env: Env;
}

export interface Evaluating {
  readonly modules: Modules;
  value(expression: Expression, env: Env): Value;
  /** Pieces of a text; an unknown value is one unknown piece. */
  segments(expression: Expression, env: Env): readonly Segment[];
  argument(args: readonly Argument[], keys: readonly (number | string)[], env: Env): Argument | undefined;
  /** What one key of a dict is given. */
  entry(value: Value, key: string): PlacedEntry | undefined;
  /** Does it one level deeper, unless that is too deep or the fuel is used up. */
  fuelled<Result>(read: () => Result, otherwise: Result): Result;
}
