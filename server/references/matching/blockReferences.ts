// Block references: all references of one block, with the job, task and function each stands in.
import { functionName } from '../evaluation/bindings.ts';
import { Evaluator, type Modules } from '../evaluation/evaluate.ts';
import { filledName, type ParamHolder } from '../evaluation/jinja.ts';
import type { Env } from '../evaluation/value.ts';
import type { Span } from '../expression.ts';
import type { CodePlace, Confidence, Enclosing, Reference, ReferenceDetail } from '../reference.ts';
import type { RuleSet } from '../rules/rule.ts';
import type { Block, PlacedSite } from '../summary.ts';
import { usedIn } from './codePlace.ts';
import type { Found } from './found.ts';
import { isLocalTable } from './localTables.ts';
import type { SiteMemory, SiteResult } from './memory/siteMemory.ts';
import { type Opened, SiteReading } from './sites.ts';

/** A reference whose lines count from the first line of `block`. */
export interface BlockReference {
  readonly block: Block;
  readonly span: Span;
  readonly reference: Omit<Reference, 'range'>;
}

export interface BlockPlace {
  readonly uri: string;
  readonly block: Block;
  /** 0-based. */
  readonly line: number;
}

interface Operator {
  readonly span: Span;
  readonly task: string;
  readonly job: string | undefined;
  readonly site: PlacedSite;
}

/** Pure but for what it asks of `modules`. In the order of the sites. */
export function blockReferences(
  place: BlockPlace,
  modules: Modules,
  rules: RuleSet,
  memory?: SiteMemory,
): readonly BlockReference[] {
  return new BlockPass(place, modules, rules, memory).run();
}

class BlockPass {
  readonly #place: BlockPlace;
  readonly #modules: Modules;
  readonly #rules: RuleSet;
  readonly #memory: SiteMemory | undefined;
  readonly #opened = new Map<number, Opened>();
  /** The calls that opened a scope. */
  readonly #openers = new Map<number, readonly PlacedSite[]>();
  readonly #found: { found: Found; site: PlacedSite }[] = [];
  /** By the lines that operators' constructors stand on: what is in their arguments belongs to their task. */
  readonly #operators = new Map<number, Operator[]>();

  constructor(place: BlockPlace, modules: Modules, rules: RuleSet, memory?: SiteMemory) {
    this.#place = place;
    this.#modules = modules;
    this.#rules = rules;
    this.#memory = memory;
  }

  run(): readonly BlockReference[] {
    const { sites } = this.#place.block;
    // What opens a job or task is looked at first: decorators come after the body that they open.
    sites.forEach((site, index) => {
      if (site.opens !== undefined) this.#site(site, index);
    });
    sites.forEach((site, index) => {
      if (site.opens === undefined) this.#site(site, index);
    });
    this.#memory?.forgetBefore();
    return this.#finish();
  }

  #site(site: PlacedSite, index: number): void {
    const { names, found } = this.#memory?.known(index) ?? this.#read(site, index);
    const { opens, task } = names;
    if (opens && site.opens !== undefined) {
      this.#opened.set(site.opens, opens);
      this.#openers.set(site.opens, [...(this.#openers.get(site.opens) ?? []), site]);
    }
    if (task && site.content.site === 'call') {
      const [first, column, last, endColumn] = site.content.at;
      const span: Span = [first + site.line, column, last + site.line, endColumn];
      this.#operator({ span, task: task.name, job: task.detail.container, site });
    }
    for (const one of found) this.#found.push({ found: one, site });
  }

  #read(site: PlacedSite, index: number): SiteResult {
    const env = this.#envOf(site);
    const reading = new SiteReading(this.#modules, this.#rules);
    const names = reading.read(site.content, env);
    const found = names.found.filter((one) => !isLocalTable(one, site, env, this.#modules));
    const result = { names, found };
    // Where another statement of the block stands is a part of it.
    if (!names.found.some(({ elsewhere }) => elsewhere !== undefined)) this.#memory?.keep(index, result);
    return result;
  }

  #operator(operator: Operator): void {
    const [first, , last] = operator.span;
    for (let line = first; line <= last; line++) {
      const there = this.#operators.get(line);
      if (there) there.push(operator);
      else this.#operators.set(line, [operator]);
    }
  }

  #finish(): readonly BlockReference[] {
    const seen = new Map<string, number>();
    // A text that a rule has read already says nothing new.
    const byRule = this.#found.filter(({ site }) => site.content.site !== 'text');
    const byText = this.#found.filter(({ site }) => site.content.site === 'text');
    const result: BlockReference[] = [];
    for (const { found, site } of [...byRule, ...byText]) {
      const base = found.elsewhere?.line ?? site.line;
      const block = found.elsewhere?.block ?? this.#place.block;
      const [line, column, endLine, endColumn] = found.span;
      const span: Span = [line + base, column, endLine + base, endColumn];
      const key = `${found.kind} ${span[0]} ${span[1]} ${found.kind === 'path' ? (found.round ?? '') : found.name}`;
      const before = block === this.#place.block ? seen.get(key) : undefined;
      const says = before !== undefined && saysMore(found, result[before]?.reference);
      if (before !== undefined && !says) continue;
      seen.set(key, before ?? result.length);
      const within = this.#within(site, span, found);
      const { kind, name, role, tool, via } = found;
      const calls = this.#calls(found, site);
      const detail = { ...this.#detail(found, site, within), ...this.#filled(found, site, span) };
      const confidence: Confidence = name.includes('*') ? 'partial' : found.certainty;
      const reference = { kind, name, role, text: found.written, tool, detail, confidence, via, within };
      result[before ?? result.length] = {
        block,
        span,
        reference: calls.length > 0 ? { ...reference, calls } : reference,
      };
    }
    return result;
  }

  /** A task stands in its DAG and group; a metric's experiment is put in later, when the whole file is known. */
  #detail({ kind, detail, role }: Found, { scope }: PlacedSite, within: Enclosing): ReferenceDetail {
    if (kind !== 'task' || role !== 'defines') return detail;
    const group = this.#groups(scope);
    const container = detail.container ?? within.job;
    return { ...detail, ...(container === undefined ? {} : { container }), ...(group === undefined ? {} : { group }) };
  }

  /** What a decorated function calls belongs to the task or job that it is. */
  #calls({ kind, role, calls = [] }: Found, { content, opens }: PlacedSite): readonly CodePlace[] {
    if (role !== 'defines' || (kind !== 'task' && kind !== 'job')) return calls;
    if (opens === undefined || content.site !== 'call' || !content.decorates) return calls;
    const { uri, block, line } = this.#place;
    return [...calls, ...usedIn({ uri, block, scope: opens, line: 0, blockLine: line }, new Evaluator(this.#modules))];
  }

  #filled({ name, holes }: Found, site: PlacedSite, span: Span): Pick<ReferenceDetail, 'filled'> {
    if (!holes) return {};
    const evaluator = new Evaluator(this.#modules);
    const holders: ParamHolder[] = [];
    const add = (from: PlacedSite | undefined): void => {
      if (from?.content.site !== 'call') return;
      const { args } = from.content;
      const env = this.#envOf(from);
      holders.push({ args, env });
      const dag = evaluator.argument(args, ['dag'], env);
      const made = dag && evaluator.value(dag.value, env);
      if (made?.is === 'instance') holders.push({ args: made.args, env: made.env });
    };
    add(this.#operators.get(span[0])?.find((one) => contains(one.span, span))?.site);
    const { scopes } = this.#place.block;
    for (let at = site.opens ?? site.scope; at > 0; at = scopes[at]?.parent ?? 0)
      for (const one of this.#openers.get(at) ?? []) add(one);
    const filled = filledName(evaluator, name, holes, { env: this.#envOf(site), holders });
    return filled === undefined ? {} : { filled };
  }

  #envOf({ scope, line }: PlacedSite): Env {
    const { uri, block, line: blockLine } = this.#place;
    return { uri, block, scope, line, blockLine };
  }

  #within(site: PlacedSite, span: Span, found: Found): Enclosing {
    const { block } = this.#place;
    const decorated = site.content.site === 'call' && site.content.decorates !== undefined && site.opens !== undefined;
    const scope = decorated ? (block.scopes[site.opens ?? 0]?.parent ?? 0) : site.scope;
    const operator = this.#operators.get(span[0])?.find((one) => contains(one.span, span));
    const own = site.opens === undefined ? undefined : this.#opened.get(site.opens);
    const task = operator?.task ?? own?.task ?? this.#around(scope, 'task');
    const job = operator?.job ?? own?.job ?? this.#around(scope, 'job');
    const monitor = this.#around(scope, 'monitor');
    const function_ = functionName(block, scope);
    const defines = found.role === 'defines' || undefined;
    return {
      ...(function_ === undefined ? {} : { function: function_ }),
      ...(job === undefined || (defines && found.kind === 'job') ? {} : { job }),
      ...(task === undefined || (defines && found.kind === 'task') ? {} : { task }),
      ...(monitor === undefined || defines ? {} : { monitor }),
    };
  }

  #around(scope: number, what: keyof Opened): string | undefined {
    const { scopes } = this.#place.block;
    for (let at = scope; at > 0; at = scopes[at]?.parent ?? 0) {
      const opened = this.#opened.get(at)?.[what];
      if (opened !== undefined) return opened;
    }
    return undefined;
  }

  /** `prepare.clean`: groups in groups, the outermost first. */
  #groups(scope: number): string | undefined {
    const { scopes } = this.#place.block;
    const names: string[] = [];
    for (let at = scope; at > 0; at = scopes[at]?.parent ?? 0) names.unshift(this.#opened.get(at)?.group ?? '');
    return names.filter((name) => name !== '').join('.') || undefined;
  }
}

function contains(outer: Span, inner: Span): boolean {
  const after = inner[0] > outer[0] || (inner[0] === outer[0] && inner[1] >= outer[1]);
  const before = inner[2] < outer[2] || (inner[2] === outer[2] && inner[3] <= outer[3]);
  return after && before;
}

/** Of one name the call around it may say more than the call that it stands in: `Object("b", "k").put()`, `Bucket("b").Object("k")`. */
function saysMore({ role, name }: Found, before: Omit<Reference, 'range'> | undefined): boolean {
  if (!before) return false;
  if (before.kind === 'path' && name.length > before.name.length && name.startsWith(before.name)) return true;
  return before.role === 'mentions' && role !== 'mentions';
}
