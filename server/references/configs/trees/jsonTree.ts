// JSON trees: any text is read, with comments, with commas too many and half typed; what is whole in it is kept.
import { createScanner } from 'jsonc-parser';
import { marksOf } from './scalar.ts';
import { type ConfigDocument, type ConfigNode, deepest, type Entry, type Item, type ScalarNode } from './tree.ts';

/** jsonc-parser's own numbers; its enum is erased when types are stripped. */
const kinds = {
  openBrace: 1,
  closeBrace: 2,
  openBracket: 3,
  closeBracket: 4,
  comma: 5,
  colon: 6,
  null: 7,
  true: 8,
  false: 9,
  string: 10,
  number: 11,
  end: 17,
} as const;

interface Open {
  readonly from: number;
  readonly entries: Entry[] | undefined;
  readonly items: Item[];
  key: ScalarNode | undefined;
  /** Seen since the key: what comes is its value. */
  colon: boolean;
}

/** One document for each value at the top: lines of JSON are several. */
export function jsonDocuments(text: string): readonly ConfigDocument[] {
  const scanner = createScanner(text, true);
  const documents: ConfigDocument[] = [];
  const open: Open[] = [];
  let tooDeep = 0;
  const put = (value: ConfigNode): void => {
    const top = open.at(-1);
    if (!top) documents.push({ root: value, anchors: new Map() });
    else if (!top.entries) top.items.push({ value });
    else if (top.key && top.colon) {
      top.entries.push({ key: top.key, value });
      top.key = undefined;
    } else if (value.is === 'scalar') {
      // A key without a colon is half typed; the next text is a key again.
      top.key = value;
      top.colon = false;
    }
  };
  const close = (to: number): void => {
    const top = open.pop();
    if (!top) return;
    const { from, entries, items } = top;
    put(entries ? { is: 'map', entries, from, to } : { is: 'list', items, from, to });
  };
  for (;;) {
    const kind: number = scanner.scan();
    if (kind === kinds.end) break;
    const from = scanner.getTokenOffset();
    const to = from + scanner.getTokenLength();
    switch (kind) {
      case kinds.openBrace:
      case kinds.openBracket:
        if (open.length >= deepest) tooDeep++;
        else
          open.push({
            from,
            entries: kind === kinds.openBrace ? [] : undefined,
            items: [],
            key: undefined,
            colon: false,
          });
        break;
      case kinds.closeBrace:
      case kinds.closeBracket:
        if (tooDeep > 0) tooDeep--;
        // A bracket that closes something else closes nothing: the rest stays where it is.
        else if ((open.at(-1)?.entries !== undefined) === (kind === kinds.closeBrace)) close(to);
        break;
      case kinds.string:
        if (tooDeep === 0) put(textNode(text, from, to, scanner.getTokenValue()));
        break;
      case kinds.number:
      case kinds.true:
      case kinds.false:
      case kinds.null:
        if (tooDeep === 0) put({ is: 'scalar', value: text.slice(from, to), from, to, style: 'plain' });
        break;
      case kinds.colon:
      case kinds.comma: {
        const top = open.at(-1);
        if (!top || tooDeep > 0) break;
        top.colon = kind === kinds.colon;
        if (kind === kinds.comma) top.key = undefined;
        break;
      }
      default:
    }
  }
  while (open.length > 0) close(text.length);
  return documents;
}

function textNode(text: string, from: number, to: number, value: string): ScalarNode {
  const closed = to - from > 1 && text.charAt(to - 1) === '"';
  const [start, end] = [from + 1, closed ? to - 1 : to];
  const marks = marksOf(value, text, start, end);
  // Half typed, it is what it is.
  if (marks === 'lost') return { is: 'scalar', value: text.slice(start, end), from: start, to: end, style: 'quoted' };
  return { is: 'scalar', value, from: start, to: end, style: 'quoted', ...(marks ? { marks } : {}) };
}
