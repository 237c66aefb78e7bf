// resolve PATH…: names in files, with what each one is.

import type { ReferenceJson } from '../references/json.ts';
import type { Resolution } from '../resolve/resolution.ts';
import { type RanCommitJson, ranCommits, ranWords } from './ranCommits.ts';
import { referencesIn } from './referencesIn.ts';
import type { Answer, CommandContext } from './run.ts';
import { cellWords, columns } from './shown.ts';

export interface ResolvedJson extends ReferenceJson, RanCommitJson {
  readonly status: Resolution['status'];
  /** Entity ids: the one, the candidates, or what a pattern matches. */
  readonly entities: readonly string[];
  /** Of `unknown`. */
  readonly reason?: string;
}

/** Exit 3 when some names could not be asked about because a source failed. */
export async function resolveNames(context: CommandContext): Promise<Answer> {
  const all = resolved(context);
  const ones = all.filter(({ status }) => status === 'resolved');
  const ran = await ranCommits(
    context.session,
    ones.map(({ entities }) => entities),
  );
  const byOne = new Map(ones.map((one, index) => [one, ran[index]]));
  const json = all.map((one): ResolvedJson => ({ ...one, ...byOne.get(one) }));
  const rows = json.map((one) => [
    `${one.path}${cellWords(one.cell)}:${one.line}:${one.column + 1}`,
    one.role,
    one.kind,
    one.name,
    one.status,
    one.entities.join(', ') || (one.reason ?? ''),
    ranWords(one),
  ]);
  return { json, words: columns(rows), exit: json.some(isUnasked) ? 3 : 0 };
}

/** Its source failed, so that nothing can be said of it. */
export function isUnasked({ reason }: ResolvedJson): boolean {
  return reason === 'failing' || reason === 'forbidden' || reason === 'partial';
}

export function resolved(context: CommandContext): ResolvedJson[] {
  return context.session.read((snapshot) =>
    referencesIn(context).map(({ json, reference }) => {
      const resolution = snapshot.resolve(reference);
      return { ...json, status: resolution.status, entities: entitiesOf(resolution), reason: reasonOf(resolution) };
    }),
  );
}

function entitiesOf(resolution: Resolution): string[] {
  switch (resolution.status) {
    case 'resolved':
    case 'gone':
      return [resolution.entity.id];
    case 'ambiguous':
      return resolution.candidates.map(({ id }) => id);
    case 'matches':
      return resolution.entities.map(({ id }) => id);
    default:
      return [];
  }
}

function reasonOf(resolution: Resolution): string | undefined {
  return resolution.status === 'unknown' ? resolution.reason.why : undefined;
}
