// Scan: one host with its log files, told from one listing for each pattern; a log is a run without an end, so that its text can be opened.
import type { CatalogChange, ScanProblem } from '../../catalog/change.ts';
import { type EntityId, entityId } from '../../catalog/entity.ts';
import { type Run, remoteLog } from '../../catalog/run.ts';
import type { SshTarget } from '../../protocol/sshHost.ts';
import { families, type LogFamily, type RemoteFile, readListing } from './files.ts';
import { logKey } from './logKey.ts';
import { fixedFolder } from './patterns.ts';
import type { RemoteSelf, RemoteSession } from './session.ts';

export interface Scanned {
  readonly name: string;
  readonly target: SshTarget;
  readonly instance: string;
  readonly environment?: string;
  readonly patterns: readonly string[];
  readonly session: RemoteSession;
}

const mostLogs = 200;
/** Parts of one log that rotation left. */
const mostParts = 30;

export function hostId(instance: string): EntityId {
  return entityId('host', 'ssh', instance);
}

/** `ssh://instance`, encoded as in ids. */
export function scopeOf(instance: string): string {
  return hostId(instance).slice('host:'.length, -1);
}

/** Rejects when the host cannot be asked; a pattern that cannot be looked at is a problem. */
export async function scanHost(scanned: Scanned, signal: AbortSignal): Promise<CatalogChange> {
  const { session, patterns, instance, target } = scanned;
  const self = await session.self(signal);
  const problems: ScanProblem[] = [];
  const files: RemoteFile[] = [];
  for (const pattern of patterns) {
    const answer = await session.ask({ ask: 'list', pattern, folder: fixedFolder(pattern) }, signal);
    const found = readListing(answer.bytes.toString('utf8'), [pattern], self.home);
    files.push(...found.files);
    problems.push(...problemsOf(scanned, pattern, answer.code, found));
  }
  const all = families([...new Map(files.map((file) => [file.path, file])).values()]);
  if (all.length > mostLogs)
    problems.push({
      message: `${scanned.name}: its patterns cover ${all.length} logs; ${mostLogs} are kept, those written last.`,
      advice: 'Name the logs more closely in "logs" of this connection.',
    });
  const newest = all.toSorted((a, b) => writtenAt(b) - writtenAt(a)).slice(0, mostLogs);
  return {
    entities: [{ id: hostId(instance), kind: 'host', name: target.host, aliases: aliasesOf(target, self) }],
    runs: newest.map((family) => runOf(family, scanned)),
    covered: [{ kind: 'host', scope: scopeOf(instance) }],
    problems,
  };
}

function problemsOf(
  { name, target }: Scanned,
  pattern: string,
  code: number,
  { files, leftOut }: { readonly files: readonly RemoteFile[]; readonly leftOut: number },
): readonly ScanProblem[] {
  const folder = fixedFolder(pattern);
  const said: ScanProblem[] = [];
  if (code === 5)
    said.push({
      message: `${name}: ${pattern} covers more than 1,000 files on ${target.host}, so none of them is listed.`,
      advice: 'Name the logs more closely in "logs" of this connection.',
    });
  else if (code === 3)
    said.push({
      message: `${name}: your user on ${target.host} may not list ${folder}, so nothing is known of ${pattern}.`,
      advice: 'Ask for read permission there (often the group adm).',
    });
  else if (code === 2 && files.length === 0)
    said.push({
      message: `${name}: ${folder} is not on ${target.host}, or may not be seen by your user.`,
      advice: 'Check the pattern in "logs" of this connection.',
    });
  if (leftOut > 0)
    said.push({ message: `${name}: ${leftOut} files under ${pattern} have unusual names and are left out.` });
  return said;
}

/** How others name it: Airflow and Ray record a host by its own name, texts by its address. */
function aliasesOf({ host }: SshTarget, { hostname }: RemoteSelf): readonly string[] {
  const plain = /^[A-Za-z0-9._-]{1,255}$/.test(hostname) ? [hostname] : [];
  const short = plain.flatMap((name) => (name.includes('.') ? [name.split('.')[0] ?? ''] : []));
  return [...new Set([...plain, ...short])].filter((name) => name !== '' && name !== host);
}

function writtenAt({ files }: LogFamily): number {
  return files.at(-1)?.modifiedAt ?? 0;
}

function runOf(family: LogFamily, { name, instance, target, environment }: Scanned): Run {
  const files = family.files.slice(-mostParts);
  return {
    id: entityId('run', 'ssh', instance, ...family.log.split('/').slice(1)),
    of: [hostId(instance)],
    name: family.log,
    status: 'unknown',
    startedAt: writtenAt(family),
    where: target.host,
    ...(environment !== undefined && { environment }),
    metrics: [],
    params: [],
    inputs: [],
    outputs: [],
    logs: files.map(({ path }) => ({ file: remoteLog(name, logKey({ file: path })), title: path })),
    linked: [],
  };
}
