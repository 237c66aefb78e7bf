// One whole scan of a connector, its pages put together.
import type { CatalogChange } from '../../server/catalog/change.ts';
import type { Connector, ConnectorHost } from '../../server/connectors/connector.ts';
import { createHost } from '../../server/world/host.ts';
import { memoryLog } from './log.ts';

export type Scanned = Required<CatalogChange>;

export async function scanned(connector: Connector, signal = new AbortController().signal): Promise<Scanned> {
  const whole = { entities: [], edges: [], runs: [], series: [], covered: [], problems: [] } satisfies Scanned;
  const into: { [Part in keyof Scanned]: Scanned[Part][number][] } = whole;
  for await (const page of connector.scan(signal)) {
    into.entities.push(...(page.entities ?? []));
    into.edges.push(...(page.edges ?? []));
    into.runs.push(...(page.runs ?? []));
    into.series.push(...(page.series ?? []));
    into.covered.push(...(page.covered ?? []));
    into.problems.push(...(page.problems ?? []));
  }
  return into;
}

/** The real host at a fixed time. */
export function hostAt(now: string): ConnectorHost {
  return createHost({ log: memoryLog(), trusted: false, now: () => Date.parse(now) });
}
