// Long texts: where one in three quotes ends, and how far one goes whose quotes were broken: code and texts are not turned around for all that follows.

/** So begins the line of a function or class, whatever stands around it. */
const surelyDefined = /^(?:(?:async[ \t]+)?def[ \t]+\w+[ \t]*\(|class[ \t]+\w+[ \t]*[(:])/;
const longestLook = 300;
/** Words right behind which a text may begin. */
const wordsBefore =
  /^(?:[rbuft]{1,2}|and|as|assert|await|case|del|elif|else|exec|for|from|if|in|is|lambda|not|or|print|raise|return|while|with|yield)$/i;
const longestWordBefore = 6;

/**
 * Whether three quotes close what was never opened: right behind a word, a bracket or the end of a sentence no text
 * can begin.
 */
export function opensNothing(text: string, at: number): boolean {
  const code = text.charCodeAt(at - 1);
  // . ! ? ) ] }
  if (code === 46 || code === 33 || code === 63 || code === 41 || code === 93 || code === 125) return true;
  let start = at;
  while (start > 0 && at - start <= longestWordBefore && isWord(text.charCodeAt(start - 1))) start--;
  return start < at && !wordsBefore.test(text.slice(start, at));
}

function isWord(code: number): boolean {
  return (
    (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || (code >= 48 && code <= 57) || code === 95 || code > 127
  );
}

/**
 * How far the text inside of three quotes goes that begin at `at` and are the statement of their line: to `end`, or to the end of the line
 * before a function or class that is less indented. One that documents a function has no such thing in it: its end was broken, or it is the end of another.
 */
export function statementEnd(text: string, at: number, end: number): number {
  const column = columnIfFirst(text, at);
  if (column === undefined || column === 0) return end;
  for (let line = nextLine(text, at, end); line < end; line = nextLine(text, line, end)) {
    let word = line;
    while (word - line < column && isSpace(text.charCodeAt(word))) word++;
    if (word - line >= column || !isLetterOfDefinition(text.charCodeAt(word))) continue;
    if (isSurelyDefined(text.slice(word, Math.min(end, word + longestLook)))) return lineBreakBefore(text, line);
  }
  return end;
}

/** How far what stands at an offset is indented, where it, or the letters in front of its quotes, are the first on the line. */
function columnIfFirst(text: string, at: number): number | undefined {
  let first = at;
  while (at - first < 2 && /[rbuft]/i.test(text.charAt(first - 1))) first--;
  let start = first;
  while (start > 0 && isSpace(text.charCodeAt(start - 1))) start--;
  const code = start === 0 ? 10 : text.charCodeAt(start - 1);
  return code === 10 || code === 13 ? first - start : undefined;
}

function isSpace(code: number): boolean {
  return code === 32 || code === 9;
}

/** a, c and d. */
function isLetterOfDefinition(code: number): boolean {
  return code === 97 || code === 99 || code === 100;
}

/** The beginning of the line behind an offset; `end` where there is none before it. */
function nextLine(text: string, from: number, end: number): number {
  let at = from;
  while (at < end && text.charCodeAt(at) !== 10 && text.charCodeAt(at) !== 13) at++;
  if (at >= end) return end;
  return text.charCodeAt(at) === 13 && text.charCodeAt(at + 1) === 10 ? at + 2 : at + 1;
}

function lineBreakBefore(text: string, line: number): number {
  return text.charCodeAt(line - 1) === 10 && text.charCodeAt(line - 2) === 13 ? line - 2 : line - 1;
}

/** Whether a line, from its first word on, can be nothing else. */
export function isSurelyDefined(line: string): boolean {
  return surelyDefined.test(line);
}

/** Behind the quotes that close a long text; its end when none do. */
export function longEnd(text: string, from: number, quotes: string): number {
  for (let at = from; ; ) {
    const end = text.indexOf(quotes, at);
    if (end < 0) return text.length;
    let slashes = 0;
    while (end - slashes > from && text.charCodeAt(end - slashes - 1) === 92) slashes++;
    if (slashes % 2 === 0) return end + 3;
    at = end + 1;
  }
}
