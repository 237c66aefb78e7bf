// Sites: the names that one site carries, by the rules that know it or because it is plain by itself.
import { isKnown, type NamedPart, readAddress, readServingUrl } from '../addresses.ts';
import { isSuperInit } from '../evaluation/attributes.ts';
import { Evaluator, type Fuel, type Modules } from '../evaluation/evaluate.ts';
import { noRounds, type Rounds } from '../evaluation/loops.ts';
import { type Env, spanOfSegments, textOfSegments, type Value } from '../evaluation/value.ts';
import type { Expression } from '../expression.ts';
import { makesTask, verbRole } from '../python/candidates.ts';
import { taskIdRule } from '../rules/index.ts';
import type { Rule, RuleSet } from '../rules/rule.ts';
import { dialectOfPath } from '../rules/tables/dialects.ts';
import type { Site } from '../summary.ts';
import { type Callee, isOwn, keywordRules, matchingRules, readCallees } from './callee.ts';
import { codePlacesOf } from './codePlace.ts';
import { type Found, jinjaIn, roleUnder, weakest, writtenPart } from './found.ts';
import { dagIdOf, take } from './takes/takes.ts';
import { handedNames } from './wrappers.ts';

/** What stands under a site belongs to this. */
export interface Opened {
  readonly job?: string;
  readonly task?: string;
  readonly group?: string;
  readonly monitor?: string;
}

export interface SiteNames {
  readonly found: readonly Found[];
  readonly opens?: Opened;
  /** The task that a call with a `task_id` makes. */
  readonly task?: Found;
}

const nothing: SiteNames = { found: [] };
/** No name has these without quotes. */
const sqlSigns = /[\s()]/;
/** Sites of functions of the workspace that one call may lead to, and steps in all of them. */
const mostLed = 60;
const mostSteps = 10_000;

/** One for each site of a block: what that leads to elsewhere counts for it. */
export class SiteReading {
  readonly modules: Modules;
  readonly #rules: RuleSet;
  #led = 0;
  #fuel: Fuel = { left: mostSteps };
  #rounds: Rounds = noRounds();

  constructor(modules: Modules, rules: RuleSet) {
    this.modules = modules;
    this.#rules = rules;
  }

  /** Whether one more site of a called function may be read. */
  leads(): boolean {
    return ++this.#led <= mostLed;
  }

  /** `depth`: how many calls of functions of the workspace it lies behind. */
  read(content: Site, env: Env, depth = 0): SiteNames {
    const names = this.#read(content, env, depth);
    return depth === 0 && this.#rounds.most > 0 ? this.#eachRound(names, content, env) : names;
  }

  /** What is named by a variable of a loop alone is named once for each item; what is a part of a name stays a pattern. */
  #eachRound(names: SiteNames, content: Site, env: Env): SiteNames {
    const { most } = this.#rounds;
    const known = new Set(names.found.map(placeOf));
    const said = new Set(names.found.map(identityOf));
    const more: Found[] = [];
    for (let at = 0; at < most; at++) {
      this.#rounds = noRounds(at);
      this.#led = 0;
      this.#fuel = { left: mostSteps };
      const { found } = this.#read(content, env, 0);
      const { loops, taken } = this.#rounds;
      // Of loops in loops not all pairs are gone through.
      const own = found.filter(
        (one) => !known.has(placeOf(one)) && !one.name.includes('*') && (loops.size < 2 || taken.has(one.name)),
      );
      if (own.length === 0) break;
      for (const one of own) {
        if (said.has(identityOf(one)) || (content.site === 'text' && one.role === 'mentions')) continue;
        said.add(identityOf(one));
        more.push({ ...one, round: at });
      }
    }
    return more.length > 0 ? { ...names, found: [...names.found, ...more] } : names;
  }

  #read(content: Site, env: Env, depth: number): SiteNames {
    const evaluator = new Evaluator(this.modules, depth > 0 ? this.#fuel : undefined, this.#rounds);
    switch (content.site) {
      case 'open': {
        const value = evaluator.value(content.value, env);
        const job = value.is === 'instance' ? dagIdOf(value, evaluator) : undefined;
        return job === undefined ? nothing : { found: [], opens: { job } };
      }
      case 'call':
        return this.#call(content, env, evaluator, depth);
      case 'text':
        return { found: textNames(content, env, evaluator) };
      case 'table':
        return { found: tableNames(content, env, evaluator) };
      case 'use':
        return nothing;
      default:
        return settledName(content, env, evaluator);
    }
  }

  #call(content: Site & { site: 'call' }, env: Env, evaluator: Evaluator, depth: number): SiteNames {
    const { callee: expression, args, at, decorates, under } = content;
    const last = expression.is === 'name' || expression.is === 'attribute' ? expression.name : '';
    const value = evaluator.value(expression, env);
    const callees = readCallees(expression, value, evaluator);
    const matched = callees.flatMap((callee) =>
      matchingRules(nameOf(callee, last), callee, this.#rules).map((rule) => ({ rule, callee })),
    );
    const constructs = makesTask(last) || isSuperInit(expression);
    if (!decorates && constructs && args.some(({ keyword }) => keyword === 'task_id'))
      matched.push({ rule: taskIdRule, callee: callees[0] ?? noCallee });
    const ofKeywords = decorates ? [] : keywordRules(expression, args, this.#rules);
    const byKeyword = ofKeywords.map((rule) => ({ rule, callee: callees[0] ?? { ...noCallee, name: last } }));
    const all: Found[] = [];
    let opens: Opened | undefined;
    let task: Found | undefined;
    const seen = new Set<Rule>();
    for (const { rule, callee } of [...matched, ...byKeyword]) {
      if (seen.has(rule)) continue;
      seen.add(rule);
      const call = { rule, callee, args, at, env, evaluator, decorates, under };
      const found = rule.takes.flatMap((row) => take(call, row));
      const own = found.find(({ role, kind }) => role === 'defines' || (rule.opens === 'group' && kind === 'task'));
      if (rule.opens && own) opens = { [rule.opens]: own.name };
      if (rule === taskIdRule && own) task = own;
      if (rule.opens !== 'group') all.push(...found);
    }
    const runs = all.some(isRunning) && !decorates ? codePlacesOf(args, env, evaluator) : undefined;
    const found = runs?.length ? all.map((one) => (isRunning(one) ? { ...one, calls: runs } : one)) : all;
    // Of what a rule knows by its name, nothing is read off its insides; a method's name alone is not enough.
    const isKnownHere = matched.some(
      ({ rule, callee }) => rule !== taskIdRule && isOwn(callee) && !rule.calls.includes(`#${callee.name}`),
    );
    const said = new Set(found.map(identityOf));
    const handed = decorates || isKnownHere ? [] : handedNames({ content, value, env, evaluator }, this, depth);
    return {
      found: [...found, ...settled(handed, last).filter((one) => !said.has(identityOf(one)))],
      ...(opens ? { opens } : {}),
      ...(task ? { task } : {}),
    };
  }
}

/** What is looked for and then made, is made; but `get_or_create` gets it. */
function settled(handed: readonly Found[], called: string): readonly Found[] {
  if (verbRole(called) === 'reads') return handed;
  const written = new Set(handed.flatMap(({ kind, role, name }) => (role === 'writes' ? [`${kind} ${name}`] : [])));
  return handed.filter(({ kind, role, name }) => role !== 'reads' || !written.has(`${kind} ${name}`));
}

const identityOf = ({ kind, role, name }: Found): string => `${kind} ${role} ${name}`;

const placeOf = ({ kind, role, span }: Found): string => `${kind} ${role} ${span}`;

/** What makes a task, or runs a job, may say which code that is. */
function isRunning({ kind, role }: Found): boolean {
  return (kind === 'task' && role === 'defines') || (kind === 'job' && role === 'runs');
}

/** The name that rules know a callee by: its own in its package, whatever this file calls it. */
function nameOf({ path, method, value, imported }: Callee, last: string): string {
  const own = path.at(-1);
  if (own === undefined) return last;
  return !method || (value.is === 'external' && imported) ? own : last;
}

const noCallee = {
  value: { is: 'unknown' },
  path: [],
  imported: false,
  hint: '',
  method: false,
  name: '',
} as const;

function settledName(content: Site & { site: 'name' }, env: Env, evaluator: Evaluator): SiteNames {
  const { kind, tool, value, prefix = '', role, via, detail = {}, opens } = content;
  const segments = evaluator.segments(value, env);
  const own = textOfSegments(segments);
  if (!isKnown(own)) return nothing;
  const name = `${prefix}${own}`;
  const span = spanOfSegments(segments, 0, own.length, value.at);
  const written = writtenPart(segments, 0, own.length, value);
  const found = { kind, tool, name, role, span, certainty: weakest(segments), detail, via, written };
  if (!opens) return { found: [found] };
  return { found: opens === 'group' ? [] : [found], opens: { [opens]: name } };
}

function textNames(content: Site & { site: 'text' }, env: Env, evaluator: Evaluator): readonly Found[] {
  const { value: expression } = content;
  const value = evaluator.value(expression, env);
  if (value.is !== 'text') return [];
  const role = roleUnder(content.under, content.role);
  return addressesIn(textOfSegments(value.segments)).map(({ kind, tool, name, detail, from, to }) => {
    const span = spanOfSegments(value.segments, from, to, expression.at);
    const via = `${kind === 'path' || kind === 'endpoint' ? tool : 'mlflow'}.address`;
    const written = writtenPart(value.segments, from, to, expression);
    const holes = jinjaIn(value.segments, from, to);
    return { kind, tool, name, detail, role, span, certainty: weakest(value.segments), via, written, ...holes };
  });
}

/** One, or several with commas between: `--extra-py-files s3://b/a.py,s3://b/c.py`. */
function addressesIn(text: string): readonly NamedPart[] {
  if (!listed.test(text)) return [readAddress(text) ?? readServingUrl(text) ?? []].flat();
  const found: NamedPart[] = [];
  let at = 0;
  for (const part of text.split(',').slice(0, mostListed)) {
    const start = at + part.length - part.trimStart().length;
    const address = readAddress(part.trim());
    if (address) found.push({ ...address, from: start + address.from, to: start + address.to });
    at += part.length + 1;
  }
  return found;
}
const listed = /,\s?[a-z0-9]{2,6}:\/\//;
const mostListed = 50;

function tableNames(content: Site & { site: 'table' }, env: Env, evaluator: Evaluator): readonly Found[] {
  const { value: expression, role, via, detail = {} } = content;
  const segments = evaluator.segments(expression, env);
  const all = textOfSegments(segments);
  const name = all.replace(/["`]/g, '');
  if (!isKnown(name)) return [];
  // What is written was a name to the scan, so its spaces are quoted; what fills a hole may be more SQL.
  const holes = expression.is === 'text' ? [] : expression.is === 'join' ? expression.parts : [expression];
  const isSql = (hole: Expression): boolean =>
    hole.is !== 'text' && sqlSigns.test(textOfSegments(evaluator.segments(hole, env)));
  if (sqlSigns.test(name) && holes.some(isSql)) return [];
  const written = writtenPart(segments, 0, all.length, expression);
  const certainty = weakest(segments);
  const dialect = content.handedTo && dialectOf(evaluator.value(content.handedTo, env));
  const said = dialect === undefined ? detail : { ...detail, dialect };
  const span = expression.at;
  const inJinja = jinjaIn(segments, 0, all.length);
  return [{ kind: 'table', tool: 'sql', name, role, span, certainty, detail: said, via, written, ...inJinja }];
}

/** `SnowflakeHook(…).run`, `snowflake.connector.connect(…).cursor().execute`. */
function dialectOf(value: Value): string | undefined {
  return (value.is === 'external' && value.imported) || value.is === 'instance' ? dialectOfPath(value.path) : undefined;
}
