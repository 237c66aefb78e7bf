// FeatureContext: the snapshot one request works on; built per request, never kept.
import type { Catalog } from '../catalog/catalog.ts';
import type { Content, ContentMatch } from '../catalog/content.ts';
import type { Entity, EntityId, EntityKind } from '../catalog/entity.ts';
import type { ColumnEdge } from '../lineage/columns/columnEdges.ts';
import type { TextPlace } from '../references/matching/literalPlace.ts';
import type { PlacedReference, Reference } from '../references/reference.ts';
import type { Resolution } from '../resolve/resolution.ts';
import type { ParsedDocument } from '../syntax/document.ts';
import type { Position } from '../syntax/text.ts';
import type { PlumblineYaml } from './editing/joinEdit.ts';

/** How a file differs from a commit, as git last told us; asked for beforehand, never on the request path. */
export interface FileChange {
  readonly commit: string;
  /** Undefined while git has not answered. */
  readonly changed?: boolean;
  /** One line of the commit: `5be1f0a rename churned (ana, 2026-11-20)`. */
  readonly summary?: string;
  /** How the commit stands to the checkout. */
  readonly relation?: CommitRelation;
  /** Lines of this file since then. */
  readonly lines?: { readonly added: number; readonly removed: number };
}

/** As `connectors/repository.ts` tells it. */
export type CommitRelation =
  | { readonly is: 'same' }
  | { readonly is: 'behind' | 'ahead'; readonly by: number; readonly atLeast?: true }
  | { readonly is: 'diverged'; readonly ahead: number; readonly behind: number; readonly atLeast?: true }
  | { readonly is: 'unknown'; readonly reason: string };

export interface FeatureContext {
  readonly catalog: Catalog;
  /** Epoch ms. */
  readonly now: number;
  /** References of an open or indexed file, in order of position. */
  references(uri: string): readonly Reference[];
  /**
   * What the module-level constant at a place (its name or its value) names where it is used, with its own range and
   * the role `mentions`. Undefined where none stands, or no reference is computed from it.
   */
  constantAt(uri: string, at: Position): Reference | undefined;
  /** What would be named around a place, were this text typed there. */
  probe(document: ParsedDocument, at: Position, text: string): readonly Reference[];
  /** Where the text stands that a constant, as written in a file, gives to a name; undefined when there is no one place. */
  literalOf(uri: string, written: string, name: string): TextPlace | undefined;
  /** Names of a kind that the workspace's code uses, beginning like this; at most `limit`. */
  namesInCode(kind: EntityKind, prefix: string, limit: number): Iterable<string>;
  /** Every reference of the workspace, file by file; for sweeps. */
  inWorkspace(): Iterable<PlacedReference>;
  resolve(reference: Reference): Resolution;
  /** References in the workspace that name this entity. */
  referencesTo(id: EntityId): readonly PlacedReference[];
  /** References in the workspace of this kind and name, known to a tool or not. */
  referencesNamed(reference: Reference): readonly PlacedReference[];
  /** The plumbline.yaml that a join belongs into; undefined where no folder is open. */
  plumblineYaml(): PlumblineYaml | undefined;
  fileChange(uri: string, commit: string): FileChange;
  /** Which commits hold what runs as this entity or run; undefined while git has not answered, and where there is no repository. */
  contentMatch(content: Content, of: EntityId): ContentMatch | undefined;
  /** Owner by `plumbline.yaml`, then by CODEOWNERS of the defining file. */
  owner(id: EntityId): string | undefined;
  /** What the columns of a table, known by these names, are made of; empty when no SQL says so, undefined while it is worked out. */
  columnsInto(tables: readonly Entity[]): readonly ColumnEdge[] | undefined;
  /** Who wrote most of the file that defines it, with how much; undefined while git has not answered. */
  author(id: EntityId): string | undefined;
}

/** What a feature may know of a document. */
export interface FeatureDocument {
  readonly uri: string;
  readonly version: number;
}
