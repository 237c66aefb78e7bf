// Key pair: tokens that a user's private key signs, as the SQL API takes them (docs.snowflake.com/developer-guide/sql-api/authenticating, 2026-11).
import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign } from 'node:crypto';

/** Snowflake takes at most an hour; a little less, for clocks that differ. */
const lifeSeconds = 3_300;
/** A token is not begun with when it ends within this. */
const spareMs = 60_000;

/** Upper case and without the region: `xy12345.eu-west-1` is `XY12345`, `myorg-prod` is `MYORG-PROD`. */
export function accountOfToken(account: string): string {
  return account.toUpperCase().split('.')[0] ?? account;
}

/**
 * Of a PEM text, also one that lost its line ends in a field of one line. Throws when it is no private key of RSA; an
 * encrypted one needs its passphrase.
 */
export function privateKeyOf(text: string, passphrase?: string): KeyObject {
  const [, label, body] = /^\s*-{5}BEGIN ([A-Z ]{1,30})-{5}([^-]{1,20000})-{5}END/.exec(text) ?? [];
  const isPlain = body !== undefined && !body.includes(':');
  const lines = isPlain ? (body.replace(/\s+/g, '').match(/.{1,64}/g) ?? []) : [];
  const key = isPlain ? `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n` : text;
  const found = createPrivateKey(passphrase === undefined ? key : { key, passphrase });
  if (found.asymmetricKeyType !== 'rsa') throw new Error('The private key is none of RSA.');
  return found;
}

/** `SHA256:` and the hash of the public key, as `DESCRIBE USER` shows it. */
export function fingerprintOf(key: KeyObject): string {
  const spki = createPublicKey(key).export({ type: 'spki', format: 'der' });
  return `SHA256:${createHash('sha256').update(spki).digest('base64')}`;
}

/** `now` in epoch ms by Snowflake's clock. */
export function signed(key: KeyObject, account: string, user: string, now: number): string {
  const subject = `${accountOfToken(account)}.${user.toUpperCase()}`;
  const iat = Math.floor(now / 1000);
  const claims = { iss: `${subject}.${fingerprintOf(key)}`, sub: subject, iat, exp: iat + lifeSeconds };
  const part = (value: object): string => Buffer.from(JSON.stringify(value), 'utf8').toString('base64url');
  const head = `${part({ alg: 'RS256', typ: 'JWT' })}.${part(claims)}`;
  return `${head}.${sign('RSA-SHA256', Buffer.from(head, 'utf8'), key).toString('base64url')}`;
}

/** Signs once for many questions. */
export class KeyTokens {
  readonly #account: string;
  #last: { readonly value: string; readonly of: string; readonly from: number; readonly until: number } | undefined;

  constructor(account: string) {
    this.#account = account;
  }

  /** Throws when the text is no key. */
  token(user: string, pem: string, now: number): string {
    const of = `${user}\n${pem}`;
    const last = this.#last;
    if (last?.of === of && now < last.until && now >= last.from - spareMs) return last.value;
    const value = signed(privateKeyOf(pem), this.#account, user, now);
    this.#last = { value, of, from: now, until: now + lifeSeconds * 1000 - spareMs };
    return value;
  }

  forget(): void {
    this.#last = undefined;
  }
}
