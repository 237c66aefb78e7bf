// Document symbols: what a file defines and writes: jobs with their tasks, models, tables, monitors.
import { type DocumentSymbol, SymbolKind } from 'vscode-languageserver-types';
import type { EntityKind } from '../../catalog/entity.ts';
import type { Reference } from '../../references/reference.ts';
import type { FeatureContext, FeatureDocument } from '../context.ts';
import { kindWords } from '../words.ts';

export const symbolKinds: Readonly<Record<EntityKind, SymbolKind>> = {
  model: SymbolKind.Class,
  version: SymbolKind.EnumMember,
  experiment: SymbolKind.Namespace,
  job: SymbolKind.Module,
  task: SymbolKind.Function,
  run: SymbolKind.Event,
  table: SymbolKind.Struct,
  path: SymbolKind.File,
  metric: SymbolKind.Number,
  monitor: SymbolKind.Event,
  endpoint: SymbolKind.Interface,
  host: SymbolKind.Object,
};

/** Each name once, where it is defined, else where it is first written. */
export function documentSymbols(context: FeatureContext, { uri }: FeatureDocument): DocumentSymbol[] {
  const made = context.references(uri).filter(({ role, name }) => isMade(role) && name.replaceAll('*', '') !== '');
  const first = new Map<string, Reference>();
  const called = calledToo(made);
  const seconds = new Set(called.values());
  for (const reference of made) {
    if (seconds.has(reference)) continue;
    const key = keyOf(reference.kind, reference.name, reference.detail.container);
    const known = first.get(key);
    if (!known || (known.role !== 'defines' && reference.role === 'defines')) first.set(key, reference);
  }
  const jobs = new Map<string, DocumentSymbol>();
  const roots: DocumentSymbol[] = [];
  const symbols = [...first.values()].sort(byPlace);
  for (const reference of symbols) {
    if (reference.kind !== 'job' || reference.role !== 'defines') continue;
    const symbol = symbolOf(reference, called.get(reference)?.name);
    jobs.set(reference.name, symbol);
    roots.push(symbol);
  }
  for (const reference of symbols) {
    if (reference.kind === 'job' && reference.role === 'defines') continue;
    const { detail, within } = reference;
    const job = jobs.get(detail.container ?? within.job ?? '') ?? jobs.get(within.job ?? '');
    if (job) job.children?.push(symbolOf(reference));
    else roots.push(symbolOf(reference));
  }
  for (const job of jobs.values()) job.range = around(job);
  return roots.sort((one, other) => one.range.start.line - other.range.start.line);
}

/** In a bundle a job is its key; what it is called there is a second name of the same job, told beside the first. */
function calledToo(made: readonly Reference[]): ReadonlyMap<Reference, Reference> {
  const called = new Map<Reference, Reference>();
  let job: Reference | undefined;
  for (const reference of [...made].sort(byPlace)) {
    if (reference.via === 'databricks.job') job = reference;
    else if (job && isSecondName(reference) && !called.has(job)) called.set(job, reference);
  }
  return called;
}

function isSecondName({ via }: Reference): boolean {
  return via === 'databricks.job.name';
}

function isMade(role: Reference['role']): boolean {
  return role === 'defines' || role === 'writes';
}

function keyOf(kind: EntityKind, name: string, container = ''): string {
  return `${kind} ${container} ${name}`;
}

function byPlace({ range: { start: a } }: Reference, { range: { start: b } }: Reference): number {
  return a.line - b.line || a.character - b.character;
}

function symbolOf({ kind, name, role, range, detail }: Reference, called?: string): DocumentSymbol {
  const group = detail.group === undefined ? '' : `${detail.group}.`;
  return {
    name: `${group}${name}`,
    detail: `${kindWords[kind]}${role === 'writes' ? ', written' : ''}${called === undefined || called === name ? '' : `, called ${called}`}`,
    kind: symbolKinds[kind],
    range,
    selectionRange: range,
    children: [],
  };
}

/** A job's range has all that stands in it, as outlines want it. */
function around({ range, children = [] }: DocumentSymbol): DocumentSymbol['range'] {
  let { start, end } = range;
  for (const { range: inner } of children) {
    if (inner.start.line < start.line) start = { line: inner.start.line, character: 0 };
    if (inner.end.line > end.line || (inner.end.line === end.line && inner.end.character > end.character))
      end = inner.end;
  }
  return { start, end };
}
