// Errors: the one line that says why something failed, out of the long texts that Ray gives; pure.
import { oneLine } from '../../../json.ts';

const most = 50_000;
/** A class by its name, so that a word before a colon is none; with the modules before it as Python writes them. */
const exception =
  /^(?:[A-Za-z_]\w{0,80}\.){0,8}[A-Z]\w{0,100}(?:Error|Exception|Interrupt|Exit|Warning|Failure|Failed|Timeout|Fault|Iteration)(?:\([\w.]{1,100}\))?(?::\s|$)/;
/** What Ray says around the error itself. */
const around = /^ray\.exceptions\.|^ray::|^User exception:?$|^Traceback \(most recent call last\)/;

/**
 * The last exception of the text: Ray shows what was raised in a worker below what the driver made of it. Without one
 * the first line, and the last words of the log where there is one. Undefined for an empty text.
 */
export function rootOf(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const lines = text.slice(-most).split('\n');
  const clean = lines.map((line) => line.replace(/\u001b\[[0-9;]{0,10}m/g, '').trimEnd()).filter((line) => line !== '');
  const root = clean.findLast((line) => exception.test(line) && !around.test(line));
  if (root !== undefined) return oneLine(root);
  const [first, ...rest] = clean;
  if (first === undefined) return undefined;
  const [, exit] = /^(Job entrypoint command failed with exit code -?\d{1,10}), last available logs/.exec(first) ?? [];
  if (exit === undefined) return oneLine(first);
  const last = rest.at(-1)?.trim();
  return oneLine(last === undefined ? exit : `${exit}: ${last}`);
}
