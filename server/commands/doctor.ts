// doctor: asks every connection a little, read-only, and tells what answers, what is allowed and what is not as expected.
import { type Examination, examine } from '../connections/examine.ts';
import { connectors } from '../connectors/registry.ts';
import { connected, foundSecret } from './connected.ts';
import type { Answer, CommandContext } from './run.ts';
import { columns } from './shown.ts';

export interface DoctorJson {
  /** Where the connections stand. */
  readonly file: string;
  /** Mistakes in that file. */
  readonly mistakes: readonly string[];
  readonly connections: readonly DoctorConnection[];
}

export interface DoctorConnection extends Examination {
  /** Not asked, because it is paused. */
  readonly paused: boolean;
}

/** Exit 3 when one did not answer or let us ask, or when the file has mistakes; paused ones are not asked. */
export async function doctor({ session, line }: CommandContext): Promise<Answer> {
  const { connections, problems, file, places } = await connected(line);
  const { log, now } = session.options;
  const found = await Promise.all(
    connections.map(async (config): Promise<DoctorConnection> => {
      if (config.paused) return { ...unasked(config), paused: true };
      const { secret, from, reason } = await foundSecret(config, places);
      const factory = connectors.find(({ tool }) => tool === config.tool);
      const signal = new AbortController().signal;
      const seen = await examine(config, { factory, ...(secret && { secret }), credential: from, log, now, signal });
      const message = seen.reachable && !seen.allowed && reason ? `${seen.message} ${reason}` : seen.message;
      return { ...seen, message, paused: false };
    }),
  );
  const json: DoctorJson = { file, mistakes: problems, connections: found };
  const isWell = found.every(({ allowed, paused }) => allowed || paused) && problems.length === 0;
  return { json, words: words(json), exit: isWell ? 0 : 3 };
}

function unasked({
  name,
  tool,
  url,
}: {
  readonly name: string;
  readonly tool: string;
  readonly url: string;
}): Examination {
  const message = 'It is paused, and was not asked.';
  const nothing = { endpoints: [], problems: [], skewMs: 0, credential: 'none' };
  return { name, tool, url, reachable: false, allowed: false, message, ...nothing };
}

function words({ file, mistakes, connections }: DoctorJson): string {
  if (connections.length === 0 && mistakes.length === 0)
    return `There are no connections in ${file}. Add one in the editor (Plumbline: Add Connection), or write the file; README.md, "Connect", says how.\n`;
  return [...mistakes.map((mistake) => `mistake  ${mistake}\n`), ...connections.map(connectionWords)].join('\n');
}

function connectionWords(connection: DoctorConnection): string {
  const { name, tool, url, message, credential, endpoints, problems, skewMs } = connection;
  const skew = skewMs === 0 ? [] : [`its clock is ${Math.abs(skewMs) / 1000} s ${skewMs > 0 ? 'ahead' : 'behind'}`];
  const rows = endpoints.map((one) => [
    '  ',
    one.answer,
    `${one.status ?? ''}`,
    one.group,
    `${one.requests} asked`,
    `${one.tookMs} ms`,
  ]);
  const notes = [...skew, ...problems].map((note) => `   ${note}\n`);
  const head = `${markOf(connection)} ${name}: ${tool} at ${url}, credential: ${credential}\n   ${message}\n`;
  return head + columns(rows) + notes.join('');
}

function markOf({ paused, allowed, endpoints, problems }: DoctorConnection): string {
  if (paused) return '–';
  if (!allowed) return '✗';
  return problems.length > 0 || endpoints.some(({ answer }) => answer !== 'ok') ? '!' : '✓';
}
