// Instance keys: how a store that is only a place on this machine is named in ids.
import { createHash } from 'node:crypto';

/** First 8 hex digits of the SHA-256 of a real path; the caller resolves symbolic links first. */
export function localInstance(realPath: string): string {
  return createHash('sha256').update(realPath).digest('hex').slice(0, 8);
}
