// Terraform mask: texts of HCL found ahead of the parser and covered with letters of the same length; its grammar takes a millisecond for each of their characters.

const deepest = 20;

/** Behind the closing quote of the text that begins at `from`. One that is not closed ends with its line. */
export function quotedEnd(text: string, from: number, to: number, depth = 0): number {
  let at = from + 1;
  while (at < to) {
    const sign = text.charAt(at);
    if (sign === '"') return at + 1;
    if (sign === '\n' || sign === '\r') return at;
    if (sign === '\\') at += 2;
    else if (opensTemplate(text, at)) at = templateEnd(text, at, to, depth);
    else at++;
  }
  return to;
}

/** `${` and `%{`, but not `$${`. */
export function opensTemplate(text: string, at: number): boolean {
  const sign = text.charAt(at);
  return (sign === '$' || sign === '%') && text.charAt(at + 1) === '{' && text.charAt(at - 1) !== sign;
}

/** Behind the bracket that closes `${…}`; half typed, the end of its line. */
export function templateEnd(text: string, from: number, to: number, depth = 0): number {
  let brackets = 0;
  let at = from + 1;
  while (at < to) {
    const sign = text.charAt(at);
    if (sign === '{') brackets++;
    else if (sign === '}' && --brackets === 0) return at + 1;
    else if (sign === '"' && depth < deepest) {
      at = quotedEnd(text, at, to, depth + 1);
      continue;
    } else if (sign === '\n' && brackets < 2) return at;
    at++;
  }
  return to;
}

export interface Heredoc {
  /** The text, without the line that asks for it and the one that ends it. */
  readonly from: number;
  readonly to: number;
  /** Behind the mark that ends it. */
  readonly end: number;
}

/** Of `<<EOT` or `<<-EOT` at an offset; one that is not closed goes to the end. */
export function heredocAt(text: string, at: number, to: number): Heredoc | undefined {
  const [head, mark] = /^<<[-~]?([A-Za-z_]\w*)[ \t]*(?=\r?\n)/.exec(text.slice(at, Math.min(to, at + 200))) ?? [];
  if (head === undefined || mark === undefined) return undefined;
  const from = text.indexOf('\n', at) + 1;
  for (let line = from; line < to; ) {
    const next = text.indexOf('\n', line);
    const stop = next < 0 || next >= to ? to : next;
    const row = text.slice(line, Math.min(stop, line + 300));
    if (row.trim() === mark) return { from, to: line, end: line + row.trimEnd().length };
    line = stop + 1;
  }
  return { from, to, end: to };
}

/** The text from `from` to `to` for the parser: quoted texts and heredocs are names of their length. */
export function masked(text: string, from: number, to: number, oneLine: boolean): string {
  let result = '';
  let kept = from;
  let at = from;
  const cover = (end: number, cover: string): void => {
    result += text.slice(kept, at) + cover;
    kept = end;
    at = end;
  };
  while (at < to) {
    const sign = text.charAt(at);
    if (sign === '"') {
      const end = Math.min(to, quotedEnd(text, at, to));
      cover(end, 'a'.repeat(end - at));
    } else if (sign === '#' || (sign === '/' && text.charAt(at + 1) === '/')) {
      const next = text.indexOf('\n', at);
      const end = next < 0 || next > to ? to : next;
      cover(end, ' '.repeat(end - at));
    } else if (sign === '/' && text.charAt(at + 1) === '*') {
      const next = text.indexOf('*/', at + 2);
      const end = next < 0 || next + 2 > to ? to : next + 2;
      cover(end, ' '.repeat(end - at));
    } else if (sign === '<' && text.charAt(at + 1) === '<') {
      const heredoc = heredocAt(text, at, to);
      const end = heredoc?.end ?? at + 2;
      cover(end, heredoc ? `aa${' '.repeat(end - at - 2)}` : '  ');
    } else at++;
  }
  result += text.slice(kept, to);
  return oneLine ? result.replace(/[\r\n]/g, ' ') : result;
}
