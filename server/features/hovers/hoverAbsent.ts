// Hover of a name that is not one known thing: ambiguous, not deployed, missing, or unknown with its reason.
import type { Source } from '../../catalog/catalog.ts';
import type { Entity, EntityId } from '../../catalog/entity.ts';
import { codeId } from '../../lineage/codeEdges.ts';
import type { Reference } from '../../references/reference.ts';
import type { Resolution } from '../../resolve/resolution.ts';
import type { FeatureContext } from '../context.ts';
import { code, commandLink, text } from '../markdown.ts';
import { age, kindWords, reasonWords, words } from '../words.ts';
import { type Paragraphs, saidBy } from './subject.ts';
import { codeLine } from './usage.ts';

const mostCandidates = 6;

type Absent = Extract<Resolution, { status: 'ambiguous' | 'undeployed' | 'missing' | 'unknown' }>;

export function hoverAbsent(context: FeatureContext, reference: Reference, resolution: Absent): Paragraphs {
  const title = `**${kindWords[reference.kind]}** ${code(reference.name)}`;
  const inCode = codeLine(context.referencesNamed(reference));
  const lineage = commandLink(words.openLineage, 'openLineage', codeId(reference));
  switch (resolution.status) {
    case 'ambiguous': {
      const { candidates } = resolution;
      return [
        `${title} may be any of ${candidates.length}`,
        candidateList(candidates, (entity) => (shared(candidates, entity) ? whoKnows(context, entity.id) : '')),
        inCode,
        saidBy(
          context,
          candidates.slice(0, mostCandidates).map(({ id }) => id),
        ),
      ];
    }
    case 'undeployed':
      return [title, words.undeployed, inCode, lineage, askedWhom(context, reference)];
    case 'missing': {
      const { asOf, near } = resolution;
      if (reference.role === 'writes') return [title, words.notWritten, inCode, lineage, askedWhom(context, reference)];
      return [
        `${title} — **does not exist**`,
        `A complete listing made ${age(asOf, context.now)} does not hold it.`,
        near.length > 0 ? `Did you mean one of these?\n\n${candidateList(near)}` : undefined,
        inCode,
        askedWhom(context, reference),
      ];
    }
    case 'unknown':
      return [
        `${title} — unknown`,
        `Unknown, because ${reasonWords(resolution.reason, context.now, text)}.`,
        inCode,
        lineage,
        askedWhom(context, reference),
      ];
  }
}

function candidateList(entities: readonly Entity[], knownBy: (entity: Entity) => string = () => ''): string {
  const lines = entities.slice(0, mostCandidates).map((entity) => {
    const { id, name } = entity;
    return `- ${code(name)} ${code(id)}${knownBy(entity)} · ${commandLink(words.openFacts, 'openEntity', id)}`;
  });
  const more = entities.length - mostCandidates;
  return [...lines, ...(more > 0 ? [`- and ${more} more`] : [])].join('\n');
}

function shared(entities: readonly Entity[], { id, name }: Entity): boolean {
  return entities.some((other) => other.id !== id && other.name === name);
}

/** Ids of local stores hold a hash of their place; the names of their sources tell people which is which. */
function whoKnows({ catalog }: FeatureContext, id: EntityId): string {
  const sources = catalog.factsBySource(id).map(({ source }) => text(source));
  return sources.length > 0 ? ` in ${sources.join(', ')}` : '';
}

/** Source and age also of a name that nobody knows: who was asked, and when. */
export function askedWhom({ catalog, now }: FeatureContext, { kind, tool }: Reference): string {
  const asked = catalog
    .sources()
    .filter((source) => source.kinds.includes(kind) && (source.tool === tool || tool === 'sql' || tool === 's3'))
    .map((source) => `${text(source.name)}, ${readWhen(source, now)}`);
  return asked.length > 0
    ? `Asked: ${asked.slice(0, 4).join('; ')}.`
    : 'Asked: nobody, no tool with such names is connected.';
}

function readWhen({ health, scannedAt }: Source, now: number): string {
  if (health === 'failing') return 'cannot be read now';
  if (health === 'forbidden') return 'may not be read';
  return scannedAt === undefined ? 'not read yet' : `as of ${age(scannedAt, now)}`;
}
