// Waiting in tests: until something is true, with a limit that tells what was waited for.
import { setTimeout as pause } from 'node:timers/promises';

export async function until(what: string, isTrue: () => boolean | Promise<boolean>, limitMs = 5_000): Promise<void> {
  const end = Date.now() + limitMs;
  while (!(await isTrue())) {
    if (Date.now() > end) throw new Error(`Waited ${limitMs} ms in vain for: ${what}.`);
    await pause(5);
  }
}
