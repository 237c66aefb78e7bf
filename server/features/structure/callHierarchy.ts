// Call hierarchy: lineage in the editor's own tree: incoming is upstream, outgoing is downstream; the same walk as the panel's.
import type {
  CallHierarchyIncomingCall,
  CallHierarchyItem,
  CallHierarchyOutgoingCall,
} from 'vscode-languageserver-types';
import type { EntityId, EntityKind } from '../../catalog/entity.ts';
import { parseEntityId } from '../../catalog/entity.ts';
import { nodeOf } from '../../lineage/codeEdges.ts';
import { neighbourhood } from '../../lineage/neighbourhood.ts';
import type { NodesOptions } from '../../lineage/nodes.ts';
import type { PlacedReference } from '../../references/reference.ts';
import type { Position, Range } from '../../syntax/text.ts';
import type { FeatureContext, FeatureDocument } from '../context.ts';
import { entityPageUri } from '../entityPageUri.ts';
import { referenceAt } from '../referenceAt.ts';
import { toolName } from '../toolName.ts';
import { kindWords } from '../words.ts';
import { symbolKinds } from './documentSymbols.ts';

const nowhere: Range = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };

export function prepareCallHierarchy(
  context: FeatureContext,
  document: FeatureDocument,
  at: Position,
): CallHierarchyItem[] {
  const reference = referenceAt(context, document, at);
  if (!reference) return [];
  const id = nodeOf(reference, context.resolve(reference));
  return [itemOf(context, id, { uri: document.uri, reference })];
}

export function incoming(
  context: FeatureContext,
  parts: NodesOptions,
  item: CallHierarchyItem,
): CallHierarchyIncomingCall[] {
  return around(context, parts, item, 'upstream').map((from) => ({ from, fromRanges: [from.selectionRange] }));
}

export function outgoing(
  context: FeatureContext,
  parts: NodesOptions,
  item: CallHierarchyItem,
): CallHierarchyOutgoingCall[] {
  return around(context, parts, item, 'downstream').map((to) => ({ to, fromRanges: [item.selectionRange] }));
}

function around(
  context: FeatureContext,
  parts: NodesOptions,
  { data }: CallHierarchyItem,
  direction: 'upstream' | 'downstream',
): CallHierarchyItem[] {
  if (typeof data !== 'string') return [];
  const { focus, edges } = neighbourhood(data, { ...parts, expanded: [], collapsed: [], depth: 1 });
  const others = edges.flatMap(({ from, to }) => {
    if (direction === 'upstream') return to === focus ? [from] : [];
    return from === focus ? [to] : [];
  });
  return [...new Set(others)].map((id) => itemOf(context, id, placeOf(context, id)));
}

/** Where code defines it, else writes it, else names it at all. */
function placeOf(context: FeatureContext, id: EntityId): PlacedReference | undefined {
  const [, kind, name] = /^code:([a-z]+):(.*)$/s.exec(id) ?? [];
  const places =
    kind !== undefined && name !== undefined
      ? context.referencesNamed({ ...noReference, kind: kind as EntityKind, name })
      : context.referencesTo(id);
  for (const role of ['defines', 'writes'] as const) {
    const place = places.find(({ reference }) => reference.role === role);
    if (place) return place;
  }
  return places[0];
}

const noReference: PlacedReference['reference'] = {
  kind: 'table',
  name: '',
  role: 'mentions',
  range: nowhere,
  text: '',
  tool: '',
  detail: {},
  confidence: 'literal',
  via: '',
  within: {},
};

/** What no code of the workspace names stands on its facts page. */
function itemOf(context: FeatureContext, id: EntityId, place: PlacedReference | undefined): CallHierarchyItem {
  const entity = context.catalog.get(id);
  const kind = entity?.kind ?? parseEntityId(id)?.kind ?? place?.reference.kind ?? 'table';
  const range = place?.reference.range ?? nowhere;
  return {
    name: entity?.name ?? place?.reference.name ?? id,
    kind: symbolKinds[kind],
    detail: entity ? `${kindWords[kind]} · ${toolName(id)}` : kindWords[kind],
    uri: place?.uri ?? entityPageUri(id),
    range,
    selectionRange: range,
    data: id,
  };
}
