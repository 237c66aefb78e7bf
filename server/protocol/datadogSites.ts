// Datadog's sites: what each is called, where it is asked and where its pages are.

export interface DatadogSite {
  /** As Datadog's own documentation calls it. */
  readonly title: string;
  readonly site: string;
}

/** Servers of the official client 1.64.0 (npm, 2026-11). */
export const datadogSites: readonly DatadogSite[] = [
  { title: 'US1', site: 'datadoghq.com' },
  { title: 'US3', site: 'us3.datadoghq.com' },
  { title: 'US5', site: 'us5.datadoghq.com' },
  { title: 'EU1', site: 'datadoghq.eu' },
  { title: 'AP1', site: 'ap1.datadoghq.com' },
  { title: 'AP2', site: 'ap2.datadoghq.com' },
  { title: 'UK1', site: 'uk1.datadoghq.com' },
  { title: 'US1-FED', site: 'ddog-gov.com' },
  { title: 'US2-FED', site: 'us2.ddog-gov.com' },
];

/** Of `datadoghq.eu`: `https://api.datadoghq.eu`. */
export function datadogApi(site: string): string {
  return `https://api.${site}`;
}

/** The site of an address of its API or its pages, also below a company's own subdomain; undefined for any other host. */
export function datadogSiteOf(url: string): string | undefined {
  const host = URL.canParse(url) ? new URL(url).hostname.toLowerCase() : '';
  const longestFirst = [...datadogSites].sort((a, b) => b.site.length - a.site.length);
  return longestFirst.find(({ site }) => host === site || host.endsWith(`.${site}`))?.site;
}

/** Where people look: `https://app.datadoghq.eu`, `https://us3.datadoghq.com`; of an address of one's own that itself. */
export function datadogPages(url: string): string {
  const site = datadogSiteOf(url);
  if (site === undefined) return new URL(url).origin;
  return site.split('.').length > 2 ? `https://${site}` : `https://app.${site}`;
}
