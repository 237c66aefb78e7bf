// Site steps: which of Datadog's sites, for a connection to it; or the address of one's own way there.
import { datadogApi, datadogSites } from '../../../server/protocol/datadogSites.ts';
import { cleanUrl, urlProblem } from './address.ts';
import { pick, type Step } from './steps.ts';

/** The answers so far. */
export interface SiteDraft {
  tool: string;
  url: string;
  detected?: object;
}

export function siteSteps(draft: SiteDraft): readonly Step[] {
  return [
    {
      applies: () => draft.tool === 'datadog' && draft.detected === undefined,
      async ask(frame) {
        const given = await pick<string>(frame, {
          placeholder:
            'Site of your organisation, as the address of its pages shows it; or type the address of a proxy',
          items: datadogSites.map(({ title, site }) => ({ label: title, description: site, value: datadogApi(site) })),
          active: draft.url,
          typed: (text) =>
            urlProblem(text) === undefined
              ? { label: text, description: 'as typed', value: cleanUrl(text) }
              : undefined,
        });
        if (given.move === 'next') draft.url = given.value;
        return given.move;
      },
    },
  ];
}
