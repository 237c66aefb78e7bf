// Instance: the key of a local store or folder, which has no address of its own.
import { createHash } from 'node:crypto';

/** First 8 hex digits of the SHA-256 of the real path: the same folder is the same instance in every window. */
export function localInstance(realPath: string): string {
  return createHash('sha256').update(realPath).digest('hex').slice(0, 8);
}
