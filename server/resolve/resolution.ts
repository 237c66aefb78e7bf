// Resolution: what a reference turned out to be, with all the honest answers.
import type { UnknownReason } from '../catalog/catalog.ts';
import type { Entity } from '../catalog/entity.ts';

export type Resolution =
  | { readonly status: 'resolved'; readonly entity: Entity }
  | { readonly status: 'ambiguous'; readonly candidates: readonly Entity[] }
  /** A pattern with `*` and what it matches (possibly nothing). */
  | { readonly status: 'matches'; readonly pattern: string; readonly entities: readonly Entity[] }
  /** Defined in this workspace, seen in no tool yet. */
  | { readonly status: 'undeployed' }
  /** Covered and absent, as of `asOf` (epoch ms); `near` are existing names it might have meant. */
  | { readonly status: 'missing'; readonly asOf: number; readonly near: readonly Entity[] }
  /** Was there until `until` (epoch ms). */
  | { readonly status: 'gone'; readonly entity: Entity; readonly until: number }
  | { readonly status: 'unknown'; readonly reason: UnknownReason };
