// Terraform chunks: a file cut at its outermost blocks and arguments, so that a half-typed one does not take the others with it.

export interface Chunk {
  readonly from: number;
  readonly to: number;
  /** 0-based. */
  readonly line: number;
}

const keyword =
  /^(?:resource|data|variable|locals|output|module|provider|terraform|moved|import|check|removed|ephemeral)\b[^=]*[{"]/;
const argument = /^[A-Za-z_][\w-]*[ \t]*=[^=]/;
const longestHead = 300;

/** Linear in the text; what stands before the first is left out. */
export function chunksOf(text: string, starts: readonly number[]): readonly Chunk[] {
  const heads: { from: number; line: number }[] = [];
  let heredoc: string | undefined;
  let depth = 0;
  for (let line = 0; line < starts.length; line++) {
    const from = starts[line] ?? 0;
    const row = text.slice(from, Math.min(starts[line + 1] ?? text.length, from + longestHead)).replace(/[\r\n]+$/, '');
    if (heredoc !== undefined) {
      if (row.trim() === heredoc) heredoc = undefined;
      // A text that is not closed ends where the next block begins.
      else if (!/^(?:resource|data|variable|module|output) "/.test(row)) continue;
      else heredoc = undefined;
    }
    const isHead = keyword.test(row);
    if (isHead) depth = 0;
    if (isHead || (depth === 0 && argument.test(row))) heads.push({ from, line });
    heredoc = /<<[-~]?([A-Za-z_]\w*)\s*$/.exec(row)?.[1];
    depth = Math.max(0, depth + bracketsIn(row));
  }
  return heads.map(({ from, line }, index) => ({ from, line, to: heads[index + 1]?.from ?? text.length }));
}

/** Opened less closed, outside of texts and comments. */
function bracketsIn(row: string): number {
  let depth = 0;
  let quoted = false;
  for (let at = 0; at < row.length; at++) {
    const sign = row.charAt(at);
    if (quoted && sign === '\\') at++;
    else if (sign === '"') quoted = !quoted;
    else if (quoted) continue;
    else if (sign === '#' || (sign === '/' && row.charAt(at + 1) === '/')) break;
    else if (sign === '{' || sign === '[' || sign === '(') depth++;
    else if (sign === '}' || sign === ']' || sign === ')') depth--;
  }
  return depth;
}
