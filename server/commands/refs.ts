// refs PATH…: the names in files, as the rules find them; no tool is asked.
import { referencesIn } from './referencesIn.ts';
import type { Answer, CommandContext } from './run.ts';
import { cellWords, columns } from './shown.ts';

export function refs(context: CommandContext): Answer {
  const json = referencesIn(context).map((one) => one.json);
  const rows = json.map(({ path, cell, line, column, role, kind, name, confidence, via }) => [
    `${path}${cellWords(cell)}:${line}:${column + 1}`,
    role,
    kind,
    name,
    confidence,
    via,
  ]);
  return { json, words: columns(rows), exit: 0 };
}
