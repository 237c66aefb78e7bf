// dbt in SQL: its calls that name tables, its statements that give values to names, and macros that hand a name on.
import type { Expression, Span } from '../expression.ts';
import type { Binding, Setting, Site } from '../summary.ts';
import { type JinjaCall, type JinjaFound, JinjaReader } from './jinja.ts';
import { insidePart, type JinjaPart } from './quoting.ts';

interface Statement {
  readonly bindings: readonly Binding[];
  readonly macro?: DbtBody;
  readonly endsMacro?: boolean;
}

/** What dbt and Jinja bring along, which no macro of the workspace stands behind. */
const builtIn = new Set(
  'ref source var env_var config return log print set run_query statement range dict list set_strict zip zip_strict doc exceptions selected_resources env exports metric load_result is_incremental should_full_refresh tojson fromjson toyaml fromyaml adapter api caller super this'.split(
    ' ',
  ),
);

/** The reference that a call makes by itself, or would if its macro hands the name on. */
export function dbtSite({ path, args }: JinjaCall): Site | undefined {
  const name = path.at(-1) ?? '';
  if (name === 'ref' || name === 'source') {
    const owner = path.at(-2);
    if (owner !== undefined && owner !== 'builtins' && owner !== 'dbt') return undefined;
    const given = args.filter(({ keyword }) => keyword === undefined).map(({ value }) => value);
    return name === 'ref' ? refSite(given) : sourceSite(given);
  }
  const [first] = args;
  if (path.length === 0 || path.length > 2 || builtIn.has(path[0] ?? '') || !first) return undefined;
  if (!args.some(({ value }) => value.is === 'text' || value.is === 'setting')) return undefined;
  const callee: Expression = { is: 'setting', space: 'dbtMacro', name, at: first.value.at };
  const value: Expression = { is: 'call', callee, args, at: first.value.at };
  return { site: 'name', kind: 'table', tool: 'dbt', value, role: 'reads', via: 'dbt.ref' };
}

function refSite([first, second]: readonly Expression[]): Site | undefined {
  const value = second ?? first;
  if (!value || !first) return undefined;
  const detail = second && first.is === 'text' ? { package: first.value } : {};
  return { site: 'name', kind: 'table', tool: 'dbt', value, role: 'reads', via: 'dbt.ref', detail };
}

function sourceSite([group, table]: readonly Expression[]): Site | undefined {
  if (!group || !table) return undefined;
  const site = { site: 'name', kind: 'table', tool: 'dbt', role: 'reads', via: 'dbt.source' } as const;
  if (group.is === 'text')
    return { ...site, value: table, prefix: `${group.value}.`, detail: { package: group.value } };
  const { at } = table;
  return { ...site, value: { is: 'join', parts: [group, { is: 'text', value: '.', at }, table], at } };
}

/** Reads a part of Jinja; `reading` is given every call and text in it. */
export function statementOf(
  text: string,
  part: JinjaPart,
  span: (from: number, to: number) => Span,
  reading: JinjaFound,
): Statement {
  const reader = new JinjaReader(text, insidePart(text, part), span, reading);
  if (part.sort === 'expression') {
    reader.all();
    return { bindings: [] };
  }
  switch (reader.word()) {
    case 'set':
      return { bindings: set(reader) };
    case 'for': {
      const bindings: Binding[] = [];
      do {
        const name = reader.word();
        if (name === '') break;
        bindings.push({ name, sort: 'loop', value: { is: 'unknown', at: span(part.from, part.from) } });
      } while (reader.sign(','));
      reader.word();
      reader.all();
      return { bindings };
    }
    case 'macro': {
      const macro = new DbtBody(reader.word());
      const bindings: Binding[] = [];
      if (reader.sign('('))
        do {
          const name = reader.word();
          if (name === '') break;
          macro.parameters.push(name);
          const value: Expression = reader.sign('=')
            ? reader.expression(0)
            : { is: 'unknown', at: span(part.from, part.from) };
          bindings.push({ name, sort: 'parameter', value });
        } while (reader.sign(','));
      return { bindings, macro };
    }
    case 'endmacro':
      return { bindings: [], endsMacro: true };
    default:
      reader.all();
      return { bindings: [] };
  }
}

function set(reader: JinjaReader): readonly Binding[] {
  const names: string[] = [];
  do names.push(reader.word());
  while (reader.sign(','));
  const assigns = reader.sign('=');
  const value = assigns ? reader.all() : undefined;
  return names.flatMap((name, index): Binding[] => {
    if (name === '') return [];
    const own = names.length === 1 ? value : value?.is === 'list' ? value.items[index] : undefined;
    return [{ name, sort: 'assigned', value: own ?? { is: 'unknown', at: value?.at ?? [0, 0, 0, 0] } }];
  });
}

/** A macro, and which of its parameters is a model's name: `{% macro smart_ref(name) %}{{ ref(name) }}`. */
export class DbtBody {
  readonly name: string;
  readonly parameters: string[] = [];
  #handsOn: string | undefined;

  constructor(name: string) {
    this.name = name;
  }

  see({ path, args }: JinjaCall): void {
    if (path.at(-1) !== 'ref') return;
    const given = args.filter(({ keyword }) => keyword === undefined);
    const value = given.at(-1)?.value;
    if (value?.is === 'name' && this.parameters.includes(value.name)) this.#handsOn ??= value.name;
  }

  /** `0 name`: by position or by keyword. */
  setting(): Setting | undefined {
    if (this.#handsOn === undefined || this.name === '') return undefined;
    const value = `${this.parameters.indexOf(this.#handsOn)} ${this.#handsOn}`;
    return { space: 'dbtMacro', name: this.name, value: { is: 'text', value, at: [0, 0, 0, 0] }, line: 0 };
  }
}

/** A name that `ref` or `source` is given, with the offsets of what stands between its quotes. */
export interface JinjaName {
  readonly call: 'ref' | 'source';
  /** The model, or `source.table`. */
  readonly name: string;
  readonly package?: string;
  readonly from: number;
  readonly to: number;
}

/** Of a text that is read elsewhere: only names that are written out. */
export function jinjaNames(text: string, part: JinjaPart): readonly JinjaName[] {
  const found: JinjaFound = { calls: [], texts: [] };
  const inside = text.startsWith('{{', part.from) ? insidePart(text, part) : ([part.from, part.to] as const);
  new JinjaReader(text, inside, (from, to) => [0, from, 0, to], found).all();
  return found.calls.flatMap((call): JinjaName[] => {
    const site = dbtSite(call);
    if (site?.site !== 'name' || site.value.is !== 'text' || (site.via !== 'dbt.ref' && site.via !== 'dbt.source'))
      return [];
    const [, from, , to] = site.value.at;
    const { package: group } = site.detail ?? {};
    const name = `${site.prefix ?? ''}${site.value.value}`;
    return [
      {
        call: site.via === 'dbt.ref' ? 'ref' : 'source',
        name,
        from,
        to,
        ...(group === undefined ? {} : { package: group }),
      },
    ];
  });
}
