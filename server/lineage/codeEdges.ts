// Code edges: lineage read off the source; what a function, task or SQL file reads flows to what it writes.
import type { Edge } from '../catalog/edge.ts';
import type { EntityId } from '../catalog/entity.ts';
import type { PlacedReference, Reference } from '../references/reference.ts';
import type { Resolution } from '../resolve/resolution.ts';
import { Callers } from './callers.ts';

/** Kinds through which data flows; the others are not drawn from code. */
const dataKinds: ReadonlySet<string> = new Set(['model', 'table', 'path', 'metric', 'endpoint']);

const mostOfOneGroup = 50;

/** Id of a name that no tool knows: `code:table:sales.orders`. */
export function codeId(reference: Reference): EntityId {
  return `code:${reference.kind}:${reference.name}`;
}

/** The entity, if there is just one; else the name itself. */
export function nodeOf(reference: Reference, resolution: Resolution): EntityId {
  if (resolution.status === 'resolved' || resolution.status === 'gone') return resolution.entity.id;
  const [only, second] = resolution.status === 'matches' ? resolution.entities : [];
  return only && !second ? only.id : codeId(reference);
}

interface Group {
  readonly uri: string;
  readonly function: string;
  readonly reads: PlacedReference[];
  readonly writes: PlacedReference[];
  readonly runs: PlacedReference[];
  readonly tasks: PlacedReference[];
}

export function codeEdges(
  placed: Iterable<PlacedReference>,
  resolve: (reference: Reference) => Resolution,
): readonly Edge[] {
  const groups = new Map<string, Group>();
  const jobs = new Map<string, EntityId>();
  const tasks = new Map<string, EntityId>();
  const monitors = new Map<string, EntityId>();
  const callers = new Callers();
  const id = ({ reference }: PlacedReference): EntityId => nodeOf(reference, resolve(reference));
  for (const one of placed) {
    const { reference } = one;
    if (reference.role === 'defines' && reference.kind === 'job') jobs.set(reference.name, id(one));
    if (reference.role === 'defines' && reference.kind === 'task') tasks.set(taskKey(reference), id(one));
    if (reference.role === 'defines' && reference.kind === 'monitor')
      monitors.set(`${one.uri}\n${reference.name}`, id(one));
    if (isExecution(reference)) for (const place of reference.calls ?? []) callers.add(id(one), place);
    addTo(groupOf(groups, one), one);
  }
  return [...groups.values()].flatMap((group) => {
    const [watched] = group.reads;
    const monitor = watched && monitors.get(`${group.uri}\n${watched.reference.within.monitor ?? ''}`);
    if (monitor !== undefined) return group.reads.map((one) => edge(id(one), monitor, watching(one), one));
    const within = executionOf(group, jobs, tasks);
    const executions = within === undefined ? callers.of(group.uri, group.function) : [within];
    return edgesOf(group, id, jobs, executions);
  });
}

function watching({ reference }: PlacedReference): Edge['relation'] {
  return reference.kind === 'metric' ? 'measures' : 'reads';
}

function taskKey({ name, detail, within }: Reference): string {
  return `${detail.container ?? within.job ?? ''}.${name}`;
}

/** What runs code: a task by its definition, a job where it is started or defined. */
function isExecution({ kind, role }: Reference): boolean {
  return kind === 'task' ? role === 'defines' : kind === 'job' && (role === 'runs' || role === 'defines');
}

function groupOf(groups: Map<string, Group>, { uri, reference }: PlacedReference): Group {
  const { function: name = '', job = '', task = '', monitor = '' } = reference.within;
  const key = `${uri}\n${name}\n${job}\n${task}\n${monitor}`;
  const known = groups.get(key);
  if (known) return known;
  const group: Group = { uri, function: name, reads: [], writes: [], runs: [], tasks: [] };
  groups.set(key, group);
  return group;
}

function addTo(group: Group, one: PlacedReference): void {
  const { kind, role, name, tool } = one.reference;
  if (name.replaceAll('*', '') === '') return;
  if (kind === 'job' && role === 'runs') group.runs.push(one);
  else if (kind === 'task' && role === 'defines') group.tasks.push(one);
  else if (!dataKinds.has(kind)) return;
  else if (role === 'reads') group.reads.push(one);
  // dbt's YAML says what its models are, not what they are made of.
  else if (role === 'writes' || role === 'runs' || (role === 'defines' && kind === 'table' && tool !== 'dbt'))
    group.writes.push(one);
}

function edgesOf(
  group: Group,
  id: (one: PlacedReference) => EntityId,
  jobs: ReadonlyMap<string, EntityId>,
  executions: readonly EntityId[],
): Edge[] {
  const contained = group.tasks.flatMap((one): Edge[] => {
    const job = jobs.get(one.reference.detail.container ?? one.reference.within.job ?? '');
    return job ? [edge(job, id(one), 'contains', one)] : [];
  });
  if (executions.length > 0) {
    const through = executions.flatMap((execution) => [
      ...group.reads.map((one) => edge(id(one), execution, 'reads', one)),
      ...group.writes.map((one) => edge(execution, id(one), 'writes', one)),
      ...group.runs.map((one) => edge(execution, id(one), 'runs', one)),
    ]);
    return [...contained, ...through];
  }
  const flows = distinct(group.reads, id).flatMap((read) =>
    distinct(group.writes, id).flatMap((write): Edge[] => {
      const [from, to] = [id(read), id(write)];
      return from === to ? [] : [edge(from, to, write.reference.kind === 'metric' ? 'measures' : 'writes', write)];
    }),
  );
  return [...contained, ...flows];
}

/** The first place of each thing; a script that reads and writes hundreds is a list, not a flow of all into all. */
function distinct(placed: readonly PlacedReference[], id: (one: PlacedReference) => EntityId): PlacedReference[] {
  const first = new Map<EntityId, PlacedReference>();
  for (const one of placed) if (!first.has(id(one))) first.set(id(one), one);
  return [...first.values()].slice(0, mostOfOneGroup);
}

/** The task that the group's code is the body of, else its job. */
function executionOf(
  { reads, writes, runs }: Group,
  jobs: ReadonlyMap<string, EntityId>,
  tasks: ReadonlyMap<string, EntityId>,
): EntityId | undefined {
  const within = [...reads, ...writes, ...runs][0]?.reference.within;
  if (!within) return undefined;
  const { job = '', task } = within;
  return (task === undefined ? undefined : tasks.get(`${job}.${task}`)) ?? jobs.get(job);
}

function edge(
  from: EntityId,
  to: EntityId,
  relation: Edge['relation'],
  { uri, reference, cell }: PlacedReference,
): Edge {
  const file = decodeURIComponent(uri.split('/').slice(-2).join('/'));
  const { line } = reference.range.start;
  const place = cell ? ` cell ${cell.index}:${line - cell.line + 1}` : `:${line + 1}`;
  return { from, to, relation, origin: 'code', evidence: `${file}${place}` };
}
