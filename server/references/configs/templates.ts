// Templates in values: `${…}`, `{{ … }}` and `$NAME` become what they stand for, or a hole; the rest keeps its place.
import type { Expression, Span } from '../expression.ts';
import { seenAs } from '../shell/variables.ts';
import type { PlacedScalar } from './trees/scalar.ts';

/** `names`: the value of a `${…}` that is no variable of the environment; undefined leaves it unknown. */
export interface TemplateContext {
  readonly names: (name: string, at: Span) => Expression | undefined;
  /** Jinja stays part of the text; who reads the text knows it. */
  readonly keepsJinja?: boolean;
  /** So do the variables of a shell; `names` is still asked for names with dots, which no shell has. */
  readonly keepsShell?: boolean;
  /** What variables of the environment are given, by `env NAME`. */
  readonly values?: ReadonlyMap<string, Expression>;
}

interface Hole {
  readonly from: number;
  readonly to: number;
  readonly inside: string;
  readonly sort: 'dollar' | 'jinja' | 'word';
}

const longestHole = 300;

/** The characters of a value from an index up to another; lines count from `line`. */
export function valueExpression(
  scalar: PlacedScalar,
  from: number,
  to: number,
  line: number,
  context: TemplateContext,
): Expression {
  const { value } = scalar;
  if (scalar.node.style === 'quoted' ? !/[${]/.test(value) : !/\$|\{\{/.test(value)) return scalar.text(from, to, line);
  const parts: Expression[] = [];
  let at = from;
  for (const hole of holesIn(value, from, to, context)) {
    if (hole.from > at) parts.push(scalar.text(at, hole.from, line));
    const place = scalar.span(hole.from, hole.to, line);
    const of = meaning(hole, place, context) ?? { is: 'unknown', at: place };
    parts.push({ is: 'hole', of, at: place });
    at = hole.to;
  }
  if (at < to) parts.push(scalar.text(at, to, line));
  const [only] = parts;
  if (only && parts.length === 1) return only.is === 'hole' ? only.of : only;
  return parts.length === 0 ? scalar.text(from, to, line) : { is: 'join', parts, at: scalar.span(from, to, line) };
}

function holesIn(value: string, from: number, to: number, context: TemplateContext): readonly Hole[] {
  const { keepsJinja = false, keepsShell = false } = context;
  const holes: Hole[] = [];
  for (let at = from; at < to; at++) {
    const sign = value.charAt(at);
    const next = value.charAt(at + 1);
    const open = sign === '$' ? 1 : 0;
    let hole: Hole | undefined;
    if (open > 0 && next === '$' && /[A-Za-z_{]/.test(value.charAt(at + 2))) {
      // `$$NAME`: not for this reader, but for the one after it.
      const inside = /^\$\$(?:\w+|\{[^{}]*\})/.exec(value.slice(at, Math.min(to, at + longestHole)))?.[0] ?? '$$';
      hole = { from: at, to: at + inside.length, inside: '', sort: 'jinja' };
    } else if (value.startsWith('{{', at + open)) {
      if (!keepsJinja || open > 0) hole = closed(value, at, to, '{{', '}}', open, 'jinja');
      else at = Math.max(at, value.indexOf('}}', at) + 1);
    } else if (open > 0 && next === '{') hole = closed(value, at, to, '{', '}', 1, 'dollar');
    else if (open > 0 && next === '(') hole = closed(value, at, to, '(', ')', 1, 'word');
    else if (open > 0 && /[A-Za-z_]/.test(next)) {
      const inside = /^\w+/.exec(value.slice(at + 1, Math.min(to, at + longestHole)))?.[0] ?? '';
      hole = { from: at, to: at + 1 + inside.length, inside, sort: 'word' };
    }
    if (!hole || (keepsShell && hole.sort !== 'jinja' && !/^[a-z]+\.[\w.-]+$/.test(hole.inside))) continue;
    holes.push(hole);
    at = hole.to - 1;
  }
  return holes;
}

function closed(
  value: string,
  at: number,
  to: number,
  opens: string,
  closes: string,
  before: number,
  sort: Hole['sort'],
): Hole | undefined {
  const start = at + before + opens.length;
  let depth = 1;
  for (let index = start; index < Math.min(to, start + longestHole); index++) {
    if (value.startsWith(closes, index)) {
      depth--;
      if (depth === 0) return { from: at, to: index + closes.length, inside: value.slice(start, index).trim(), sort };
    } else if (sort === 'dollar' && value.startsWith('${', index)) depth++;
  }
  return undefined;
}

function meaning({ inside, sort }: Hole, at: Span, { names, values }: TemplateContext): Expression | undefined {
  if (sort === 'jinja') return workflowMeaning(inside, at, values) ?? jinjaMeaning(inside, at);
  // `${X:-default}`, `${X-default}` of shells and compose; `${X:default}` has another reader for each tool.
  const [, name, fallback] = /^([A-Za-z_]\w*)(?::?-([^$]*))?$/.exec(inside) ?? [];
  const known = names(inside, at);
  if (known) return known;
  const given = name === undefined ? undefined : values?.get(`env ${name}`);
  if (given) return seenAs(inside, given, at);
  if (name !== undefined) return environment(name, fallback, at);
  // `${oc.env:X,default}` of Hydra, `${env:X, 'default'}` of serverless, `${ENV_VAR:default}` stays unknown.
  const [, variable, otherwise] = /^(?:oc\.env|env):([A-Za-z_]\w*)(?:,\s*(.*))?$/.exec(inside) ?? [];
  return variable === undefined ? undefined : environment(variable, unquoted(otherwise), at);
}

function environment(name: string, fallback: string | undefined, at: Span): Expression {
  return setting('env', name, fallback, at);
}

function setting(
  space: 'env' | 'dbtVar' | 'airflowVariable',
  name: string,
  fallback: string | undefined,
  at: Span,
): Expression {
  if (fallback === undefined || fallback === '') return { is: 'setting', space, name, at };
  return { is: 'setting', space, name, otherwise: { is: 'text', value: fallback, at }, at };
}

function unquoted(text: string | undefined): string | undefined {
  return text?.trim().replace(/^(['"])([^'"]*)\1$/, '$2');
}

/** `${{ env.X }}` of GitHub's workflows: what `env:` gives it further up. */
function workflowMeaning(inside: string, at: Span, values: TemplateContext['values']): Expression | undefined {
  const [, name] = /^env\.([A-Za-z_]\w*)$/.exec(inside) ?? [];
  const given = name === undefined ? undefined : values?.get(`env ${name}`);
  return given && seenAs(inside, given, at);
}

/** `env_var('X', 'd')` and `var('x', 'd')` of dbt, `var.value.x` of Airflow. */
function jinjaMeaning(inside: string, at: Span): Expression | undefined {
  const call = /^(env_var|var)\(\s*(['"])([^'"]{1,200})\2\s*(?:,\s*(['"])([^'"]{0,200})\4\s*)?\)$/.exec(inside);
  if (call) return setting(call[1] === 'var' ? 'dbtVar' : 'env', call[3] ?? '', call[5], at);
  const [, variable] = /^var\.value\.([\w-]+)$/.exec(inside) ?? [];
  return variable === undefined ? undefined : setting('airflowVariable', variable, undefined, at);
}
