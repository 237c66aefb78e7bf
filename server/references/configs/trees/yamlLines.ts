// YAML lines: a text cut into documents and entries by indentation alone, so that each is parsed by itself and a mistake stays in it.

/** A run of lines that is parsed by itself; or, when it is long, a key with the entries below it. */
export interface YamlPart {
  /** Offsets in the text. */
  readonly from: number;
  readonly to: number;
  /** Set for `key:` with its entries on lines of their own; `from`..`keyTo` is then what is parsed of it. */
  readonly keyTo?: number;
  readonly parts?: readonly YamlPart[];
}

export interface YamlCut {
  /** As long as the text itself: what templates write into it is covered. */
  readonly masked: string;
  /** The parts of each document. */
  readonly documents: readonly (readonly YamlPart[])[];
}

interface Line {
  readonly from: number;
  /** Without the line end. */
  readonly to: number;
  readonly indent: number;
  /** Blank, a comment, inside of a block scalar, or nothing but a template. */
  readonly silent: boolean;
}

/** Lines of an entry that is parsed as a whole. */
const longestPart = 60;
const deepestCut = 8;

export function cutYaml(text: string): YamlCut {
  const templated = text.includes('{{') || text.includes('{%') || text.includes('{#');
  const { lines, masked, breaks } = readLines(text, templated);
  const documents: (readonly YamlPart[])[] = [];
  let first = 0;
  for (const at of [...breaks, lines.length]) {
    const parts = cut(text, lines, first, at, 0);
    if (parts.length > 0) documents.push(parts);
    first = at + 1;
  }
  return { masked, documents };
}

/** `breaks` are the lines that end a document. */
function readLines(text: string, templated: boolean): { lines: Line[]; masked: string; breaks: number[] } {
  const lines: Line[] = [];
  const pieces: string[] = [];
  const breaks: number[] = [];
  let block = -1;
  for (let from = 0; from < text.length; ) {
    const end = lineEnd(text, from);
    const next = text.charCodeAt(end) === 13 && text.charCodeAt(end + 1) === 10 ? end + 2 : end + 1;
    let at = from;
    while (at < end && text.charCodeAt(at) === 32) at++;
    const indent = at - from;
    const code = text.charCodeAt(at);
    const blank = at === end || code === 13;
    if (!blank && block >= 0 && indent <= block) block = -1;
    const inBlock = block >= 0;
    const wholly = !inBlock && templated && isWholeTemplate(text, at, end);
    const divides = !inBlock && indent === 0 && /^(?:---|\.\.\.)(?:\s|$)/.test(text.slice(at, Math.min(end, at + 4)));
    const directive = code === 37 && indent === 0 && !inBlock;
    if (divides) breaks.push(lines.length);
    const silent = blank || inBlock || wholly || divides || directive || code === 35;
    if (wholly || directive) pieces.push(' '.repeat(end - from), text.slice(end, next));
    else if (inBlock || !templated) pieces.push(text.slice(from, next));
    else pieces.push(maskHoles(text.slice(from, end)), text.slice(end, next));
    lines.push({ from, to: end, indent, silent });
    if (!silent) {
      const header = blockHeader(text, at, end);
      if (header >= 0) block = indent + header;
    }
    from = next;
  }
  return { lines, masked: pieces.join(''), breaks };
}

function lineEnd(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  const to = end < 0 ? text.length : end;
  return to > from && text.charCodeAt(to - 1) === 13 ? to - 1 : to;
}

/** Nothing but `{{ … }}` or `{% … %}`: what Helm and Jinja put between the lines. */
function isWholeTemplate(text: string, at: number, end: number): boolean {
  const start = text.slice(at, at + 2);
  if (start !== '{{' && start !== '{%' && start !== '{#') return false;
  let to = end;
  while (to > at && text.charCodeAt(to - 1) <= 32) to--;
  const last = text.slice(to - 2, to);
  return last === '}}' || last === '%}' || last === '#}';
}

/** A private character, so that it is no sign of YAML's. */
export const hole = '\ue0f0';

/** `{{ … }}` and `{% … %}` within the line, each character of them a hole. */
function maskHoles(line: string): string {
  let masked = line;
  for (let at = masked.indexOf('{'); at >= 0; at = masked.indexOf('{', at + 1)) {
    const sign = masked.charAt(at + 1);
    if (sign !== '{' && sign !== '%') continue;
    const end = holeEnd(masked, sign === '{' ? '}}' : '%}', at + 2);
    if (end < 0) return masked;
    masked = masked.slice(0, at) + hole.repeat(end + 2 - at) + masked.slice(end + 2);
    at = end + 1;
  }
  return masked;
}

/** The end that does not stand in quotes, as in `{{ "{{ $x }}" }}`; else the first. */
function holeEnd(line: string, closes: string, from: number): number {
  const first = line.indexOf(closes, from);
  for (let at = from; at < line.length; at++) {
    const sign = line.charAt(at);
    if (line.startsWith(closes, at)) return at;
    if (sign !== '"' && sign !== '`') continue;
    const end = line.indexOf(sign, at + 1);
    if (end < 0 || end - at > longestQuoted) return first;
    at = end;
  }
  return first;
}

const longestQuoted = 300;

/**
 * Whether the line ends with `|` or `>` of a block scalar; then how much further in than the line's own indentation
 * its parent stands (`- - key: |`), else -1.
 */
function blockHeader(text: string, at: number, end: number): number {
  let to = end;
  while (to > at && text.charCodeAt(to - 1) <= 32) to--;
  let tail = text.slice(Math.max(at, to - 80), to);
  const comment = tail.lastIndexOf(' #');
  if (comment > 0) tail = tail.slice(0, comment).trimEnd();
  if (!/(?:[:\-?] +(?:[!&][^\s]{1,60} +)?)[|>][-+0-9]{0,2}$/.test(tail) && !/^[|>][-+0-9]{0,2}$/.test(tail)) return -1;
  let inner = at;
  // The content of `- key: |` is further in than the dash; a plain `- |` has the dash itself as parent.
  while (text.charCodeAt(inner) === 45 && text.charCodeAt(inner + 1) === 32) {
    let after = inner + 1;
    while (text.charCodeAt(after) === 32) after++;
    const rest = text.charAt(after);
    if (rest === '|' || rest === '>') break;
    inner = after;
  }
  return inner - at;
}

/** Entries at the least indentation of these lines. */
function cut(text: string, lines: readonly Line[], first: number, end: number, depth: number): readonly YamlPart[] {
  let indent = Number.POSITIVE_INFINITY;
  for (let at = first; at < end; at++) {
    const line = lines[at];
    if (line && !line.silent && line.indent < indent) indent = line.indent;
  }
  const starts: number[] = [];
  for (let at = first; at < end; at++) {
    const line = lines[at];
    if (line && !line.silent && line.indent === indent && (starts.length === 0 || startsEntry(text, line)))
      starts.push(at);
  }
  const parts: YamlPart[] = [];
  for (let index = 0; index < starts.length; index++) {
    const start = starts[index] ?? 0;
    let stop = starts[index + 1] ?? end;
    const keyTo = keyEnd(text, lines[start]);
    // `key:` may be followed by a list that is not further in.
    if (keyTo !== undefined) {
      let last = index + 1;
      while (isDash(text, lines[starts[last] ?? -1]) && !isDash(text, lines[start])) last++;
      if (last > index + 1) {
        stop = starts[last] ?? end;
        index = last - 1;
      }
    }
    parts.push(part(text, lines, start, stop, keyTo, depth));
  }
  return parts;
}

function part(
  text: string,
  lines: readonly Line[],
  start: number,
  stop: number,
  keyTo: number | undefined,
  depth: number,
): YamlPart {
  const from = lines[start]?.from ?? 0;
  const to = stop < lines.length ? (lines[stop]?.from ?? text.length) : text.length;
  if (stop - start <= longestPart || keyTo === undefined || depth >= deepestCut) return { from, to };
  const parts = cut(text, lines, start + 1, stop, depth + 1);
  const [first] = parts;
  const line = first && lines[start + 1 + countBefore(lines, start + 1, first.from)];
  if (!line || (!startsEntry(text, line) && parts.length < 2)) return { from, to };
  return { from, to, keyTo, parts };
}

function countBefore(lines: readonly Line[], start: number, from: number): number {
  let at = start;
  while (at < lines.length && (lines[at]?.from ?? 0) < from) at++;
  return at - start;
}

function isDash(text: string, line: Line | undefined): boolean {
  if (!line) return false;
  const at = line.from + line.indent;
  return text.charCodeAt(at) === 45 && (at + 1 >= line.to || text.charCodeAt(at + 1) <= 32);
}

/** A dash, or something with a colon; closing brackets and the rest of a long text are no entry of their own. */
function startsEntry(text: string, line: Line): boolean {
  if (isDash(text, line)) return true;
  const body = text.slice(line.from + line.indent, Math.min(line.to, line.from + line.indent + 500));
  return /^[^\s\]}#,].*?:(?:\s|$)/.test(body) || /^\?\s/.test(body);
}

/** Where `key:` ends, for a line that has nothing but it and perhaps a comment or an anchor. */
function keyEnd(text: string, line: Line | undefined): number | undefined {
  if (!line || isDash(text, line)) return undefined;
  const body = text.slice(line.from, Math.min(line.to, line.from + 500));
  const match = /^ *(?:"[^"\\]*"|'[^']*'|[^\s"'#&*!|>{}[\]%@`,?-][^\s:#]*(?: [^\s:#]+)*):(?= *(?:#.*)?$)/.exec(body);
  return match ? line.from + match[0].length : undefined;
}
