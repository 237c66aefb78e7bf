// Line blocks: sites of files that are read line by line, each line a block of its own, so that only what changed is new.
import { longestScanned, type ParsedDocument } from '../../syntax/document.ts';
import type { TextExpression } from '../expression.ts';
import { textOfLines } from '../mapped.ts';
import type { RuleSet } from '../rules/rule.ts';
import type { FileSummary, PlacedBlock, Setting, Site } from '../summary.ts';

const outside = { sort: 'with', name: '', parent: -1, lines: [0, 0] } as const;

/** One line, or several that belong together. */
export interface LogicalLine {
  /** Offsets in the file, without the line end. */
  readonly from: number;
  readonly to: number;
  /** 0-based. */
  readonly line: number;
}

/** Lines of the file; those that end in `\` go on in the next. */
export function* logicalLines({ text, lines }: ParsedDocument, joins: boolean): Generator<LogicalLine> {
  const { starts } = lines;
  const end = Math.min(text.length, longestScanned);
  for (let line = 0; line < starts.length; line++) {
    const from = starts[line] ?? 0;
    if (from >= end) return;
    const first = line;
    let to = lineEnd(text, starts[line + 1] ?? end, from);
    while (joins && text.charAt(to - 1) === '\\' && line + 1 < starts.length) {
      line++;
      to = lineEnd(text, starts[line + 1] ?? end, starts[line] ?? 0);
    }
    yield { from, to: Math.min(to, end), line: first };
  }
}

function lineEnd(text: string, next: number, from: number): number {
  let to = next;
  while (to > from && (text.charCodeAt(to - 1) === 10 || text.charCodeAt(to - 1) === 13)) to--;
  return to;
}

export class LineBlocks {
  readonly #document: ParsedDocument;
  readonly #blocks: PlacedBlock[] = [];
  readonly #settings: Setting[] = [];

  constructor(document: ParsedDocument) {
    this.#document = document;
  }

  /** The text between two offsets; its spans count from `line`. */
  text(from: number, to: number, line: number): TextExpression {
    const { text, lines } = this.#document;
    return textOfLines(text, lines.starts, from, to, line);
  }

  add(line: number, sites: readonly Site[]): void {
    if (sites.length === 0) return;
    const block = {
      column: 0,
      sites: sites.map((content) => ({ line: 0, scope: 0, content })),
      bindings: [],
      scopes: [outside],
    };
    this.#blocks.push({ line, block });
  }

  give(setting: Setting): void {
    this.#settings.push(setting);
  }

  summary(rules: RuleSet): FileSummary {
    const { uri, language, reading } = this.#document;
    const base = { uri, language, rules: rules.hash, blocks: this.#blocks };
    const given = this.#settings.length > 0 ? { ...base, settings: this.#settings } : base;
    if (reading !== 'cut') return given;
    const notice = `Only the first ${longestScanned / 1_000_000} million characters were read; split the file.`;
    return { ...given, notice };
  }
}
