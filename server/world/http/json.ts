// JSON as servers send it: bare NaN and Infinity, and integers that a double cannot hold, are read as text.

/**
 * Like `JSON.parse`, and: `NaN`, `Infinity`, `-Infinity` outside strings become the strings of those names, as protobuf
 * writes them; an integer beyond 2^53 becomes the string of its digits, so that ids stay what they are. Throws a
 * SyntaxError for anything else that is not JSON.
 */
export function parseJson(text: string): unknown {
  const exact = /\d{16}/.test(text);
  try {
    return parse(text, exact);
  } catch (error) {
    const quoted = quoteBareWords(text);
    if (quoted === text) throw error;
    return parse(quoted, exact);
  }
}

function parse(text: string, exact: boolean): unknown {
  // The reviver costs, and hardly any answer needs it.
  return exact ? JSON.parse(text, keepDigits) : JSON.parse(text);
}

/** `source` comes with Node 21 and newer. */
function keepDigits(this: unknown, _key: string, value: unknown, context?: { readonly source?: string }): unknown {
  if (typeof value !== 'number' || Number.isSafeInteger(value)) return value;
  const source = context?.source;
  return source !== undefined && /^-?\d+$/.test(source) ? source : value;
}

/** Goes from string to string by hand: a pattern over a string of 10 MB runs out of its stack. */
function quoteBareWords(text: string): string {
  const parts: string[] = [];
  let from = 0;
  while (from < text.length) {
    const open = text.indexOf('"', from);
    const end = open < 0 ? text.length : open;
    parts.push(text.slice(from, end).replace(/-?\b(?:NaN|Infinity)\b/g, '"$&"'));
    if (open < 0) break;
    const close = endOfString(text, open);
    parts.push(text.slice(open, close));
    from = close;
  }
  return parts.join('');
}

/** Behind the closing quote, or the end of the text. */
function endOfString(text: string, open: number): number {
  let close = text.indexOf('"', open + 1);
  while (close > 0) {
    let backslashes = 0;
    while (text[close - 1 - backslashes] === '\\') backslashes += 1;
    if (backslashes % 2 === 0) return close + 1;
    close = text.indexOf('"', close + 1);
  }
  return text.length;
}
