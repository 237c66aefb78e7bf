// A live Alertmanager connection: which alerts are passed on, which are silenced or inhibited, by whom and until when; API v2.
import type { Catalog } from '../../../catalog/catalog.ts';
import type { CatalogChange, ScanProblem } from '../../../catalog/change.ts';
import { type EntityId, entityId, parseEntityId } from '../../../catalog/entity.ts';
import { addressOf, type ConnectionConfig } from '../../../protocol/connection.ts';
import type { LiveConnector, LiveHost } from '../../connector.ts';
import { HttpError } from '../../httpError.ts';
import { oneLine, record } from '../../json.ts';
import { partly, Surprises } from '../../problems.ts';
import { type Api, createApi } from '../rest/api.ts';
import { type PassContext, passedMonitors } from './entities.ts';
import { readAlerts, readSilences } from './shapes.ts';

const maxBytes = 64 * 1024 * 1024;
const pageOf = 5_000;
const clocksMs = 10 * 60_000;

/** Asks nothing yet. A scan asks two questions, whatever there is. */
export function connect(connection: ConnectionConfig, host: LiveHost, catalog?: Catalog): LiveConnector {
  const { name, url, environment } = connection;
  const api = createApi(connection, host);
  const instance = connection.instance ?? addressOf(url);
  const scope = entityId('monitor', 'alertmanager', instance)
    .replace(/^monitor:/, '')
    .replace(/\/$/, '');
  const own = { instance, url: url.replace(/\/+$/, ''), ...(catalog ? { catalog } : {}) };
  return {
    source: { name, tool: 'alertmanager', ...(environment === undefined ? {} : { environment }) },
    scope,
    kinds: ['monitor'],
    scan: async function* (signal, since) {
      const { problems, entities, edges } = await read(api, own, signal);
      const covered = problems.length > 0 ? [] : [{ kind: 'monitor' as const, scope }];
      const first = since === undefined ? {} : { incremental: true };
      for (let at = 0; at < entities.length; at += pageOf)
        yield { ...first, entities: entities.slice(at, at + pageOf) };
      yield { ...first, edges, covered, problems, ...(problems.length > 0 ? {} : { cursor: String(host.now()) }) };
    },
    describe: async function* (ids, signal) {
      const mine = new Set(ids.filter((id) => isOf(id, instance)));
      if (mine.size === 0) return;
      const { entities, edges } = await read(api, own, signal);
      yield {
        incremental: true,
        entities: entities.filter(({ id }) => mine.has(id)),
        edges: edges.filter(({ from, to }) => mine.has(from) || mine.has(to)),
      };
    },
    greet: async (signal) => {
      const status = record(await json(api, '/api/v2/status', signal));
      const version = oneLine(record(status.versionInfo).version, 40)?.split('+')[0];
      const alerts = readAlerts(await json(api, '/api/v2/alerts', signal), host.now(), new Surprises());
      const count = `${alerts.length.toLocaleString('en')} ${alerts.length === 1 ? 'alert' : 'alerts'}`;
      return `Alertmanager${version ? ` ${version}` : ''}, ${count}`;
    },
  };
}

function isOf(id: EntityId, instance: string): boolean {
  const parts = parseEntityId(id);
  return parts?.tool === 'alertmanager' && parts.instance === instance;
}

type Read = Required<Pick<CatalogChange, 'entities' | 'edges' | 'problems'>>;

async function read(api: Api, own: Omit<PassContext, 'silences'>, signal: AbortSignal): Promise<Read> {
  const surprises = new Surprises();
  const answer = await json(api, '/api/v2/alerts', signal);
  // By whichever clock is behind, and some minutes later: it leaves out what has ended itself, and a wrong clock must not.
  const alerts = readAlerts(answer, api.host.now() + Math.min(0, api.host.skewMs) - clocksMs, surprises);
  const problems: ScanProblem[] = [];
  // Without a silence nobody needs to say who made it.
  const isSilenced = alerts.some(({ silencedBy }) => silencedBy.length > 0);
  const silences = isSilenced
    ? await json(api, '/api/v2/silences', signal).catch((error: unknown) => {
        problems.push(partly(error));
        return [];
      })
    : [];
  const told = passedMonitors(alerts, { ...own, silences: readSilences(silences) });
  return { ...told, problems: [...problems, ...surprises.take(api.address)] };
}

/** Alertmanager's answers have no envelope. */
async function json(api: Api, path: string, signal: AbortSignal): Promise<unknown> {
  try {
    return (await api.raw({ path, maxBytes }, signal)).json();
  } catch (error) {
    if (!(error instanceof HttpError) || error.kind !== 'missing') throw error;
    const words = `${api.name}: there is no ${path} at ${api.address}. The connection needs the address below which Alertmanager (0.16 or newer) has its /api/v2; Prometheus is a connection of its own.`;
    throw new HttpError('missing', words, {
      ...(error.status === undefined ? {} : { status: error.status }),
      cause: error,
    });
  }
}
