// Who answers at the address, and for which organisation.
import { HttpError } from '../../httpError.ts';
import { list, number, oneLine, record, text } from '../../json.ts';
import type { Live } from './live.ts';

interface Who {
  readonly user?: string;
  readonly org?: string;
  /** As ids have it; never changes. */
  readonly orgKey?: string;
}

/** `GET /api/v2/current_user`. Undefined where it may not be asked (an OAuth token without that scope). */
async function askWho({ api }: Live, signal: AbortSignal): Promise<Who | undefined> {
  let answer: unknown;
  try {
    answer = await api.get('/api/v2/current_user', [], signal);
  } catch (error) {
    if (error instanceof HttpError && (error.kind === 'forbidden' || error.kind === 'missing')) return undefined;
    throw error;
  }
  const { data, included } = record(answer);
  const own = text(record(record(record(record(data).relationships).org).data).id);
  const orgs = list(included).filter((one) => record(one).type === 'orgs');
  const found = record(orgs.find((one) => record(one).id === own) ?? orgs[0]);
  const { name, public_id: publicId } = record(found.attributes);
  const orgKey = text(publicId) ?? own;
  if (orgKey === undefined) throw api.broken('it says nothing of whose account it is at /api/v2/current_user');
  const attributes = record(record(data).attributes);
  const [user, org] = [oneLine(attributes.handle) ?? oneLine(attributes.name), oneLine(name, 100)];
  return { orgKey, ...(user === undefined ? {} : { user }), ...(org === undefined ? {} : { org }) };
}

/** So that ids can be made; asked once. */
export async function knowOrg(live: Live, signal: AbortSignal): Promise<void> {
  if (live.memory.org !== undefined) return;
  const who = await askWho(live, signal);
  live.memory.org ??= who?.orgKey ?? 'default';
}

/** `Datadog datadoghq.eu, organisation Acme, as ana@example.com, 199 monitors`. Rejects like `fetch`. */
export async function greet(live: Live, signal: AbortSignal): Promise<string> {
  const who = await askWho(live, signal);
  const answer = await live.api.get(
    '/api/v1/monitor/search',
    [
      ['page', '0'],
      ['per_page', '1'],
    ],
    signal,
  );
  const count = number(record(record(answer).metadata).total_count);
  if (count === undefined) throw live.api.broken('it does not count its monitors at /api/v1/monitor/search');
  const told = [
    `Datadog ${live.instance}`,
    who?.org && `organisation ${who.org}`,
    who?.user && `as ${who.user}`,
    `${count.toLocaleString('en')} ${count === 1 ? 'monitor' : 'monitors'}`,
  ];
  return told.filter((part) => part).join(', ');
}
