// Completion: names that exist, where a name is being typed; offline, from the catalog and the workspace's own code.
import {
  type CompletionItem,
  CompletionItemKind,
  CompletionItemTag,
  type CompletionList,
  InsertTextFormat,
} from 'vscode-languageserver-types';
import type { EntityKind } from '../../catalog/entity.ts';
import { nameKey } from '../../catalog/names.ts';
import type { Reference } from '../../references/reference.ts';
import type { ParsedDocument } from '../../syntax/document.ts';
import type { Position, Range } from '../../syntax/text.ts';
import type { FeatureContext } from '../context.ts';
import { versionsOf } from '../hovers/versions.ts';
import { toolName } from '../toolName.ts';
import { kindWords } from '../words.ts';
import { continued, inCaseOf, isBuilt, isMeant, isRef, shortName } from './offered.ts';

const mostItems = 100;
/** What is thought to be typed at the cursor: a name by itself in every language. */
const marker = 'plumbline0';

/** Kinds whose things several tools know by one name; of the others each tool has its own. */
const shared: ReadonlySet<EntityKind> = new Set(['table', 'path', 'metric', 'host']);

const icons: Readonly<Record<EntityKind, CompletionItemKind>> = {
  model: CompletionItemKind.Class,
  version: CompletionItemKind.EnumMember,
  experiment: CompletionItemKind.Folder,
  job: CompletionItemKind.Module,
  task: CompletionItemKind.Function,
  run: CompletionItemKind.Event,
  table: CompletionItemKind.Struct,
  path: CompletionItemKind.File,
  metric: CompletionItemKind.Value,
  monitor: CompletionItemKind.Event,
  endpoint: CompletionItemKind.Interface,
  host: CompletionItemKind.Unit,
};

/** Empty wherever no rule knows that a name stands: there others have their say. */
export function completion(context: FeatureContext, document: ParsedDocument, at: Position): CompletionList {
  const references = context.probe(document, at, marker);
  for (const reference of references) {
    const { version, alias, stage } = reference.detail;
    if (reference.name.includes(marker)) return names(context, document, reference, at);
    if ((alias ?? version ?? stage)?.includes(marker))
      return ofModel(context, document, reference, at, alias === undefined ? 'versions' : 'aliases');
  }
  return { isIncomplete: false, items: [] };
}

function names(context: FeatureContext, document: ParsedDocument, reference: Reference, at: Position): CompletionList {
  const { kind, name, tool } = reference;
  const prefix = name.slice(0, name.indexOf(marker));
  const typed = typedPart(document, at, prefix);
  const range: Range = {
    start: { line: at.line, character: at.character - typed.length },
    end: nameEnd(reference, at),
  };
  const items = new Map<string, CompletionItem>();
  const offer = (known: string, about: string, gone: boolean): void => {
    const whole = kind === 'table' ? inCaseOf(prefix, known) : known;
    const text = continued(whole, prefix, typed);
    if (text === undefined || items.size >= mostItems) return;
    const key = nameKey(kind, text);
    if (items.has(key)) return;
    items.set(key, {
      label: whole,
      kind: icons[kind],
      detail: about,
      filterText: text,
      insertTextFormat: InsertTextFormat.PlainText,
      textEdit: { range, newText: text },
      ...(gone ? { tags: [CompletionItemTag.Deprecated] } : {}),
    });
  };
  const word = kindWords[kind];
  for (const entity of context.catalog.match(kind, `${prefix}*`, mostItems))
    if (isRef(reference) ? isBuilt(context, entity) : shared.has(kind) || toolName(entity.id) === tool)
      offer(shortName(reference, entity.name), `${word} · ${toolName(entity.id)}`, entity.goneAt !== undefined);
  if (items.size < mostItems)
    for (const own of context.namesInCode(kind, prefix, mostItems))
      if (isMeant(context, document, { ...reference, name: own }, at))
        offer(own, `${word} · ${tool}, named in code`, false);
  return { isIncomplete: items.size >= mostItems, items: [...items.values()] };
}

function ofModel(
  context: FeatureContext,
  document: ParsedDocument,
  reference: Reference,
  at: Position,
  what: 'aliases' | 'versions',
): CompletionList {
  const resolution = context.resolve({ ...reference, detail: {} });
  if (resolution.status !== 'resolved') return { isIncomplete: false, items: [] };
  const { entity } = resolution;
  const { alias, version, stage } = reference.detail;
  const written = alias ?? version ?? stage ?? '';
  const typed = typedPart(document, at, written.slice(0, written.indexOf(marker)));
  const range: Range = { start: { line: at.line, character: at.character - typed.length }, end: wordEnd(document, at) };
  const item = (label: string, detail: string, kind: CompletionItemKind, order: number): CompletionItem => ({
    label,
    detail,
    kind,
    sortText: String(order).padStart(4, '0'),
    textEdit: { range, newText: label },
  });
  const items =
    what === 'aliases'
      ? (context.catalog.facts(entity.id).modelAliases ?? []).map((one, index) =>
          item(one.alias, `version ${one.version}`, CompletionItemKind.Constant, index),
        )
      : versionsOf(context, entity).map((one, index) =>
          item(one.version, `version of ${entity.name}`, CompletionItemKind.EnumMember, index),
        );
  return { isIncomplete: false, items: items.slice(0, mostItems) };
}

/** The end of the name that stands before the cursor as it is; the rest of it comes from elsewhere. */
function typedPart({ text, lines }: ParsedDocument, at: Position, prefix: string): string {
  const offset = lines.offsetAt(at);
  let length = 0;
  while (
    length < Math.min(prefix.length, at.character) &&
    text[offset - length - 1] === prefix[prefix.length - length - 1]
  )
    length++;
  return prefix.slice(prefix.length - length);
}

/** What stands behind the cursor of the same name gives way. */
function nameEnd({ range: { end } }: Reference, at: Position): Position {
  const character = end.line === at.line ? end.character - marker.length : at.character;
  return { line: at.line, character: Math.max(at.character, character) };
}

function wordEnd({ text, lines }: ParsedDocument, at: Position): Position {
  let end = lines.offsetAt(at);
  const last = end + 500;
  while (end < last && /[\w./@-]/.test(text.charAt(end))) end++;
  return { line: at.line, character: at.character + end - lines.offsetAt(at) };
}
