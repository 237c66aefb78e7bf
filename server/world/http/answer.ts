// Answer: what a server sent, read up to a cap, and what its status means.
import type { HttpAnswer } from '../../connectors/connector.ts';
import { HttpError, type HttpFailure } from '../../connectors/httpError.ts';
import { excerpt, wordsOf } from './excerpt.ts';
import type { Asked } from './failure.ts';
import { parseJson } from './json.ts';
import { type HeaderOf, retryAfter } from './retryAfter.ts';

export interface Received {
  readonly status: number;
  readonly header: HeaderOf;
  readonly text: string;
  /** Where same-origin redirects led; absent: none. */
  readonly redirectedTo?: string;
  /** What must not be shown. */
  readonly secrets: readonly string[];
}

/** Rejects with `tooBig` as soon as more than `maxBytes` came, after decompression, and reads no further. */
export async function readText(
  body: AsyncIterable<unknown>,
  maxBytes: number,
  asked: Asked,
  onBytes: () => void,
): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    const bytes = Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk));
    size += bytes.length;
    if (size > maxBytes) throw tooBig(maxBytes, asked);
    chunks.push(bytes);
    onBytes();
  }
  return new TextDecoder().decode(Buffer.concat(chunks));
}

/** The first bytes of an answer that is an error anyway; what cannot be read is left out. */
export async function readStart(body: AsyncIterable<unknown>, maxBytes: number, onBytes: () => void): Promise<string> {
  let text = '';
  try {
    for await (const chunk of body) {
      text += Buffer.isBuffer(chunk) ? chunk.toString('utf8') : String(chunk);
      onBytes();
      if (text.length > maxBytes) break;
    }
  } catch {
    // The status already says that it went wrong; its words are a help, not the message.
  }
  return text;
}

export function tooBig(maxBytes: number, { name, place, what }: Asked): HttpError {
  const cap = maxBytes >= 1_000_000 ? `${Math.round(maxBytes / 1_000_000)} MB` : `${maxBytes} bytes`;
  return new HttpError(
    'tooBig',
    `${name}: the answer of ${place} to ${what} is longer than ${cap}, and was not read to its end. Look at it in the tool itself.`,
  );
}

export function answerOf(received: Received, asked: Asked): HttpAnswer {
  const { status, header, text } = received;
  return {
    status,
    header,
    text,
    json: () => {
      if (!mayBeJson(header('content-type'))) throw notJson(received, asked, 'it is no JSON');
      try {
        return parseJson(text);
      } catch {
        throw notJson(received, asked, 'it is no whole JSON');
      }
    },
  };
}

/** Plain text and unnamed bytes are looked at, because servers forget to say; a web page is never an answer. */
function mayBeJson(type: string | undefined): boolean {
  return type === undefined || /^\s*([\w.+-]+\/([\w.-]+\+)?json|text\/plain|application\/octet-stream)\b/i.test(type);
}

function notJson(
  { header, text, secrets, redirectedTo }: Received,
  { name, place, what }: Asked,
  why: string,
): HttpError {
  const type = excerpt(header('content-type') ?? 'no content type', secrets);
  const shown = excerpt(text, secrets);
  const page = /html/i.test(type);
  const next = page
    ? 'If this is a login page or a page of a proxy, correct the url of the connection or sign in to that proxy.'
    : 'Check that the url of the connection names the server itself.';
  const led = redirectedTo === undefined ? '' : `, after a redirect to ${excerpt(redirectedTo, secrets)}`;
  return new HttpError(
    'broken',
    `${name}: ${place} answered ${what} with ${type}${led}; ${why}. ${next} It begins: ${shown || '(nothing)'}`,
    { status: 200 },
  );
}

/** The HttpError for a status that was not expected. */
export function refusal(received: Received, asked: Asked, now: number): HttpError {
  const { status, header, text, secrets } = received;
  const { name, place, what } = asked;
  const [kind, says] = meaning(status, asked);
  const wait =
    kind === 'rateLimited' || kind === 'unavailable' || kind === 'forbidden'
      ? retryAfter(header, now, status === 429)
      : undefined;
  const shown = excerpt(wordsOf(text), secrets);
  const words = shown === '' ? '' : ` It says: ${shown}`;
  return new HttpError(kind, `${name}: ${place} answered ${status} to ${what}. ${says}${words}`, {
    status,
    ...(wait === undefined ? {} : { retryAfterMs: wait }),
  });
}

function meaning(status: number, { proxy }: Asked): readonly [HttpFailure, string] {
  if (status === 401) return ['unauthorized', 'Sign in again, or check the credential of the connection.'];
  if (status === 403) return ['forbidden', 'The user of the connection may not read this: ask for the permission.'];
  if (status === 404) return ['missing', 'Check the url of the connection, its prefix and the version of the server.'];
  if (status === 407) {
    const which = proxy ? `the proxy ${proxy.place} (${proxy.from})` : 'a proxy on the way';
    return [
      'proxy',
      `That is ${which}: write user name and password into its address, or add the host to http.noProxy.`,
    ];
  }
  if (status === 429) return ['rateLimited', 'It is asked less often now.'];
  if (status >= 500) return ['unavailable', 'It is asked again later; if it stays so, look at the log of the server.'];
  return ['refused', 'Check the url of the connection and the version of the server.'];
}
