// Offered names: which of those in the code are worth offering where one is typed, and how they go on from what is typed.
import type { Entity } from '../../catalog/entity.ts';
import type { Reference } from '../../references/reference.ts';
import type { ParsedDocument } from '../../syntax/document.ts';
import type { Position, Range } from '../../syntax/text.ts';
import type { FeatureContext } from '../context.ts';
import { toolName } from '../toolName.ts';

/** Of a name in code: not the very one that is being typed, nor one that would be shown as missing. */
export function isMeant(context: FeatureContext, { uri }: ParsedDocument, named: Reference, at: Position): boolean {
  if (isRef(named) && named.name.includes('.')) return false;
  const elsewhere = context
    .referencesNamed(named)
    .filter((placed) => placed.uri !== uri || !holds(placed.reference.range, at));
  if (!context.catalog.covers(named.kind, named.tool).covered) return elsewhere.length > 0;
  return elsewhere.some(({ reference: { role } }) => role === 'defines' || role === 'writes');
}

function holds({ start, end }: Range, { line, character }: Position): boolean {
  return start.line === line && end.line === line && start.character <= character && character <= end.character;
}

/** Databases do not tell capitals apart, and whoever began with them goes on with them. */
export function inCaseOf(typed: string, name: string): string {
  return /[A-Z]/.test(typed) && !/[a-z]/.test(typed) && name === name.toLowerCase() ? name.toUpperCase() : name;
}

/** The part of a name that takes the place of what was typed; undefined when it does not go on from there. */
export function continued(whole: string, prefix: string, typed: string): string | undefined {
  const known = prefix.slice(prefix.lastIndexOf('*') + 1).toLowerCase();
  const at = whole.toLowerCase().indexOf(known);
  return at < 0 ? undefined : whole.slice(Math.max(0, at + known.length - typed.length));
}

/** dbt's `ref` takes the name of a model, a seed or a snapshot by itself. */
export function isRef({ via }: Reference): boolean {
  return via.startsWith('dbt.ref');
}

/** What dbt builds, so not its sources. */
export function isBuilt({ catalog }: FeatureContext, { id }: Entity): boolean {
  return toolName(id) === 'dbt' && catalog.facts(id).materialized !== undefined;
}

/** A task is known with its DAG in front, and written without; so is a table in `ref`. */
export function shortName(reference: Reference, name: string): string {
  if (isRef(reference)) return name.slice(name.lastIndexOf('.') + 1);
  return reference.kind === 'task' ? name.slice(name.indexOf('.') + 1) : name;
}
