// Addresses: what a text writes as `scheme://…`, taken apart without trusting any of it.

export interface Address {
  /** In lower case: `https`, `s3a`, `ssh` … */
  readonly scheme: string;
  /** Without user and default port; in lower case, but for buckets. */
  readonly host: string;
  /** As written, not decoded: `dags`, `train%20churn`. */
  readonly path: readonly string[];
  readonly query: ReadonlyMap<string, string>;
  /** Behind `#`, without its first slash; and the query in there. */
  readonly hash: readonly string[];
  readonly hashQuery: ReadonlyMap<string, string>;
}

const most = { addresses: 200, segments: 100, parameters: 40 };
/** A quote inside of an address is a part of it only before a sign that goes on with a name. */
const written = /\b(https?|s3[an]?|ssh|sftp|scp):\/\/((?:[^\s<>"'`{}|\\^\u0000-\u001f]|'(?=[\w%.!*()~'-])){1,2000})/gi;

/** In order, at most 200; of one that ends like a sentence also what is left without that end. Linear. */
export function addressesIn(text: string): readonly Address[] {
  const found: Address[] = [];
  for (const [, scheme = '', rest = ''] of text.matchAll(written)) {
    if (found.length >= most.addresses) break;
    found.push(taken(scheme, rest));
    const shorter = withoutEnd(rest);
    if (shorter !== rest && shorter !== '') found.push(taken(scheme, shorter));
  }
  return found;
}

/** Signs that end a sentence or a bracket. */
export function withoutEnd(rest: string): string {
  let end = rest.length;
  while (end > 0 && `.,;:!?)]*_'`.includes(rest.charAt(end - 1))) end -= 1;
  return rest.slice(0, end);
}

function taken(written: string, rest: string): Address {
  const scheme = written.toLowerCase();
  const [beforeHash = '', ...hashParts] = rest.split('#');
  const [place = '', query] = cut(beforeHash, '?');
  const [authority = '', ...path] = place.split('/', most.segments);
  const [hash = '', hashQuery] = cut(hashParts.join('#').replace(/^\//, ''), '?');
  return {
    ...{ scheme, host: hostIn(authority, scheme) },
    ...{ path, query: parameters(query), hash: hash.split('/', most.segments), hashQuery: parameters(hashQuery) },
  };
}

function cut(text: string, sign: string): readonly [string, string] {
  const at = text.indexOf(sign);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}

function hostIn(authority: string, scheme: string): string {
  if (scheme.startsWith('s3')) return authority;
  const host = authority.slice(authority.lastIndexOf('@') + 1).toLowerCase();
  const usual = { http: ':80', https: ':443', ssh: ':22', sftp: ':22' }[scheme];
  return usual !== undefined && host.endsWith(usual) ? host.slice(0, -usual.length) : host;
}

function parameters(query: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const part of query.split('&', most.parameters)) {
    const [name, value] = cut(part, '=');
    if (name !== '') found.set(decoded(name), decoded(value.replaceAll('+', ' ')));
  }
  return found;
}

/** What cannot be decoded stays as it is. */
export function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
