// Addresses of Datadog's own pages, and those that the authors of a monitor wrote into its message.
import type { AlertLink } from '../../catalog/alert.ts';
import { datadogPages } from '../../protocol/datadogSites.ts';

/** `url` is the connection's. The addresses are those that Datadog's pages have in the browser (2026-11). */
export function linksOf(url: string) {
  const base = datadogPages(url);
  const part = (text: string): string => encodeURIComponent(text.toWellFormed());
  return {
    monitor: (id: string): string => `${base}/monitors/${part(id)}`,
    slo: (id: string): string => `${base}/slo?slo_id=${part(id)}`,
    metric: (name: string): string => `${base}/metric/explorer?exp_metric=${part(name)}`,
    /** Epoch ms. */
    logs: (query: string, from: number, to: number): string =>
      `${base}/logs?query=${part(query)}&from_ts=${from}&to_ts=${to}&live=false`,
  };
}

export type Links = ReturnType<typeof linksOf>;

const mostLinks = 5;
const longest = 20_000;

/** Runbooks are what most messages link to; a dashboard is told by its address. */
export function linksIn(message: string): readonly AlertLink[] {
  const found = new Map<string, AlertLink>();
  for (const [written] of message.slice(0, longest).matchAll(/\bhttps?:\/\/[^\s<>"'`{}|\\^]{3,2000}/gi)) {
    const url = written.replace(/[).,;:!?\]*_]{1,20}$/, '');
    if (!URL.canParse(url) || found.size >= mostLinks) continue;
    const { pathname } = new URL(url);
    const title = /\/dashboards?\/|\/d\//i.test(pathname)
      ? 'Dashboard'
      : /\/logs\b/i.test(pathname)
        ? 'Logs'
        : 'Runbook';
    found.set(url, { title, url });
  }
  return [...found.values()];
}
