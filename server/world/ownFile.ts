// Own file: a small file of ours in the user's configuration folder: written whole or not at all, for this user's eyes only, and watched.
import { randomBytes } from 'node:crypto';
import { type StatsListener, unwatchFile, watchFile } from 'node:fs';
import { mkdir, open, realpath, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { codeOf, messageOf, printable, WorldError } from './failure.ts';

/** Mode 0600, in folders of mode 0700 where they are missing. A link stays a link: what it points to is replaced. */
export async function writeOwnFile(file: string, text: string): Promise<void> {
  let temporary: string | undefined;
  try {
    await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
    const target = await realpath(file).catch(() => file);
    temporary = `${target}.${randomBytes(6).toString('hex')}.tmp`;
    const handle = await open(temporary, 'wx', 0o600);
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, target);
  } catch (error) {
    if (temporary) await rm(temporary, { force: true }).catch(() => undefined);
    const why = codeOf(error) ?? messageOf(error);
    throw new WorldError(
      'forbidden',
      `${printable(file)} could not be written (${why}). Give your user write permission on it and its folder, and look whether the disk is full.`,
      error,
    );
  }
}

/** Calls when the file came, went or changed; keeps no process alive. The answer stops it. */
export function watchOwnFile(file: string, everyMs: number, onChanged: () => void): () => void {
  const listener: StatsListener = (now, before) => {
    if (now.mtimeMs !== before.mtimeMs || now.size !== before.size || now.ino !== before.ino) onChanged();
  };
  watchFile(file, { interval: everyMs, persistent: false }, listener);
  return () => unwatchFile(file, listener);
}
