// The uri of an absolute local path, as the editor writes it.
import { fileURLToPath, pathToFileURL } from 'node:url';

export function fileUri(path: string): string {
  return pathToFileURL(path).href;
}

/** Undefined for what is no file. */
export function fileOf(uri: string): string | undefined {
  try {
    return uri.startsWith('file:') ? fileURLToPath(uri) : undefined;
  } catch {
    return undefined;
  }
}
