// Patterns: which remote files may be asked for by name: those that a pattern of the user covers, spelt without surprises.
import { goesThroughDots } from '../../protocol/sshHost.ts';

/** Names that a host told are used only when there is nothing in them to think about. */
export function isPlainPath(path: string): boolean {
  return path.length <= 500 && /^\/[A-Za-z0-9._+=@:,%/-]+$/.test(path) && !goesThroughDots(path) && !path.endsWith('/');
}

/** The folder before the first wildcard: what must be readable for the pattern to say anything. */
export function fixedFolder(pattern: string): string {
  const parts = pattern.split('/');
  const wild = parts.findIndex((part) => /[*?[]/.test(part));
  const fixed = parts.slice(0, wild < 0 ? -1 : wild).join('/');
  return fixed === '' ? '/' : fixed;
}

/** What log rotation appends: `.1`, `.2.gz`, `-20261120`, `-20261120.gz`, `.2026-11-20`, `.gz`. */
const rotation = /(?:[.-]\d{1,10}|[.-]\d{4}-\d\d-\d\d(?:[T_-]\d{2,6})?)?(?:\.gz)?$/;

/** The name that the log has while it is written. */
export function unrotated(path: string): string {
  const base = path.replace(rotation, '');
  return base === '' || base.endsWith('/') ? path : base;
}

/** Whether one of the patterns covers the file, or the log that it was rotated from. `home`: the remote home folder. */
export function isCovered(path: string, patterns: readonly string[], home: string): boolean {
  if (!isPlainPath(path)) return false;
  return patterns.some((pattern) => {
    const whole = pattern.startsWith('~/') ? `${home.replace(/\/$/, '')}${pattern.slice(1)}` : pattern;
    return (
      globMatches(whole, path) || globMatches(whole, unrotated(path)) || globMatches(whole, path.replace(/\.gz$/, ''))
    );
  });
}

/** As a shell matches: `*`, `?` and `[…]` never cross a slash, and never begin with a dot. Linear in each part. */
export function globMatches(pattern: string, path: string): boolean {
  const [patterns, parts] = [pattern.split('/'), path.split('/')];
  return patterns.length === parts.length && patterns.every((one, index) => partMatches(one, parts[index] ?? ''));
}

function partMatches(pattern: string, text: string): boolean {
  if (text.startsWith('.') && !pattern.startsWith('.')) return false;
  const tokens = pattern.match(/\[[^\]]+\]|./gs) ?? [];
  let [at, from, star, retry] = [0, 0, -1, 0];
  while (from < text.length) {
    const token = tokens[at];
    if (token === '*') [star, retry, at] = [at, from, at + 1];
    else if (token !== undefined && tokenMatches(token, text[from] ?? '')) [at, from] = [at + 1, from + 1];
    else if (star >= 0) [at, retry, from] = [star + 1, retry + 1, retry + 1];
    else return false;
  }
  return tokens.slice(at).every((token) => token === '*');
}

function tokenMatches(token: string, character: string): boolean {
  if (token === '?') return true;
  if (token.length === 1) return token === character;
  const inside = token.slice(1, -1);
  for (let at = 0; at < inside.length; at++) {
    const [low = '', dash, high] = inside.slice(at, at + 3);
    if (dash === '-' && high !== undefined) {
      if (character >= low && character <= high) return true;
      at += 2;
    } else if (character === low) return true;
  }
  return false;
}
