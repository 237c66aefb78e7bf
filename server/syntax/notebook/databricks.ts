// Databricks source: a notebook kept as Python or SQL, what is in another language behind `MAGIC` in its comments.
import { blank, type CellPart, readCell } from './magics.ts';

const marks = {
  python: { header: '# Databricks notebook source', command: '# COMMAND ----------', magic: '# MAGIC' },
  sql: { header: '-- Databricks notebook source', command: '-- COMMAND ----------', magic: '-- MAGIC' },
} as const;

export interface PlacedPart {
  readonly part: CellPart;
  /** The line of the file that the lines of the part count from. */
  readonly line: number;
}

/** By file and text of a command, so that what was not edited is the same. */
const remembered = new Map<string, readonly CellPart[]>();
const mostRemembered = 5000;

/** The parts of a file that are in another language than its own; undefined when the file is no such notebook. */
export function databricksParts(
  uri: string,
  text: string,
  language: 'python' | 'sql',
): readonly PlacedPart[] | undefined {
  const { header, command, magic } = marks[language];
  if (!text.startsWith(header, text.charCodeAt(0) === 0xfeff ? 1 : 0)) return undefined;
  const found: PlacedPart[] = [];
  const seen = new Set<string>();
  const each = (from: number, to: number, line: number): void => {
    const own = text.slice(from, to);
    if (!own.includes(magic)) return;
    const key = `${uri} ${own}`;
    // Commands that say the same stand in two places.
    const parts = (seen.has(key) ? undefined : remembered.get(key)) ?? partsOf(own, magic);
    if (!seen.has(key)) remembered.set(key, parts);
    seen.add(key);
    for (const part of parts) found.push({ part, line });
  };
  let from = 0;
  let line = 0;
  for (let at = text.indexOf(command); at >= 0; at = text.indexOf(command, at + command.length)) {
    each(from, at, line);
    line += lineEnds(text, from, at);
    from = at;
  }
  each(from, text.length, line);
  if (remembered.size > mostRemembered) remembered.clear();
  return found;
}

function partsOf(command: string, magic: string): readonly CellPart[] {
  const cell = command.replace(/[^\r\n]+/g, (line) =>
    line.startsWith(magic) ? blank(magic) + line.slice(magic.length) : blank(line),
  );
  const { code, parts } = readCell(cell, 'none', true);
  return /\S/.test(code) ? [...parts, { sort: 'python', line: 0, text: code }] : parts;
}

function lineEnds(text: string, from: number, to: number): number {
  let count = 0;
  for (let at = from; at < to; at++) {
    const code = text.charCodeAt(at);
    if (code === 10 || (code === 13 && text.charCodeAt(at + 1) !== 10)) count++;
  }
  return count;
}
