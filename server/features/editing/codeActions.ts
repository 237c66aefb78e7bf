// Code actions: the nearest existing name for one that does not exist, an alias pinned to its version, a join of two names.
import { type CodeAction, CodeActionKind, type Diagnostic, type TextEdit } from 'vscode-languageserver-types';
import type { Reference } from '../../references/reference.ts';
import type { ParsedDocument } from '../../syntax/document.ts';
import type { Range } from '../../syntax/text.ts';
import type { FeatureContext } from '../context.ts';
import { visible } from '../markdown.ts';
import { joinEdit } from './joinEdit.ts';

const mostJoins = 2;

/** For the names that `range` touches; `diagnostics` are ours among those shown there. */
export function codeActions(
  context: FeatureContext,
  document: ParsedDocument,
  range: Range,
  diagnostics: readonly Diagnostic[],
): CodeAction[] {
  return context
    .references(document.uri)
    .filter((reference) => touches(reference.range, range))
    .flatMap((reference) => [
      ...nearest(context, document, reference, diagnostics),
      ...pinned(context, document, reference),
      ...joined(context, reference),
    ]);
}

/** Only what is written out can be written anew. */
function nearest(
  context: FeatureContext,
  document: ParsedDocument,
  reference: Reference,
  diagnostics: readonly Diagnostic[],
): CodeAction[] {
  if (reference.confidence !== 'literal' || textIn(document, reference.range) !== reference.name) return [];
  const resolution = context.resolve(reference);
  if (resolution.status !== 'missing') return [];
  const about = diagnostics.filter((one) => one.source === 'plumbline' && touches(one.range, reference.range));
  return resolution.near.map(({ name }, index) => ({
    title: `Change to ${visible(name)}`,
    kind: CodeActionKind.QuickFix,
    diagnostics: about,
    ...(index === 0 ? { isPreferred: true } : {}),
    edit: changes(document, { range: reference.range, newText: name }),
  }));
}

/** `models:/churn@champion` → `models:/churn/7`: what runs tomorrow is what ran today. */
function pinned(context: FeatureContext, document: ParsedDocument, reference: Reference): CodeAction[] {
  const { alias } = reference.detail;
  if (reference.kind !== 'model' || alias === undefined) return [];
  const behind = restOfLine(document, reference.range);
  if (!behind.startsWith(`@${alias}`)) return [];
  const resolution = context.resolve(reference);
  if (resolution.status !== 'resolved') return [];
  const aliases = context.catalog.facts(resolution.entity.id).modelAliases ?? [];
  const version = aliases.find((one) => one.alias === alias)?.version;
  if (version === undefined) return [];
  const { end } = reference.range;
  const range = { start: end, end: { line: end.line, character: end.character + alias.length + 1 } };
  return [
    {
      title: `Pin ${visible(reference.name)} to version ${visible(version)}, which ${visible(alias)} means now`,
      kind: CodeActionKind.RefactorRewrite,
      edit: changes(document, { range, newText: `/${version}` }),
    },
  ];
}

/** What no tool knows by this name may be known by another one: that is said once, in plumbline.yaml. */
function joined(context: FeatureContext, reference: Reference): CodeAction[] {
  const file = context.plumblineYaml();
  const { kind, name } = reference;
  const { status } = context.resolve(reference);
  if (!file || name.includes('*') || (status !== 'unknown' && status !== 'undeployed' && status !== 'missing'))
    return [];
  return context.catalog.near(kind, name, mostJoins).map((entity) => ({
    title: `Say in plumbline.yaml that ${visible(name)} belongs to ${visible(entity.name)}`,
    kind: CodeActionKind.QuickFix,
    edit: joinEdit(file, `${kind}:${name}`, entity.id),
  }));
}

function changes({ uri }: ParsedDocument, edit: TextEdit): { changes: Record<string, TextEdit[]> } {
  return { changes: { [uri]: [edit] } };
}

function textIn({ text, lines }: ParsedDocument, { start, end }: Range): string {
  return text.slice(lines.offsetAt(start), lines.offsetAt(end));
}

function restOfLine({ text, lines }: ParsedDocument, { end }: Range): string {
  const from = lines.offsetAt(end);
  return text.slice(from, from + 300).split(/[\r\n]/)[0] ?? '';
}

function touches(one: Range, other: Range): boolean {
  const before = (a: Range, b: Range): boolean =>
    a.end.line < b.start.line || (a.end.line === b.start.line && a.end.character < b.start.character);
  return !before(one, other) && !before(other, one);
}
