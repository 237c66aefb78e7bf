// Addresses of pages in Prometheus' own UI, and links that an alert's authors wrote.
import type { AlertLabel, AlertLink } from '../../catalog/alert.ts';

/** `url` is the connection's. The pages of 2.x; 3.x sends on from them (documentation read 2026-11). */
export function linksOf(url: string) {
  const base = url.replace(/\/+$/, '');
  const part = (text: string): string => encodeURIComponent(text.toWellFormed());
  return {
    graph: (query: string): string => `${base}/graph?g0.expr=${part(query)}&g0.tab=0&g0.range_input=1d`,
    alerts: (name: string): string => `${base}/alerts?search=${part(name)}`,
  };
}

export type Links = ReturnType<typeof linksOf>;

const titles: readonly (readonly [RegExp, string])[] = [
  [/^runbook(?:_?url|_?link)?$/i, 'Runbook'],
  [/dashboard/i, 'Dashboard'],
  [/^(?:panel|graph|grafana)(?:_?url|_?link)?$/i, 'Dashboard'],
  [/^logs?(?:_?url|_?link)$/i, 'Logs'],
];

/** Those annotations that are an address, with what they are called; others are words for people. */
export function linksIn(annotations: readonly AlertLabel[]): readonly AlertLink[] {
  return annotations.flatMap(({ name, value }) => {
    const title = titles.find(([pattern]) => pattern.test(name))?.[1] ?? (/_url$/i.test(name) ? name : undefined);
    return title !== undefined && isWeb(value) ? [{ title, url: value }] : [];
  });
}

/** http or https. */
export function isWeb(text: string): boolean {
  return text.length <= 4000 && /^https?:\/\//i.test(text) && URL.canParse(text);
}
