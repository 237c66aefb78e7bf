// Host logs: of a run that left no log of its own, or not only there: what the logs of its host held while it ran.
import type { Catalog } from '../catalog/catalog.ts';
import { parseEntityId } from '../catalog/entity.ts';
import { type LogPlace, parseRemoteLog, type Run, remoteLog } from '../catalog/run.ts';
import { logKey, parseLogKey } from '../connectors/ssh/logKey.ts';
import { globMatches, unrotated } from '../connectors/ssh/patterns.ts';
import type { HostLog } from '../workspace/plumblineFile.ts';

/** Of one run; those written last. */
const mostLogs = 8;

/** The run with the logs of its host before its own, each cut to the time of the run; the same one when there are none. */
export function withHostLogs(catalog: Catalog, run: Run, declared: readonly HostLog[]): Run {
  const { startedAt, endedAt } = run;
  if (startedAt === undefined || parseEntityId(run.id)?.tool === 'ssh') return run;
  const found = [...declaredLogs(catalog, run, declared), ...ownHostLogs(catalog, run)]
    .filter((log) => (log.startedAt ?? 0) >= startedAt)
    .slice(0, mostLogs);
  const logs = found.flatMap((log): LogPlace[] => {
    const place = parseRemoteLog(log.logs.at(-1)?.file ?? '');
    const key = place && parseLogKey(place.key);
    if (!place || !key) return [];
    const file = unrotated('file' in key ? key.file : key.log);
    const asked = logKey({ log: file, since: startedAt, ...(endedAt !== undefined && { until: endedAt }) });
    const title = `${log.where ?? place.source}: ${log.name} while it ran`;
    return [{ file: remoteLog(place.source, asked), title }];
  });
  const unique = [...new Map(logs.map((log) => [log.file, log])).values()];
  return unique.length === 0 ? run : { ...run, logs: [...unique, ...run.logs] };
}

/** What plumbline.yaml says of the job; only what the user has allowed is in the catalog. */
function declaredLogs(catalog: Catalog, run: Run, declared: readonly HostLog[]): readonly Run[] {
  if (declared.length === 0) return [];
  const names = new Set(run.of.flatMap((id) => nameOf(catalog, id)));
  return declared
    .filter(({ job }) => job !== undefined && names.has(job))
    .flatMap(({ host, path }) => logsOf(catalog, host).filter(({ name }) => isOf(name, path)));
}

/** `train_churn.fit` is a part of the job `train_churn`. */
function nameOf(catalog: Catalog, id: string): readonly string[] {
  const name = catalog.get(id)?.name;
  const [job] = parseEntityId(id)?.segments ?? [];
  return [name, job].filter((one) => one !== undefined);
}

/** Patterns below the home folder are compared by what follows it. */
function isOf(log: string, pattern: string): boolean {
  if (!pattern.startsWith('~/')) return globMatches(pattern, log);
  const parts = log.split('/').slice(-pattern.split('/').length + 1);
  return globMatches(pattern.slice(2), parts.join('/'));
}

function ownHostLogs(catalog: Catalog, { where }: Run): readonly Run[] {
  if (where === undefined) return [];
  const [short = ''] = where.split('.');
  const found = logsOf(catalog, where);
  return found.length > 0 || short === '' || short === where || /^\d+$/.test(short) ? found : logsOf(catalog, short);
}

function logsOf(catalog: Catalog, host: string): readonly Run[] {
  const hosts = catalog.find('host', host).filter(({ id }) => parseEntityId(id)?.tool === 'ssh');
  return hosts
    .flatMap(({ id }) => catalog.runs(id, { limit: 200 }))
    .toSorted((a, b) => (b.startedAt ?? 0) - (a.startedAt ?? 0));
}
