// DagFiles: the DAGs and tasks that a Python file defines, with schedule, owner, retries and places; read, never run; pure.
import type { SyntaxNode } from '@lezer/common';
import { time } from '../json.ts';
import { argumentsOf, asText, children, type Module, type Modules, readModule, slice, type Value } from './python.ts';
import { readSchedule, type Schedule } from './schedule.ts';

export interface CodeTask {
  /** With the prefixes of its task groups. */
  readonly id: string;
  /** 1-based. */
  readonly line: number;
  /** `PythonOperator`, `@task`. */
  readonly operator: string;
  readonly pool?: string;
  readonly owner?: string;
  /** How often it is tried again. */
  readonly retries?: number;
}

export interface CodeDag {
  readonly id: string;
  /** 1-based. */
  readonly line: number;
  readonly schedule: Schedule;
  /** Epoch ms. */
  readonly startDate?: number;
  readonly owner?: string;
  readonly description?: string;
  readonly tags: readonly string[];
  readonly tasks: readonly CodeTask[];
}

interface OpenDag extends Omit<CodeDag, 'tasks'> {
  readonly tasks: CodeTask[];
  readonly defaults: ReadonlyMap<string, Value>;
}

/** Dotted names of the modules whose values the file may use, for `modules`. */
export function importedModules(module: Module): readonly string[] {
  const names = [...module.imports.values()].flatMap(({ module: from, name }) =>
    name ? [from, `${from}.${name}`] : [from],
  );
  return [...new Set(names)];
}

/** In order of appearance. A DAG or task whose id cannot be read from the text is left out. */
export function dagsIn(text: string, modules: Modules = () => undefined): readonly CodeDag[] {
  const module = readModule(text);
  const reader = new DagReader(module, modules);
  reader.walk(module.tree.topNode, { group: [] });
  return reader.finish();
}

interface Place {
  readonly dag?: OpenDag;
  readonly group: readonly string[];
}

class DagReader {
  readonly #module: Module;
  readonly #modules: Modules;
  readonly #dags: OpenDag[] = [];
  readonly #named = new Map<string, OpenDag>();
  /** Where the calls stand that were read with their statement. */
  readonly #read = new Set<number>();
  /** Tasks outside of any block: with one DAG in the file they are its own. */
  readonly #loose: { readonly node: CodeTask; readonly dag?: string; readonly named: ReadonlyMap<string, Value> }[] =
    [];

  constructor(module: Module, modules: Modules) {
    this.#module = module;
    this.#modules = modules;
  }

  walk(node: SyntaxNode, place: Place): void {
    let inside = place;
    if (node.name === 'WithStatement') inside = this.#opened(node, place);
    else if (node.name === 'DecoratedStatement') inside = this.#decorated(node, place);
    else if (node.name === 'AssignStatement') this.#assigned(node);
    else if (node.name === 'CallExpression') this.#task(node, place);
    for (const child of children(node)) {
      // The calls in the head of `with` and in decorators are read already.
      if (node.name === 'WithStatement' && child.name === 'CallExpression') continue;
      if (child.name !== 'Decorator') this.walk(child, inside);
    }
  }

  finish(): readonly CodeDag[] {
    for (const { node, dag, named } of this.#loose) {
      const owner = (dag && this.#named.get(dag)) || (this.#dags.length === 1 ? this.#dags[0] : undefined);
      owner?.tasks.push(withDefaults(node, named, owner));
    }
    return this.#dags.map(({ defaults: _, ...dag }) => dag);
  }

  #opened(node: SyntaxNode, place: Place): Place {
    let inside = place;
    const parts = [...children(node)];
    for (const [index, part] of parts.entries()) {
      if (part.name !== 'CallExpression') continue;
      const callee = this.#callee(part);
      if (callee === 'DAG') {
        const dag = this.#add(part, undefined);
        const alias = parts[index + 1]?.name === 'as' ? parts[index + 2] : undefined;
        if (dag && alias) this.#named.set(slice(this.#module.text, alias), dag);
        inside = { dag, group: [] };
      } else if (callee === 'TaskGroup') {
        const read = this.#arguments(part);
        const id = asText(read.named.get('group_id') ?? read.args[0]);
        const prefixed = read.named.get('prefix_group_id') === undefined;
        if (id && prefixed) inside = { ...inside, group: [...inside.group, id] };
      }
    }
    return inside;
  }

  #decorated(node: SyntaxNode, place: Place): Place {
    const definition = node.getChild('FunctionDefinition');
    const nameNode = definition?.getChild('VariableName');
    if (!definition || !nameNode) return place;
    const name = slice(this.#module.text, nameNode);
    for (const decorator of node.getChildren('Decorator')) {
      const written = slice(this.#module.text, decorator).replace(/^@\s*/, '');
      const callee = (/^[\w.]+/.exec(written)?.[0] ?? '').split('.');
      if (callee.at(-1) === 'dag') return { dag: this.#add(decorator, name), group: [] };
      if (callee.at(-1) === 'task_group') return { ...place, group: [...place.group, name] };
      if (callee.includes('task')) this.#addTask(decorator, name, `@${callee.join('.')}`, definition, place);
    }
    return place;
  }

  /** `dag = DAG(…)` without a block: tasks name it with `dag=dag`. */
  #assigned(node: SyntaxNode): void {
    const { firstChild: target, lastChild: value } = node;
    if (target?.name !== 'VariableName' || value?.name !== 'CallExpression' || this.#callee(value) !== 'DAG') return;
    const dag = this.#add(value, undefined);
    if (dag) this.#named.set(slice(this.#module.text, target), dag);
  }

  #task(node: SyntaxNode, place: Place): void {
    if (this.#callee(node) === 'DAG' && !this.#read.has(node.from)) this.#add(node, undefined);
    const list = node.getChild('ArgList');
    if (!list || !/\btask_id\s*=/.test(slice(this.#module.text, list).slice(0, 5000))) return;
    this.#addTask(node, undefined, this.#callee(node), node, place);
  }

  #addTask(call: SyntaxNode, fallback: string | undefined, operator: string, at: SyntaxNode, place: Place): void {
    const { named } = this.#arguments(call);
    const own = asText(named.get('task_id')) ?? (named.has('task_id') ? undefined : fallback);
    // Sensors and links name tasks of other DAGs as `external_task_id`, never as `task_id`.
    if (!own) return;
    const task: CodeTask = { id: [...place.group, own].join('.'), line: this.#line(at), operator };
    const list = call.getChild('ArgList');
    const dagArgument = list ? /\bdag\s*=\s*(\w+)/.exec(slice(this.#module.text, list))?.[1] : undefined;
    if (place.dag && !dagArgument) place.dag.tasks.push(withDefaults(task, named, place.dag));
    else this.#loose.push({ node: task, dag: dagArgument, named });
  }

  #add(call: SyntaxNode, fallback: string | undefined): OpenDag | undefined {
    this.#read.add(call.from);
    const { args, named } = this.#arguments(call);
    const id = asText(named.get('dag_id') ?? args[0]) ?? (named.has('dag_id') || args[0] ? undefined : fallback);
    if (!id) return undefined;
    const defaults = named.get('default_args');
    const values = defaults?.is === 'record' ? defaults.entries : new Map<string, Value>();
    const tags = named.get('tags');
    const dag: OpenDag = {
      id,
      line: this.#line(call),
      schedule: readSchedule(named),
      startDate: dateOf(named.get('start_date') ?? values.get('start_date')),
      owner: asText(values.get('owner')),
      description: asText(named.get('description')),
      tags: tags?.is === 'list' ? tags.items.flatMap((tag) => asText(tag) ?? []) : [],
      tasks: [],
      defaults: values,
    };
    this.#dags.push(dag);
    return dag;
  }

  #callee(call: SyntaxNode): string {
    const callee = call.firstChild;
    const written = callee ? slice(this.#module.text, callee) : '';
    const name = written.split('.').at(-1)?.trim() ?? '';
    return this.#module.imports.get(written)?.name ?? name;
  }

  #arguments(call: SyntaxNode): ReturnType<typeof argumentsOf> {
    const list = call.getChild('ArgList');
    return list ? argumentsOf(list, this.#module, this.#modules) : { args: [], named: new Map() };
  }

  #line(node: SyntaxNode): number {
    return this.#module.text.slice(0, node.from).split('\n').length;
  }
}

function withDefaults(task: CodeTask, named: ReadonlyMap<string, Value>, dag: OpenDag): CodeTask {
  const value = (name: string): Value | undefined => named.get(name) ?? dag.defaults.get(name);
  const retries = value('retries');
  return {
    ...task,
    pool: asText(value('pool')),
    owner: asText(value('owner')),
    retries: retries?.is === 'number' ? retries.number : undefined,
  };
}

/** `datetime(2026, 11, 1)`, `pendulum.datetime(2026, 11, 14, 5, tz="UTC")`, `"2026-11-01"`; zones other than UTC are off by their offset. */
function dateOf(value: Value | undefined): number | undefined {
  if (value?.is === 'text') return time(value.text.length === 10 ? `${value.text}T00:00` : value.text);
  if (value?.is !== 'call' || !/(^|\.)(datetime|DateTime)$/.test(value.callee)) return undefined;
  const [year, month, day, hour = 0, minute = 0] = value.args.map((arg) =>
    arg.is === 'number' ? arg.number : Number.NaN,
  );
  if (year === undefined || month === undefined || day === undefined) return undefined;
  const at = Date.UTC(year, month - 1, day, hour, minute);
  return Number.isNaN(at) ? undefined : at;
}
