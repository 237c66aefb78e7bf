// Context: puts the snapshot, the references, git and the owners together for one request.
import { fileURLToPath } from 'node:url';
import type { Catalog } from './catalog/catalog.ts';
import type { Content, ContentMatch } from './catalog/content.ts';
import type { Entity, EntityId } from './catalog/entity.ts';
import { columnSources, flowsInto } from './features/columnFlows.ts';
import type { FeatureContext, FileChange } from './features/context.ts';
import type { PlumblineYaml } from './features/editing/joinEdit.ts';
import type { ColumnEdge } from './lineage/columns/columnEdges.ts';
import type { ColumnSource } from './lineage/columns/columnMemory.ts';
import type { TextPlace } from './references/matching/literalPlace.ts';
import type { PlacedReference, Reference } from './references/reference.ts';
import type { RuleSet } from './references/rules/rule.ts';
import { summarize } from './references/summarize.ts';
import type { FileSummary } from './references/summary.ts';
import type { Resolution } from './resolve/resolution.ts';
import { resolve } from './resolve/resolve.ts';
import type { Position } from './syntax/text.ts';
import { typedInto } from './syntax/typed.ts';

/** What of the references the rest needs; the index fulfils it. */
export interface References {
  readonly revision: number;
  references(uri: string): readonly Reference[];
  named(kind: Reference['kind'], name: string): readonly PlacedReference[];
  constantAt(uri: string, at: Position): Reference | undefined;
  probe(summary: FileSummary, line: number): readonly Reference[];
  literalOf(uri: string, written: string, name: string): TextPlace | undefined;
  names(kind: Reference['kind'], prefix: string, limit: number): ReadonlySet<string>;
  everything(): Iterable<PlacedReference>;
  readonly rules: RuleSet;
}

export interface ContextParts {
  readonly index: References;
  readonly now: () => number;
  /** From memory at once; asks git in the background when it does not know. */
  fileChange(path: string, commit: string): Omit<FileChange, 'commit'>;
  /** From memory at once; `near` is the file that defines it. Absent: nobody is asked. */
  contentMatch?(content: Content, near: readonly string[]): ContentMatch | undefined;
  /** By `plumbline.yaml`, then CODEOWNERS of the file given, if there is one. */
  ownerOf(entity: Entity, definedIn: string | undefined): string | undefined;
  /** Who wrote most of a file; from memory at once. Absent: nobody is asked. */
  authorOf?(path: string): string | undefined;
  /** From memory at once; undefined while it is worked out. Absent: nobody is asked. */
  columnsOf?(source: ColumnSource): readonly ColumnEdge[] | undefined;
  /** Of the first open folder; absent: there is none. */
  plumblineYaml?(): PlumblineYaml | undefined;
  /** The active environment: names are looked for in it first; undefined, or absent: anywhere. */
  environment?(): string | undefined;
}

interface Remembered {
  readonly resolution: Resolution;
  /** Revision of the index at that time. */
  readonly index: number;
}

const dependsOnCode: ReadonlySet<Resolution['status']> = new Set(['undeployed', 'missing', 'unknown']);

/**
 * Resolutions are remembered per reference for one catalog revision and environment: a reference object is never changed, so it is a
 * safe key. Of the code only one thing counts, and only for what no tool knows: whether the name is defined there.
 */
export class Contexts {
  readonly #parts: ContextParts;
  #resolved = new WeakMap<Reference, Remembered>();
  #of = '';

  constructor(parts: ContextParts) {
    this.#parts = parts;
  }

  make(catalog: Catalog): FeatureContext {
    const { index, now, fileChange } = this.#parts;
    const environment = this.#parts.environment?.();
    const of = JSON.stringify([catalog.revision, environment]);
    if (of !== this.#of) {
      this.#of = of;
      this.#resolved = new WeakMap();
    }
    const resolved = this.#resolved;
    const resolveOnce = (reference: Reference): Resolution => {
      const known = resolved.get(reference);
      if (known && (known.index === index.revision || !dependsOnCode.has(known.resolution.status)))
        return known.resolution;
      const resolution = resolve(reference, catalog, { definedHere: isDefined(index, reference), environment });
      resolved.set(reference, { resolution, index: index.revision });
      return resolution;
    };
    const referencesTo = (id: EntityId): readonly PlacedReference[] => {
      const entity = catalog.get(id);
      return entity ? namedLike(index, entity).filter(({ reference }) => names(resolveOnce(reference), id)) : [];
    };
    /** The file that its tool says defines it, else the one that does in code. */
    const definedIn = (id: EntityId, declared: string | undefined): string | undefined => {
      const definer = declared ? undefined : referencesTo(id).find(({ reference }) => reference.role === 'defines');
      return declared ?? (definer && pathOf(definer.uri));
    };
    return {
      catalog,
      now: now(),
      references: (uri) => index.references(uri),
      constantAt: (uri, at) => index.constantAt(uri, at),
      probe: (document, at, text) => {
        const typed = typedInto(document, at, text);
        return index.probe(summarize(typed, index.rules), at.line);
      },
      literalOf: (uri, written, name) => index.literalOf(uri, written, name),
      namesInCode: (kind, prefix, limit) => index.names(kind, prefix, limit),
      inWorkspace: () => index.everything(),
      resolve: resolveOnce,
      referencesTo,
      referencesNamed: (reference) => index.named(reference.kind, reference.name),
      plumblineYaml: () => this.#parts.plumblineYaml?.(),
      fileChange: (uri, commit) => {
        const path = pathOf(uri);
        return path ? { commit, ...fileChange(path, commit) } : { commit };
      },
      contentMatch: (content, of) => {
        const about = catalog.run(of)?.of[0] ?? of;
        const file = definedIn(about, catalog.facts(about).definedAt?.path);
        return this.#parts.contentMatch?.(content, file === undefined ? [] : [file]);
      },
      owner: (id) => {
        const entity = catalog.get(id);
        if (!entity) return undefined;
        const { dataOwner, definedAt } = catalog.facts(id);
        if (dataOwner !== undefined) return this.#parts.ownerOf(entity, undefined) ?? dataOwner;
        return this.#parts.ownerOf(entity, definedIn(id, definedAt?.path));
      },
      columnsInto: (tables) => {
        const { columnsOf } = this.#parts;
        if (!columnsOf) return [];
        const ids = tables.map(({ id }) => id);
        const found = columnSources({ catalog, referencesTo }, ids).map(columnsOf);
        const edges = found.flatMap((one) => one ?? []);
        return found.includes(undefined) ? undefined : flowsInto(tables, edges);
      },
      author: (id) => {
        const file = definedIn(id, catalog.facts(id).definedAt?.path);
        return file === undefined ? undefined : this.#parts.authorOf?.(file);
      },
    };
  }
}

/** A definition of this name stands in the workspace. */
function isDefined(index: References, reference: Reference): boolean {
  return index.named(reference.kind, reference.name).some((placed) => placed.reference.role === 'defines');
}

function namedLike(index: References, entity: Entity): PlacedReference[] {
  const names = new Set([entity.name, ...entity.aliases]);
  return [...names].flatMap((name) => index.named(entity.kind, name));
}

function names(resolution: Resolution, id: EntityId): boolean {
  switch (resolution.status) {
    case 'resolved':
    case 'gone':
      return resolution.entity.id === id;
    case 'ambiguous':
      return resolution.candidates.some((candidate) => candidate.id === id);
    case 'matches':
      return resolution.entities.some((entity) => entity.id === id);
    default:
      return false;
  }
}

/** Absolute path of a `file:` uri; undefined for anything else. */
export function pathOf(uri: string): string | undefined {
  if (!uri.startsWith('file:')) return undefined;
  try {
    return fileURLToPath(uri);
  } catch {
    return undefined;
  }
}
