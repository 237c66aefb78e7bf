// Wanted: what the rules want to see of a file before any value is known, and which calls that makes worth looking at.
import type { Argument } from '../expression.ts';
import { makesTask } from './candidates.ts';

/** What the rules want to see; known before any value is. */
export interface Wanted {
  /** Last names of callees. */
  readonly names: ReadonlySet<string>;
  /** Last names of calls whose text is SQL whatever it looks like. */
  readonly sqlNames: ReadonlySet<string>;
  /** Keywords that make any call worth looking at. */
  readonly keywords: { has(keyword: string): boolean };
  /** Keys that make a dict worth looking at. */
  readonly shapes: readonly { readonly keys: readonly string[] }[];
  /** Functions that are called are of interest, too. */
  readonly uses: boolean;
}

/** By the last name of its callee and its keywords. Any class that is given a `task_id` makes a task, whoever wrote it. */
export function wants({ names, keywords }: Wanted, last: string, args: readonly Argument[]): boolean {
  if (names.has(last) || last === '__init__') return true;
  if (args.some(({ keyword }) => keyword !== undefined && keywords.has(keyword))) return true;
  return makesTask(last) && args.some(({ keyword }) => keyword === 'task_id');
}
