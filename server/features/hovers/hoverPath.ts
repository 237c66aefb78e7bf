// Hover of a path or pattern of paths: the model that is kept there, or what is inside, with writers and readers.
import type { Entity } from '../../catalog/entity.ts';
import type { Reference } from '../../references/reference.ts';
import type { FeatureContext } from '../context.ts';
import { code, commandLink, text } from '../markdown.ts';
import { age, count, kindWords, reasonWords, words } from '../words.ts';
import { askedWhom } from './hoverAbsent.ts';
import { runsOfData } from './hoverTable.ts';
import { runTable } from './runTable.ts';
import { type Paragraphs, saidBy } from './subject.ts';
import { codeLine, listed, userLines, users } from './usage.ts';

const mostInside = 8;
const mostFolders = 6;

/** The model that lives at this path or above it; undefined when none does. */
export function modelAt({ catalog }: FeatureContext, { kind, name }: Reference): Entity | undefined {
  if (kind !== 'path') return undefined;
  let folder = name.replace(/\*.*$/s, '').replace(/\/+$/, '');
  for (let up = 0; up < mostFolders && /^[a-z0-9+.-]+:\/\/[^/]+\/./i.test(folder); up++) {
    const model = catalog.find('model', folder)[0] ?? catalog.find('model', `${folder}/`)[0];
    if (model && !model.id.startsWith('model:mlflow:')) return model;
    folder = folder.slice(0, folder.lastIndexOf('/'));
  }
  return undefined;
}

export interface Matches {
  readonly entities: readonly Entity[];
}

/** A pattern, or a folder whose files are known and it itself is not. */
export function hoverMatches(context: FeatureContext, reference: Reference, { entities }: Matches): Paragraphs {
  const inside = entities.slice(0, 20);
  const runs = runsOfData(context, inside);
  const used = userLines(users(context, inside));
  const names = [...entities].reverse().map(({ name }) => code(name));
  const [only] = entities;
  return [
    `**${kindWords[reference.kind]}** ${code(reference.name)} — ${entities.length === 0 ? 'matches nothing that is known' : count(entities.length, 'match')}`,
    entities.length > 0 ? listed(names, mostInside) : whyNone(context, reference),
    runTable(context, runs),
    used.length > 0 ? used.join('  \n') : undefined,
    codeLine(context.referencesNamed(reference)),
    only ? commandLink(words.openLineage, 'openLineage', only.id) : undefined,
    entities.length > 0
      ? saidBy(
          context,
          inside.map(({ id }) => id),
          runs,
        )
      : askedWhom(context, reference),
  ];
}

/** Nothing that matches is not nothing: it may be that nobody could be asked. */
function whyNone({ catalog, now }: FeatureContext, { kind, tool }: Reference): string {
  const coverage = catalog.covers(kind, tool);
  return coverage.covered
    ? `A complete listing made ${age(coverage.asOf, now)} holds nothing like it.`
    : `Unknown, because ${reasonWords(coverage.reason, now, text)}.`;
}
