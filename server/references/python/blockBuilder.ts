// BlockBuilder: collects what a statement says; takes in the blocks inside of it without reading them again.
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

const outside: Scope = { sort: 'with', name: '', parent: -1, lines: [0, 0] };

export class BlockBuilder {
  readonly #column: number;
  readonly #sites: PlacedSite[] = [];
  readonly #bindings: PlacedBinding[] = [];
  readonly #scopes: Scope[] = [outside];

  constructor(column: number) {
    this.#column = column;
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
  merge(block: Block, line: number, scope: number, branch?: readonly [number, number]): void {
    const offset = this.#scopes.length - 1;
    const mapped = (index: number): number => (index === 0 ? scope : index + offset);
    for (const inner of block.scopes.slice(1)) {
      const [first, last] = inner.lines;
      this.#scopes.push({ ...inner, parent: mapped(inner.parent), lines: [first + line, last + line] });
    }
    for (const site of block.sites) {
      const placed = { line: site.line + line, scope: mapped(site.scope), content: site.content };
      this.#sites.push(site.opens === undefined ? placed : { ...placed, opens: mapped(site.opens) });
    }
    for (const { content, ...at } of block.bindings) {
      // A view is seen by all of the file.
      const seenBy = content.name.startsWith(viewMark) ? 0 : mapped(at.scope);
      const placed = { line: at.line + line, scope: seenBy, content };
      const own: readonly [number, number] | undefined = at.branch
        ? [at.branch[0] + line, at.branch[1] + line]
        : at.scope === 0
          ? branch
          : undefined;
      this.#bindings.push(own ? { ...placed, branch: own } : placed);
    }
  }

  /** The one empty block when nothing was said. */
  block(): Block {
    if (this.#sites.length === 0 && this.#bindings.length === 0) return emptyBlock;
    return { column: this.#column, sites: this.#sites, bindings: this.#bindings, scopes: this.#scopes };
  }
}
