// Redirect: where a server sends us, and why we often do not go.
import { HttpError } from '../../connectors/httpError.ts';
import { excerpt } from './excerpt.ts';
import type { Asked } from './failure.ts';

export interface Redirected {
  readonly from: URL;
  readonly status: number;
  readonly location: string | undefined;
  readonly method: 'GET' | 'POST';
  /** All addresses asked so far, this one included. */
  readonly visited: readonly string[];
}

const most = 5;

/** The next address, of the same origin. Throws an HttpError `redirect` for every other; nothing is sent there. */
export function nextUrl({ from, status, location, method, visited }: Redirected, { name, place, what }: Asked): URL {
  const says = (words: string) => new HttpError('redirect', `${name}: ${place} ${words}`, { status });
  if (location === undefined || !URL.canParse(location, from.href)) {
    throw says(`answered ${status} to ${what} without a usable address. Check the url of the connection.`);
  }
  const to = new URL(location, from.href);
  if (to.origin !== from.origin) {
    const other = excerpt(to.origin === 'null' ? to.protocol : to.origin, []);
    throw says(
      `sends ${what} on to ${other}. Nothing was sent there. If that is the server, change the url of the connection to it; if it is a login page, sign in or use an address that tools may ask.`,
    );
  }
  to.hash = '';
  if (visited.includes(to.href))
    throw says(`sends ${what} in a circle. Check the url of the connection and its prefix.`);
  if (visited.length > most) throw says(`sends ${what} on more than ${most} times. Check the url of the connection.`);
  if (method === 'POST' && status !== 307 && status !== 308) {
    throw says(`sends ${what} on to ${excerpt(to.pathname, [])} as another request. Check the url of the connection.`);
  }
  return to;
}
