// Terraform chunks: a file cut at its outermost blocks and arguments, so that a half-typed one does not take the others with it.

export interface Chunk {
  readonly from: number;
  readonly to: number;
  /** 0-based. */
  readonly line: number;
  /** Brackets in brackets: nobody writes so many, and the parser is slow where none of them is closed. */
  readonly deep: boolean;
}

interface Growing {
  from: number;
  line: number;
  deep: boolean;
}

const keyword =
  /^(?:resource|data|variable|locals|output|module|provider|terraform|moved|import|check|removed|ephemeral)\b[^=]*[{"]/;
const argument = /^[A-Za-z_][\w-]*[ \t]*=[^=]/;
const longestHead = 300;
const deepest = 60;

/** Linear in the text; what stands before the first is left out. */
export function chunksOf(text: string, starts: readonly number[]): readonly Chunk[] {
  const heads: Growing[] = [];
  let heredoc: string | undefined;
  let depth = 0;
  for (let line = 0; line < starts.length; line++) {
    const from = starts[line] ?? 0;
    const to = starts[line + 1] ?? text.length;
    const row = text.slice(from, Math.min(to, from + longestHead)).trimEnd();
    if (heredoc !== undefined) {
      if (row.trim() === heredoc) heredoc = undefined;
      // A text that is not closed ends where the next block begins.
      else if (!/^(?:resource|data|variable|module|output) "/.test(row)) continue;
      else heredoc = undefined;
    }
    const isHead = keyword.test(row);
    if (isHead) depth = 0;
    if (isHead || (depth === 0 && argument.test(row))) heads.push({ from, line, deep: false });
    heredoc = /<<[-~]?([A-Za-z_]\w*)\s*$/.exec(row)?.[1];
    depth = Math.max(0, depth + bracketsIn(text, from, to));
    const last = heads.at(-1);
    if (last && depth > deepest) last.deep = true;
  }
  return heads.map((head, index) => ({ ...head, to: heads[index + 1]?.from ?? text.length }));
}

/** Opened less closed, outside of texts and comments. */
function bracketsIn(text: string, from: number, to: number): number {
  let depth = 0;
  let quoted = false;
  for (let at = from; at < to; at++) {
    const sign = text.charAt(at);
    if (quoted && sign === '\\') at++;
    else if (sign === '"') quoted = !quoted;
    else if (quoted) continue;
    else if (sign === '#' || (sign === '/' && text.charAt(at + 1) === '/')) break;
    else if (sign === '{' || sign === '[' || sign === '(') depth++;
    else if (sign === '}' || sign === ']' || sign === ')') depth--;
  }
  return depth;
}
