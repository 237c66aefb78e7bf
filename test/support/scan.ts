// One whole scan of a connector, its pages put together.
import type { CatalogChange } from '../../server/catalog/change.ts';
import type { Connector, ConnectorHost, LiveConnector } from '../../server/connectors/connector.ts';
import { createHost } from '../../server/world/host.ts';
import { memoryLog } from './log.ts';

export interface Scanned extends Required<Omit<CatalogChange, 'incremental' | 'cursor'>> {
  readonly incremental?: boolean;
  readonly cursor?: string;
}

/** `since`: for live connectors, the cursor of the scan before. */
export async function scanned(
  connector: Connector | LiveConnector,
  signal = new AbortController().signal,
  since?: string,
): Promise<Scanned> {
  const pages: CatalogChange[] = [];
  for await (const page of connector.scan(signal, since)) pages.push(page);
  const cursor = pages.findLast((page) => page.cursor !== undefined)?.cursor;
  return {
    entities: pages.flatMap((page) => page.entities ?? []),
    edges: pages.flatMap((page) => page.edges ?? []),
    runs: pages.flatMap((page) => page.runs ?? []),
    series: pages.flatMap((page) => page.series ?? []),
    events: pages.flatMap((page) => page.events ?? []),
    covered: pages.flatMap((page) => page.covered ?? []),
    continued: pages.flatMap((page) => page.continued ?? []),
    problems: pages.flatMap((page) => page.problems ?? []),
    ...(pages[0]?.incremental ? { incremental: true } : {}),
    ...(cursor === undefined ? {} : { cursor }),
  };
}

/** The real host at a fixed time. */
export function hostAt(now: string): ConnectorHost {
  return createHost({ log: memoryLog(), trusted: false, now: () => Date.parse(now) });
}
