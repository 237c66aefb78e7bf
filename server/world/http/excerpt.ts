// Excerpt: the beginning of an unexpected body as it may be shown: short, printable, and without anything secret that we sent.
import type { HttpRequest } from '../../connectors/connector.ts';

const shownCharacters = 200;
/** Enough to find a secret that begins before the cut. */
const looksAt = 8_000;

const secretName = /auth|token|cookie|secret|password|(?:api|app|application)-?key/i;
const secretShapes = [
  /\beyJ[\w-]{5,}(\.[\w-]*){0,2}/g,
  /(?<=\b(bearer|basic|token)\s)[\w.~+/=-]{8,}/gi,
  /(?<=:\/\/)[^\s/@]+(?=@)/g,
];

/** At most 200 characters; empty when there is nothing to show. */
export function excerpt(text: string, secrets: readonly string[]): string {
  const start = text
    .slice(0, looksAt)
    .replace(/[\s\u0000-\u001f\u007f-\u009f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]+/g, ' ');
  const clean = redact(start, secrets).trim();
  return clean.length > shownCharacters ? `${clean.slice(0, shownCharacters - 1)}…` : clean;
}

/**
 * Of a body of JSON that refuses: its code and its words, where one of the tools that we read writes them; else the body as it is.
 * `{"error_code": "X", "message": "y"}` is `X: y`. Linear; never throws.
 */
export function wordsOf(body: string): string {
  if (body.length > looksAt || !/^\s*\{/.test(body)) return body;
  const told = fieldsOf(parsed(body));
  // dbt Cloud and OAuth's older servers put them one level down.
  const inner = [told.status, told.error].map(fieldsOf).find((one) => Object.keys(one).length > 0) ?? {};
  const [first] = Array.isArray(told.errors) ? told.errors : [];
  const all = [told, inner, fieldsOf(first)];
  const said = all.flatMap((one) => [one.message, one.user_message, one.error_description, one.detail, one.title]);
  const words = [...said, told.error, first].find((one) => typeof one === 'string' && one.trim() !== '');
  if (typeof words !== 'string') return body;
  const code = all.flatMap((one) => [one.error_code, one.errorCode, one.code]).find((one) => typeof one === 'string');
  return typeof code === 'string' && code !== '' ? `${code}: ${words}` : words;
}

type Fields = Readonly<Partial<Record<string, unknown>>>;

function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Text without the secrets, whole or in the parts that servers echo. */
export function redact(text: string, secrets: readonly string[]): string {
  let result = text;
  for (const secret of secrets) result = result.replaceAll(secret, '•••');
  for (const shape of secretShapes) result = result.replace(shape, '•••');
  return result;
}

/** Everything secret that goes out with this request, longest first. */
export function secretsOf(request: HttpRequest): readonly string[] {
  const found = new Set<string>();
  if (request.authorization !== undefined) addAuthorization(request.authorization, found);
  for (const [name, value] of request.headers ?? []) if (secretName.test(name)) addAuthorization(value, found);
  for (const [name, value] of request.query ?? []) if (secretName.test(name)) found.add(value);
  for (const [, value] of request.form ?? []) found.add(value);
  addFields(request.json, found);
  return [...found].filter((secret) => secret.length >= 4).sort((a, b) => b.length - a.length);
}

function addAuthorization(value: string, found: Set<string>): void {
  found.add(value);
  const [scheme = '', ...rest] = value.split(' ');
  const credential = rest.join(' ');
  found.add(credential || scheme);
  if (scheme.toLowerCase() !== 'basic') return;
  const decoded = Buffer.from(credential, 'base64').toString('utf8');
  found.add(decoded).add(decoded.slice(decoded.indexOf(':') + 1));
}

function addFields(value: unknown, found: Set<string>): void {
  if (typeof value !== 'object' || value === null) return;
  for (const [name, inner] of Object.entries(value)) {
    if (typeof inner === 'string' && secretName.test(name)) found.add(inner);
    else addFields(inner, found);
  }
}
