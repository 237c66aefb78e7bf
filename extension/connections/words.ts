// Words of connections: their health and their facts as the view, the status item and a screen reader say them.
import { type ConnectionStatus, originOf } from '../../server/protocol/connection.ts';
import { age } from '../age.ts';
import { toolTitles } from './guided/address.ts';

export type Look = ConnectionStatus['health'] | 'paused' | 'signIn';

/** The first that holds: paused, signed out, what the server says of it. */
export function lookOf({ paused, needsSecret, health }: ConnectionStatus): Look {
  if (paused) return 'paused';
  return needsSecret ? 'signIn' : health;
}

/** Icon (a codicon), its colour, and the words for who sees neither. */
export const looks: Readonly<Record<Look, { icon: string; color?: string; words: string }>> = {
  never: { icon: 'circle-outline', words: 'not read yet' },
  fresh: { icon: 'pass', color: 'testing.iconPassed', words: 'fresh' },
  stale: { icon: 'history', color: 'list.warningForeground', words: 'stale' },
  failing: { icon: 'error', color: 'list.errorForeground', words: 'failing' },
  forbidden: { icon: 'lock', color: 'list.errorForeground', words: 'forbidden' },
  paused: { icon: 'debug-pause', color: 'disabledForeground', words: 'paused' },
  signIn: { icon: 'key', color: 'list.warningForeground', words: 'sign in needed' },
};

/** Those someone has to do something about. */
export function inTrouble(all: readonly ConnectionStatus[]): readonly ConnectionStatus[] {
  return all.filter((one) => ['failing', 'forbidden', 'signIn'].includes(lookOf(one)));
}

/** `prod · fresh, read 2 minutes ago`. */
export function summary(status: ConnectionStatus, now: number): string {
  const read = status.scannedAt === undefined ? '' : `, read ${age(status.scannedAt, now)}`;
  return [status.environment, `${looks[lookOf(status)].words}${read}`].filter(Boolean).join(' · ');
}

/** What stands below a connection, one fact a line; what is wrong comes first. */
export function lines(status: ConnectionStatus, now: number): readonly { icon: string; text: string }[] {
  const read = status.scannedAt === undefined ? 'Never read completely' : `Read ${age(status.scannedAt, now)}`;
  const next = status.nextAt === undefined ? '' : `, again ${inTime(status.nextAt - now)}`;
  return [
    ...(status.reason ? [{ icon: 'info', text: reasonOf(status) }] : []),
    { icon: 'history', text: `${read}${next}` },
    { icon: 'tag', text: `${counted(status.entities, 'entity', 'entities')} known of it` },
    { icon: 'arrow-swap', text: `${counted(status.requestsLastHour, 'request', 'requests')} in the last hour` },
    { icon: 'server', text: status.scope },
    { icon: 'link', text: status.url },
  ];
}

/** All of it in sentences, for the tooltip and for screen readers. */
export function told(status: ConnectionStatus, now: number): string {
  return [
    `${status.name}, ${toolTitles[status.tool]}, ${summary(status, now)}`,
    ...lines(status, now).map((line) => line.text),
  ].join('\n');
}

/** One line of the status item's tooltip. */
export function shortly(status: ConnectionStatus, now: number): string {
  const reason = status.reason ? `. ${reasonOf(status)}` : '';
  return `${status.name}: ${summary(status, now)}${reason}`;
}

/** It begins with the name, for the log; here the name stands beside it. */
function reasonOf({ name, reason = '' }: ConnectionStatus): string {
  const rest = reason.startsWith(`${name}: `) ? reason.slice(name.length + 2) : reason;
  return rest.charAt(0).toUpperCase() + rest.slice(1);
}

/** Where a secret will be, said before it is typed. */
export function whereSecretLives(url: string): string {
  return `Kept in VS Code's secret storage, bound to ${originOf(url) ?? url}; never in settings or files.`;
}

function inTime(ms: number): string {
  if (ms < 1000) return 'now';
  return ms < 90_000 ? `in ${Math.round(ms / 1000)} s` : `in ${Math.round(ms / 60_000)} minutes`;
}

export function counted(count: number, one: string, many: string): string {
  return `${count.toLocaleString('en')} ${count === 1 ? one : many}`;
}
