// Rename: of what the workspace's own code defines: DAGs, tasks, dbt models; in every place at once, or not at all.
import type {
  ChangeAnnotation,
  RenameFile,
  TextDocumentEdit,
  TextEdit,
  WorkspaceEdit,
} from 'vscode-languageserver-types';
import type { PlacedReference, Reference } from '../../references/reference.ts';
import type { ParsedDocument } from '../../syntax/document.ts';
import type { Position, Range } from '../../syntax/text.ts';
import type { FeatureContext } from '../context.ts';
import { visible } from '../markdown.ts';
import { referenceAt } from '../referenceAt.ts';
import { toolName } from '../toolName.ts';
import { kindWords } from '../words.ts';
import { byHand, carriedBy } from './refusals.ts';

/** Why a name cannot be changed here, and what to do instead. */
export interface Refusal {
  readonly refusal: string;
}

export interface Renameable {
  readonly range: Range;
  readonly placeholder: string;
}

/** Undefined where no name stands. */
export function prepareRename(
  context: FeatureContext,
  document: ParsedDocument,
  at: Position,
): Renameable | Refusal | undefined {
  const reference = referenceAt(context, document, at);
  if (!reference) return undefined;
  const refusal = refusalOf(context, reference) ?? carriedBy(context, document, reference);
  return refusal === undefined ? { range: reference.range, placeholder: reference.name } : { refusal };
}

const preview: ChangeAnnotation = { label: 'Rename', needsConfirmation: true };
const goodName = /^[\w.-]+$/;

/** Every place is shown before it changes. */
export function rename(
  context: FeatureContext,
  document: ParsedDocument,
  at: Position,
  newName: string,
): WorkspaceEdit | Refusal | undefined {
  const reference = referenceAt(context, document, at);
  if (!reference) return undefined;
  const refusal = refusalOf(context, reference) ?? carriedBy(context, document, reference);
  if (refusal !== undefined) return { refusal };
  if (!goodName.test(newName))
    return { refusal: `“${visible(newName)}” cannot be a name: use letters, digits, dots, dashes and underscores.` };
  const { kind, name } = reference;
  const taken = context.referencesNamed({ ...reference, name: newName });
  if (taken.some((one) => one.reference.role === 'defines' && isSame(one.reference, reference)))
    return { refusal: `${kindWords[kind]} ${visible(newName)} is defined already.` };
  const edits = new Map<string, Map<string, TextEdit>>();
  const files: RenameFile[] = [];
  for (const placed of placesOf(context, reference)) {
    const place = isFile(placed) ? { uri: placed.uri, range: placed.reference.range } : editable(context, placed);
    if (!place) return { refusal: byHand(kindWords[kind], name, placed) };
    if (isFile(placed)) files.push(renamed(placed.uri, newName));
    else {
      const { start, end } = place.range;
      const inFile = edits.get(place.uri) ?? new Map<string, TextEdit>();
      inFile.set(`${start.line}:${start.character}`, { range: { start, end }, newText: newName });
      edits.set(place.uri, inFile);
    }
  }
  const documentChanges: (TextDocumentEdit | RenameFile)[] = [...edits].map(([uri, inFile]) => ({
    textDocument: { uri, version: null },
    edits: [...inFile.values()].map((edit) => ({ ...edit, annotationId: 'rename' })),
  }));
  return { documentChanges: [...documentChanges, ...files], changeAnnotations: { rename: preview } };
}

const renameable: ReadonlySet<string> = new Set(['job', 'task', 'table', 'monitor', 'endpoint']);

function refusalOf(context: FeatureContext, reference: Reference): string | undefined {
  const { kind, name } = reference;
  const named = `${kindWords[kind]} ${visible(name)}`;
  if (name.includes('*')) return `${named} is put together while the code runs; rename the parts it is made of.`;
  if (!renameable.has(kind) || !placesOf(context, reference).some((placed) => placed.reference.role === 'defines')) {
    const resolution = context.resolve(reference);
    const where = resolution.status === 'resolved' ? toolName(resolution.entity.id) : reference.tool;
    return `${named} is not defined in this workspace. Rename it in ${where}, then here.`;
  }
  return undefined;
}

/** Of a task, those of its own job alone. */
function placesOf(context: FeatureContext, reference: Reference): readonly PlacedReference[] {
  return context.referencesNamed(reference).filter((placed) => isSame(placed.reference, reference));
}

function isSame(one: Reference, other: Reference): boolean {
  return one.kind !== 'task' || containerOf(one) === containerOf(other);
}

function containerOf({ detail, within }: Reference): string | undefined {
  return detail.container ?? within.job;
}

/** The text to be replaced: the name itself, or the literal of the constant that carries it. */
function editable(
  context: FeatureContext,
  { uri, reference }: PlacedReference,
): { readonly uri: string; readonly range: Range } | undefined {
  const { text, name, range, confidence } = reference;
  if (confidence === 'literal') return isPlain(reference) ? { uri, range } : undefined;
  return context.literalOf(uri, text, name);
}

/** Written out in one piece: nothing is put together or escaped in it. */
function isPlain({ text, name, range: { start, end } }: Reference): boolean {
  const width = end.line === start.line ? end.character - start.character : -1;
  return width === text.length && (text === name || name.endsWith(`.${text}`));
}

/** A dbt model is named by its file. */
function isFile({ reference: { via, range } }: PlacedReference): boolean {
  return via === 'dbt.model' && range.start.line === 0 && range.end.character === 0;
}

function renamed(uri: string, newName: string): RenameFile {
  const newUri = uri.replace(/[^/]+(\.[^./]+)$/, (_, ending: string) => `${encodeURIComponent(newName)}${ending}`);
  return { kind: 'rename', oldUri: uri, newUri, options: { overwrite: false }, annotationId: 'rename' };
}
