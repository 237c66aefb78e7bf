// Monitors: all of them in pages of a thousand; of many, between two such listings, only the groups that are not well.
import { alertStates } from '../../../catalog/alert.ts';
import type { CatalogChange, SeenEntity } from '../../../catalog/change.ts';
import { type EntityId, parseEntityId } from '../../../catalog/entity.ts';
import { HttpError } from '../../httpError.ts';
import { list } from '../../json.ts';
import type { Surprises } from '../../problems.ts';
import { idIn, type Live, segmentsIn } from '../ask/live.ts';
import { readQuery } from '../query.ts';
import { alertsOf, type MonitorContext, type ToldMonitor, toldMonitor } from './entities.ts';
import {
  type FoundGroup,
  type RestDowntime,
  type RestMonitor,
  readDowntimePage,
  readFoundGroups,
  readMonitors,
} from './shapes.ts';

const pageOf = 1000;
const mostPages = 200;
/** What Datadog gives when nothing is said; whoever gives less than was asked for gives round pages, and may have more. */
const roundPage = 100;
/** Of more monitors than one page holds. */
const listedEveryMs = 15 * 60_000;
const groupPages = { of: 100, most: 20 };
const downtimePages = { of: 100, most: 5 };

/** All monitors, each page as it comes. Rejects when the list does not end as it should; then nothing is covered. */
export async function* listMonitors(
  live: Live,
  surprises: Surprises,
  first: CatalogChange,
  signal: AbortSignal,
): AsyncGenerator<CatalogChange, void, void> {
  const { api, memory } = live;
  const at = api.host.now();
  const seen = new Set<string>();
  const downtimes = new Downtimes(live, signal);
  for (let page = 0; page < mostPages; page += 1) {
    const query = [
      ['page', String(page)],
      ['page_size', String(pageOf)],
      ['group_states', 'alert,warn,no data'],
      ['with_downtimes', 'true'],
    ] as const;
    const answer = await api.get('/api/v1/monitor', query, signal);
    const count = list(answer).length;
    const monitors = readMonitors(answer, surprises);
    const fresh = monitors.filter(({ id }) => !seen.has(id));
    if (monitors.length > 0 && fresh.length === 0)
      throw new HttpError('broken', `${api.name}: ${api.address} gives the same page of monitors again.`);
    for (const { id } of fresh) seen.add(id);
    const context = { live, now: at + api.host.skewMs, downtimes: await downtimes.for(fresh) };
    const told = fresh.map((monitor) => toldMonitor(monitor, context));
    const edges = told.flatMap((one) => one.edges);
    remember(told, live);
    yield { ...first, entities: told.map(({ entity }) => entity), edges, runs: told.flatMap(({ runs }) => runs) };
    if (count === 0 || (count < pageOf && count % roundPage !== 0)) {
      memory.monitors = { at, count: seen.size };
      return;
    }
  }
  throw new HttpError(
    'tooBig',
    `${api.name}: ${api.address} has more than the ${(mostPages * pageOf).toLocaleString('en')} monitors that Plumbline lists.`,
  );
}

const mostWatched = 2_000;

function remember(told: readonly ToldMonitor[], { memory: { watched } }: Live): void {
  const isUnwell = ({ entity }: ToldMonitor) => (entity.facts?.alerts?.length ?? 0) > 0;
  const before = [...watched];
  watched.clear();
  const names = [...told.filter(isUnwell), ...told.filter((one) => !isUnwell(one))].flatMap(({ metrics }) => metrics);
  for (const name of [...before, ...names].slice(0, mostWatched)) watched.add(name);
}

/** Whether all must be listed now. */
export function mustList({ memory, api, catalog }: Live): boolean {
  const { monitors } = memory;
  if (!monitors || !catalog || monitors.count < pageOf) return true;
  return api.host.now() - monitors.at >= listedEveryMs;
}

/** What changed of how monitors stand, from the search for groups that are not well; what else was known of them stays. */
export async function pollMonitors(live: Live, surprises: Surprises, signal: AbortSignal): Promise<CatalogChange> {
  const { catalog } = live;
  if (!catalog) return {};
  const { groups, isWhole } = await unwell(live, surprises, signal);
  const byMonitor = Map.groupBy(groups, ({ monitor }) => idIn(live, 'monitor', monitor));
  // Of a list that was cut nothing follows for those that are not in it.
  const alerting = isWhole ? catalog.alertingMonitors(10_000) : [];
  const before = alerting.filter((id) => segmentsIn(live, id) !== undefined);
  const now = live.api.host.now() + live.api.host.skewMs;
  const changed = [...new Set([...byMonitor.keys(), ...before])].flatMap((id): SeenEntity[] => {
    const known = catalog.get(id);
    // One that nobody knows yet comes with the next listing.
    return known && known.goneAt === undefined ? [restated(id, known, byMonitor.get(id) ?? [], live, now)] : [];
  });
  return { entities: changed };
}

function restated(
  id: EntityId,
  { name, aliases }: Pick<SeenEntity, 'name'> & { readonly aliases: readonly string[] },
  groups: readonly FoundGroup[],
  live: Live,
  now: number,
): SeenEntity {
  const { alerts: before = [], state: _, ...rest } = live.catalog?.facts(id) ?? {};
  const monitor: RestMonitor = {
    ...{ id: parseEntityId(id)?.segments.at(-1) ?? '', name, type: '', query: rest.query ?? '', tags: rest.tags ?? [] },
    ...{ state: 'ok', groups, downtimes: [] },
  };
  const context: MonitorContext = { live, now, downtimes: [] };
  const alerts = groups.length === 0 ? [] : alertsOf(monitor, readQuery(monitor.query), context);
  // What was told of a group in its page stays: links to logs, and what mutes it.
  const told = alerts.map((alert) => {
    const old = before.find((one) => one.group === alert.group);
    const muted = old?.muted && (old.muted.until ?? Infinity) > now ? { muted: old.muted } : {};
    const said = old?.state === alert.state && old.summary !== undefined ? { summary: old.summary } : {};
    return { ...alert, ...said, ...muted, ...(old?.links ? { links: old.links } : {}) };
  });
  // That data is missing is not searched for, since of most monitors nobody wants to know it; the next listing says.
  const silent = before.filter(({ state, group }) => state === 'noData' && !told.some((one) => one.group === group));
  const all = [...told, ...silent];
  const state = alertStates.find((one) => all.some((alert) => alert.state === one)) ?? ('ok' as const);
  const facts = { ...rest, state, ...(all.length > 0 ? { alerts: all.slice(0, 200) } : {}) };
  return { id, kind: 'monitor', name, aliases, facts };
}

interface Unwell {
  readonly groups: readonly FoundGroup[];
  /** False when there are more than are read. */
  readonly isWhole: boolean;
}

async function unwell({ api }: Live, surprises: Surprises, signal: AbortSignal): Promise<Unwell> {
  const found: FoundGroup[] = [];
  for (let page = 0; page < groupPages.most; page += 1) {
    const query = [
      ['query', 'group_status:(alert OR warn)'],
      ['page', String(page)],
      ['per_page', String(groupPages.of)],
      ['sort', 'name,asc'],
    ] as const;
    const read = readFoundGroups(await api.get('/api/v1/monitor/groups/search', query, signal), surprises);
    if (!read) throw api.broken('it does not list groups at /api/v1/monitor/groups/search');
    found.push(...read.groups);
    if (page + 1 >= read.pages || read.groups.length === 0) return { groups: found, isWhole: true };
  }
  surprises.add(`more groups that are not well than ${groupPages.most * groupPages.of}`);
  return { groups: found, isWhole: false };
}

/** Who muted what, and why: asked for once, and only when something that is not well is muted. */
class Downtimes {
  readonly #live: Live;
  readonly #signal: AbortSignal;
  #known: readonly RestDowntime[] | undefined;

  constructor(live: Live, signal: AbortSignal) {
    this.#live = live;
    this.#signal = signal;
  }

  async for(monitors: readonly RestMonitor[]): Promise<readonly RestDowntime[]> {
    const isNeeded = monitors.some(
      ({ state, downtimes }) => downtimes.length > 0 && alertStates.some((one) => one === state),
    );
    if (isNeeded) this.#known ??= await this.#ask();
    return this.#known ?? [];
  }

  async #ask(): Promise<readonly RestDowntime[]> {
    const { api } = this.#live;
    const found: RestDowntime[] = [];
    for (let page = 0; page < downtimePages.most; page += 1) {
      const query = [
        ['current_only', 'true'],
        ['include', 'created_by'],
        ['page[limit]', String(downtimePages.of)],
        ['page[offset]', String(page * downtimePages.of)],
      ] as const;
      // That it is muted is known; why is a help.
      const answer = await api.get('/api/v2/downtime', query, this.#signal).catch((error: unknown) => {
        if (!(error instanceof HttpError) || !/^(forbidden|missing|refused)$/.test(error.kind)) throw error;
        api.host.log.debug('Datadog does not tell of downtimes', { reason: error.message });
        return undefined;
      });
      const data = list(Object(answer).data);
      found.push(...readDowntimePage(answer));
      if (data.length < downtimePages.of) break;
    }
    return found;
  }
}

/** One monitor with all its groups. */
export async function oneMonitor(id: string, live: Live, signal: AbortSignal): Promise<unknown> {
  const query = [
    ['group_states', 'all'],
    ['with_downtimes', 'true'],
  ] as const;
  return live.api.get(`/api/v1/monitor/${encodeURIComponent(id)}`, query, signal);
}

export async function contextFor(
  monitors: readonly RestMonitor[],
  live: Live,
  signal: AbortSignal,
): Promise<MonitorContext> {
  const { host } = live.api;
  return { live, now: host.now() + host.skewMs, downtimes: await new Downtimes(live, signal).for(monitors) };
}
