// As of: the choice of an earlier time, and what is said of the graph while it is of one.
import type { LineageAsOf, LineageFieldAsOf } from '../../server/protocol/lineage.ts';
import { instant } from '../chart/words.ts';
import type { Intentions } from '../intentions.ts';
import type { State } from '../state.ts';
import { asOfWords as words } from '../words.ts';
import { element } from './element.ts';

const hour = 3_600_000;
const agos = [0, hour, 6 * hour, 24 * hour, 7 * 24 * hour, 30 * 24 * hour];
const mostFields = 8;

/** Chosen as so long ago; the time itself stays where it is from then on. */
export function asOfChoice(act: Intentions): { readonly element: HTMLElement; draw(state: State): void } {
  const label = element('label', 'as-of', words.label);
  const select = element('select', '');
  for (const [index, ago] of agos.entries()) {
    const option = element('option', '', words.agos[index]);
    option.value = String(ago);
    select.append(option);
  }
  select.addEventListener('change', () => {
    const ago = Number(select.value);
    act.asOf(ago === 0 ? undefined : Date.now() - ago);
  });
  label.append(select);
  return {
    element: label,
    draw({ asOf }) {
      if (asOf === undefined) select.value = '0';
    },
  };
}

/** What the focus was then, and how sure the rest is. */
export function drawAsOf(root: HTMLElement, { graph, notice }: State): void {
  const asOf = notice ? undefined : graph?.asOf;
  root.hidden = asOf === undefined;
  if (!asOf) return;
  const itself = graph?.nodes.find(({ id }) => id === graph.focus)?.unsure;
  const fields = asOf.fields.slice(0, mostFields).map((field) => element('li', '', fieldText(field)));
  const list = element('ul', '');
  list.append(...fields);
  root.replaceChildren(
    element('p', 'when', `${words.time(instant(asOf.time))}${itself ? ` ${words.unsure[itself]}.` : ''}`),
    ...(isBefore(asOf) ? [element('p', '', words.notWatched(asOf.watchedFrom && instant(asOf.watchedFrom)))] : []),
    ...(fields.length > 0 ? [list] : []),
    element('p', 'below', words.marks),
  );
}

function isBefore({ time, watchedFrom }: LineageAsOf): boolean {
  return watchedFrom === undefined || time < watchedFrom;
}

function fieldText(field: LineageFieldAsOf): string {
  const value = (one: string | undefined): string => one ?? words.none;
  switch (field.answer) {
    case 'known':
      return `${field.field}: ${value(field.value)}`;
    case 'between':
      return `${field.field}: ${value(field.before)}, then ${value(field.after)}; ${words.changed(instant(field.from), instant(field.to))}`;
    case 'notWatched':
      return [
        `${field.field}: ${words.unsure.notWatched.toLowerCase()}`,
        ...[field.seenBefore, field.seenAfter].flatMap((look) =>
          look ? [words.seen(value(look.value), instant(look.at))] : [],
        ),
      ].join('; ');
  }
}
