// The uri of an absolute local path, as the editor writes it.
import { pathToFileURL } from 'node:url';

export function fileUri(path: string): string {
  return pathToFileURL(path).href;
}
