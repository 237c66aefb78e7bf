// Event steps: where in a store of objects the OpenLineage events are.
import { placesIn } from './eventPlaces.ts';
import { line, type Step } from './steps.ts';

/** The answers so far. */
export interface EventDraft {
  tool: string;
  watch: readonly string[];
}

export function eventSteps(draft: EventDraft): readonly Step[] {
  return [
    {
      applies: () => draft.tool === 'openlineage',
      async ask(frame) {
        const given = await line(frame, {
          prompt: 'Bucket and prefix that the events are written to; several with blanks between them',
          placeholder: 'acme-lineage/events/',
          value: draft.watch.join(' '),
          problem: (text) => (placesIn(text).length === 0 ? 'For example acme-lineage/events/' : undefined),
        });
        if (given.move === 'next') draft.watch = placesIn(given.value);
        return given.move;
      },
    },
  ];
}
