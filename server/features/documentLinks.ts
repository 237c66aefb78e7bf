// Document links: names that a tool knows and nothing in the workspace defines lead to their facts page.
import type { DocumentLink } from 'vscode-languageserver-types';
import type { FeatureContext, FeatureDocument } from './context.ts';
import { definingPlaces } from './definition.ts';
import { entityPageUri } from './entityPageUri.ts';

export function documentLinks(context: FeatureContext, document: FeatureDocument): DocumentLink[] {
  return context.references(document.uri).flatMap((reference) => {
    const resolution = context.resolve(reference);
    if (resolution.status !== 'resolved' && resolution.status !== 'gone') return [];
    if (context.catalog.facts(resolution.entity.id).definedAt) return [];
    if (definingPlaces(context, reference).some((placed) => placed.reference.role === 'defines')) return [];
    return [{ range: reference.range, target: entityPageUri(resolution.entity.id), tooltip: 'Open the facts page' }];
  });
}
