// BlockBuilder: collects what a statement says; takes in the blocks inside of it without reading them again.

import { type BlockPart, tellParts } from '../blockParts.ts';
import {
  type Binding,
  type Block,
  emptyBlock,
  type PlacedBinding,
  type PlacedSite,
  type Scope,
  type Site,
} from '../summary.ts';
import { viewMark } from './views.ts';

type Lines = readonly [number, number];

/** What a block comes to in the place where it was put last: most often it is put there again. */
interface Put {
  readonly line: number;
  readonly scope: number;
  readonly offset: number;
  readonly branch: Lines | undefined;
  readonly sites: readonly PlacedSite[];
  readonly bindings: readonly PlacedBinding[];
  readonly scopes: readonly Scope[];
}

const lastPut = new WeakMap<Block, Put>();

const outside: Scope = { sort: 'with', name: '', parent: -1, lines: [0, 0] };

export class BlockBuilder {
  readonly #column: number;
  readonly #sites: PlacedSite[] = [];
  readonly #bindings: PlacedBinding[] = [];
  readonly #scopes: Scope[] = [outside];
  readonly #parts: BlockPart[] = [];

  readonly #isReadOnce: boolean;

  /** `isReadOnce`: it will not be put together again with some of its blocks changed. */
  constructor(column: number, isReadOnce: boolean) {
    this.#column = column;
    this.#isReadOnce = isReadOnce;
  }

  scope(scope: Scope): number {
    return this.#scopes.push(scope) - 1;
  }

  site(content: Site, scope: number, opens?: number): void {
    this.#sites.push(opens === undefined ? { line: 0, scope, content } : { line: 0, scope, opens, content });
  }

  bind(content: Binding, scope: number): void {
    this.#bindings.push({ line: 0, scope: content.name.startsWith(viewMark) ? 0 : scope, content });
  }

  /** `branch`: the lines of the branch that the block is in. */
  merge(block: Block, line: number, scope: number, branch?: Lines): void {
    const offset = this.#scopes.length - 1;
    const known = lastPut.get(block);
    const isKnown =
      known?.line === line && known.scope === scope && known.offset === offset && sameLines(known.branch, branch);
    const put = isKnown ? known : putAt(block, { line, scope, offset, branch });
    if (!isKnown && !this.#isReadOnce) lastPut.set(block, put);
    this.#parts.push({
      block,
      line,
      scope,
      firstSite: this.#sites.length,
      firstBinding: this.#bindings.length,
      firstScope: this.#scopes.length,
      branch,
    });
    for (const one of put.scopes) this.#scopes.push(one);
    for (const one of put.sites) this.#sites.push(one);
    for (const one of put.bindings) this.#bindings.push(one);
  }

  /** The one empty block when nothing was said. */
  block(): Block {
    if (this.#sites.length === 0 && this.#bindings.length === 0) return emptyBlock;
    const block = { column: this.#column, sites: this.#sites, bindings: this.#bindings, scopes: this.#scopes };
    if (this.#parts.length > 0) tellParts(block, this.#parts);
    return block;
  }
}

function sameLines(one: Lines | undefined, other: Lines | undefined): boolean {
  return one?.[0] === other?.[0] && one?.[1] === other?.[1];
}

function putAt(block: Block, place: Pick<Put, 'line' | 'scope' | 'offset' | 'branch'>): Put {
  const { line, scope, offset, branch } = place;
  const mapped = (index: number): number => (index === 0 ? scope : index + offset);
  const scopes = block.scopes.slice(1).map((inner): Scope => {
    const [first, last] = inner.lines;
    return { ...inner, parent: mapped(inner.parent), lines: [first + line, last + line] };
  });
  const sites = block.sites.map((site): PlacedSite => {
    const placed = { line: site.line + line, scope: mapped(site.scope), content: site.content };
    return site.opens === undefined ? placed : { ...placed, opens: mapped(site.opens) };
  });
  const bindings = block.bindings.map(({ content, line: own, scope: at, branch: inner }): PlacedBinding => {
    // A view is seen by all of the file.
    const seenBy = content.name.startsWith(viewMark) ? 0 : mapped(at);
    const lines: Lines | undefined = inner ? [inner[0] + line, inner[1] + line] : at === 0 ? branch : undefined;
    return lines
      ? { line: own + line, scope: seenBy, content, branch: lines }
      : { line: own + line, scope: seenBy, content };
  });
  return { ...place, sites, bindings, scopes };
}
