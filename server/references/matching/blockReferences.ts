// Block references: all references of one block, with the job, task and function each stands in.
import { isKnown, readAddress } from '../addresses.ts';
import { Evaluator, type Modules } from '../evaluation/evaluate.ts';
import { type Env, spanOfSegments, textOfSegments } from '../evaluation/value.ts';
import type { Expression, Span } from '../expression.ts';
import { makesTask } from '../python/candidates.ts';
import type { Confidence, Enclosing, Reference, ReferenceDetail } from '../reference.ts';
import { taskIdRule } from '../rules/index.ts';
import type { Rule, RuleSet } from '../rules/rule.ts';
import type { Block, PlacedSite, Site } from '../summary.ts';
import { matchingRules, readCallee } from './callee.ts';
import { type Found, roleUnder, weakest, writtenPart } from './found.ts';
import { dagIdOf, take } from './takes.ts';

/** No name has these without quotes. */
const sqlSigns = /[\s()]/;

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
}

interface Opened {
  job?: string;
  task?: string;
  group?: string;
}

/** Pure but for what it asks of `modules`. In the order of the sites. */
export function blockReferences(place: BlockPlace, modules: Modules, rules: RuleSet): readonly BlockReference[] {
  return new BlockPass(place, modules, rules).run();
}

class BlockPass {
  readonly #place: BlockPlace;
  readonly #modules: Modules;
  readonly #rules: RuleSet;
  readonly #opened = new Map<number, Opened>();
  readonly #found: { found: Found; site: PlacedSite }[] = [];
  /** By the lines that operators' constructors stand on: what is in their arguments belongs to their task. */
  readonly #operators = new Map<number, Operator[]>();

  constructor(place: BlockPlace, modules: Modules, rules: RuleSet) {
    this.#place = place;
    this.#modules = modules;
    this.#rules = rules;
  }

  run(): readonly BlockReference[] {
    const { sites } = this.#place.block;
    // What opens a job or task is looked at first: decorators come after the body that they open.
    for (const site of sites) if (site.opens !== undefined) this.#site(site);
    for (const site of sites) if (site.opens === undefined) this.#site(site);
    return this.#finish();
  }

  #site(site: PlacedSite): void {
    const { content } = site;
    const evaluator = new Evaluator(this.#modules);
    const env: Env = {
      uri: this.#place.uri,
      block: this.#place.block,
      scope: site.scope,
      line: site.line,
      blockLine: this.#place.line,
    };
    switch (content.site) {
      case 'open': {
        const value = evaluator.value(content.value, env);
        const job = value.is === 'instance' ? dagIdOf(value, evaluator) : undefined;
        if (job !== undefined && site.opens !== undefined) this.#opened.set(site.opens, { job });
        return;
      }
      case 'call':
        this.#call(site, content, env, evaluator);
        return;
      case 'text':
        this.#text(site, content, env, evaluator);
        return;
      case 'table':
        this.#table(site, content, env, evaluator);
        return;
      default: {
        this.#name(site, content, env, evaluator);
      }
    }
  }

  #name(site: PlacedSite, content: Site & { site: 'name' }, env: Env, evaluator: Evaluator): void {
    const { kind, tool, value, prefix = '', role, via, detail = {}, opens } = content;
    const segments = evaluator.segments(value, env);
    const own = textOfSegments(segments);
    if (!isKnown(own)) return;
    const name = `${prefix}${own}`;
    const span = spanOfSegments(segments, 0, own.length, value.at);
    const text = writtenPart(segments, 0, own.length, value);
    if (opens && site.opens !== undefined) this.#opened.set(site.opens, { [opens]: name });
    if (opens === 'group') return;
    this.#add(site, { kind, tool, name, role, span, certainty: weakest(segments), detail, via, written: text });
  }

  #call(site: PlacedSite, content: Site & { site: 'call' }, env: Env, evaluator: Evaluator): void {
    const { callee: expression, args, at, decorates, under } = content;
    const callee = readCallee(expression, env, evaluator);
    const last = expression.is === 'name' || expression.is === 'attribute' ? expression.name : '';
    const named = callee && callee.path.length > 0 && !callee.method ? (callee.path.at(-1) ?? last) : last;
    const rules: Rule[] = callee ? [...matchingRules(named, callee, this.#rules)] : [];
    if (!decorates && makesTask(last) && args.some(({ keyword }) => keyword === 'task_id')) rules.push(taskIdRule);
    for (const rule of rules) {
      const call = { rule, callee: callee ?? noCallee, args, at, env, evaluator, decorates, under };
      const found = rule.takes.flatMap((row) => take(call, row));
      const own = found.find(({ role, kind }) => role === 'defines' || (rule.opens === 'group' && kind === 'task'));
      if (rule.opens && site.opens !== undefined && own) this.#opened.set(site.opens, { [rule.opens]: own.name });
      if (rule === taskIdRule && own) {
        const [first, column, lastLine, endColumn] = at;
        const span: Span = [first + site.line, column, lastLine + site.line, endColumn];
        this.#operator({ span, task: own.name, job: own.detail.container });
      }
      if (rule.opens !== 'group') for (const one of found) this.#add(site, one);
    }
  }

  #operator(operator: Operator): void {
    const [first, , last] = operator.span;
    for (let line = first; line <= last; line++) {
      const there = this.#operators.get(line);
      if (there) there.push(operator);
      else this.#operators.set(line, [operator]);
    }
  }

  #text(site: PlacedSite, content: Site & { site: 'text' }, env: Env, evaluator: Evaluator): void {
    const { value: expression } = content;
    const value = evaluator.value(expression, env);
    if (value.is !== 'text') return;
    const address = readAddress(textOfSegments(value.segments));
    if (!address) return;
    const { kind, tool, name, detail, from, to } = address;
    const span = spanOfSegments(value.segments, from, to, expression.at);
    const role = roleUnder(content.under, content.role);
    const via = kind === 'path' ? `${tool}.address` : 'mlflow.address';
    const text = writtenPart(value.segments, from, to, expression);
    this.#add(site, { kind, tool, name, detail, role, span, certainty: weakest(value.segments), via, written: text });
  }

  #table(site: PlacedSite, content: Site & { site: 'table' }, env: Env, evaluator: Evaluator): void {
    const { value: expression, role, via } = content;
    const segments = evaluator.segments(expression, env);
    const name = textOfSegments(segments).replace(/["`]/g, '');
    if (!isKnown(name)) return;
    // What is written was a name to the scan, so its spaces are quoted; what fills a hole may be more SQL.
    const holes = expression.is === 'text' ? [] : expression.is === 'join' ? expression.parts : [expression];
    const isSql = (hole: Expression): boolean =>
      hole.is !== 'text' && sqlSigns.test(textOfSegments(evaluator.segments(hole, env)));
    if (sqlSigns.test(name) && holes.some(isSql)) return;
    const text = writtenPart(segments, 0, textOfSegments(segments).length, expression);
    const found = {
      kind: 'table',
      tool: 'sql',
      name,
      role,
      span: expression.at,
      detail: content.detail ?? {},
      via,
      written: text,
    } as const;
    this.#add(site, { ...found, certainty: weakest(segments) });
  }

  #add(site: PlacedSite, found: Found): void {
    this.#found.push({ found, site });
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
      const key = `${found.kind} ${span[0]} ${span[1]} ${found.kind === 'path' ? '' : found.name}`;
      const before = block === this.#place.block ? seen.get(key) : undefined;
      // Of one name the call around it may say more than the call that it stands in: `Object("b", "k").put()`.
      const says = before !== undefined && result[before]?.reference.role === 'mentions' && found.role !== 'mentions';
      if (before !== undefined && !says) continue;
      seen.set(key, before ?? result.length);
      const within = this.#within(site, span, found);
      const { kind, name, role, tool, via } = found;
      const detail = this.#detail(found, site, within);
      const confidence: Confidence = name.includes('*') ? 'partial' : found.certainty;
      const reference = { kind, name, role, text: found.written, tool, detail, confidence, via, within };
      result[before ?? result.length] = { block, span, reference };
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

  #within(site: PlacedSite, span: Span, found: Found): Enclosing {
    const { block } = this.#place;
    const decorated = site.content.site === 'call' && site.content.decorates !== undefined && site.opens !== undefined;
    const scope = decorated ? (block.scopes[site.opens ?? 0]?.parent ?? 0) : site.scope;
    const operator = this.#operators.get(span[0])?.find((one) => contains(one.span, span));
    const own = site.opens === undefined ? undefined : this.#opened.get(site.opens);
    const task = operator?.task ?? own?.task ?? this.#around(scope, 'task');
    const job = operator?.job ?? own?.job ?? this.#around(scope, 'job');
    const function_ = this.#function(scope);
    const defines = found.role === 'defines' || undefined;
    return {
      ...(function_ === undefined ? {} : { function: function_ }),
      ...(job === undefined || (defines && found.kind === 'job') ? {} : { job }),
      ...(task === undefined || (defines && found.kind === 'task') ? {} : { task }),
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

  #function(scope: number): string | undefined {
    const { scopes } = this.#place.block;
    const names: string[] = [];
    let inFunction = false;
    for (let at = scope; at > 0; at = scopes[at]?.parent ?? 0) {
      const info = scopes[at];
      if (!info || info.sort === 'with') continue;
      if (!inFunction && info.sort === 'class') return undefined;
      inFunction = true;
      names.unshift(info.name);
    }
    return names.length > 0 ? names.join('.') : undefined;
  }
}

const noCallee = { value: { is: 'unknown' }, path: [], imported: false, hint: '', method: false, chain: [] } as const;

function contains(outer: Span, inner: Span): boolean {
  const after = inner[0] > outer[0] || (inner[0] === outer[0] && inner[1] >= outer[1]);
  const before = inner[2] < outer[2] || (inner[2] === outer[2] && inner[3] <= outer[3]);
  return after && before;
}
