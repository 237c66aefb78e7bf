// References in: what the asked files name, as data for the command line.
import { pathOf } from '../context.ts';
import { byPlace, type ReferenceJson, toRefsJson } from '../references/json.ts';
import type { Reference } from '../references/reference.ts';
import type { CommandContext } from './run.ts';
import { shownPath } from './shown.ts';

export interface ShownReference {
  readonly json: ReferenceJson;
  readonly reference: Reference;
}

/** Sorted by path, line and column. */
export function referencesIn({ session, uris, folder }: CommandContext): readonly ShownReference[] {
  return uris
    .flatMap((uri) => {
      const shown = shownPath(pathOf(uri) ?? uri, folder);
      const cells = session.index.cells(uri);
      return session.index.references(uri).flatMap((reference) => {
        const [json] = toRefsJson([reference], shown, cells && { cells });
        return json ? [{ json, reference }] : [];
      });
    })
    .sort((one, other) => byPlace(one.json, other.json));
}
