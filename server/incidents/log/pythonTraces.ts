// Python traces: the tracebacks of a log as chains, and which exception of a chain was the first cause.
import type { BodyLine } from './prefixes.ts';

/** A place in code that a log names. */
export interface TraceFrame {
  /** 0-based index of its line among the shown lines. */
  readonly index: number;
  /** As written. */
  readonly file: string;
  readonly line: number;
  readonly function?: string;
  /** The source text printed under it. */
  readonly source?: string;
}

/** How a block follows from the one before it in the text. */
type Link = 'none' | 'cause' | 'context' | 'nested' | 'sibling';

interface Block {
  readonly link: Link;
  readonly head: BodyLine;
  readonly frames: readonly TraceFrame[];
  /** The line that names the exception; absent when the log breaks off before it. */
  readonly exception?: BodyLine;
  /** Position in the stream after the last line of it. */
  readonly end: number;
}

export interface PythonTrace {
  /** 0-based indexes among the shown lines. */
  readonly from: number;
  readonly to: number;
  readonly head: BodyLine;
  /** The first cause: its exception line, if the log has it, and frames. */
  readonly exception?: BodyLine;
  readonly frames: readonly TraceFrame[];
  /** Of the exceptions that came of it, for a first cause that never was in the user's code. */
  readonly laterFrames: readonly TraceFrame[];
  /** The exception that ended it all (the last of the chain). */
  readonly last?: BodyLine;
  /** How many exceptions are chained. */
  readonly chained: number;
  /** Stands inside a Java exception's message. */
  readonly inJava: boolean;
  /** 0-based index of the last line of the first cause's message. */
  readonly messageTo: number;
  /** A later member of an exception group. */
  readonly sibling: boolean;
}

const headPattern = /(?:^|\s)(?:Exception Group )?Traceback \(most recent call last\):\s*$/;
/** Ray prints a remote task's traceback under a head of its own. */
const rayHead = /(?:^|: )ray::[^\s(][^(]{0,200}\([^)]{0,500}\) \(pid=|(?:^|: )ray::\S.{0,200}\(pid=\d+/;
const framePattern = /^\s*(?:\| )?File "([^"\n]{1,1000})", line (\d{1,9})(?:, in (.{1,300}))?$/;
const causeText = 'The above exception was the direct cause of the following exception:';
const contextText = 'During handling of the above exception, another exception occurred:';
/** Where every line has a prefix (a subprocess), nothing marks the end of a message; it is looked for this far. */
const prefixedMessage = 30;
const groupRule = /^\s*\+-{0,2}\+?-{8,} (\d+) -{8,}/;
/** Expected misses: code that asks for forgiveness handles these on its way to something else. */
const expectedMiss =
  /^(?:[\w.]*\.)?(?:KeyError|AttributeError|ImportError|ModuleNotFoundError|IndexError|FileNotFoundError|StopIteration|NoResultFound|DoesNotExist|NoSuchKey|CacheMiss)\b/;
export const libraryPath =
  /[/\\](?:site-packages|dist-packages)[/\\]|[/\\]lib(?:64)?[/\\]python\d|^<|\.p[xy][xdi]$|[/\\]importlib[/\\]/;

/** All traces of one stream of lines, in order. Linear in the number of lines. */
export function pythonTraces(lines: readonly BodyLine[]): readonly PythonTrace[] {
  const traces: PythonTrace[] = [];
  for (let at = 0; at < lines.length; at++) {
    if (!isHead(lines[at])) continue;
    const blocks = chainAt(lines, at);
    const trace = traceOf(lines, blocks);
    traces.push(trace);
    at = Math.max(at, (blocks.at(-1)?.end ?? at + 1) - 1);
  }
  return traces;
}

function isHead(line: BodyLine | undefined): boolean {
  return line !== undefined && (headPattern.test(line.body) || rayHead.test(line.body));
}

/** The blocks of one chain, in the order of the text. */
function chainAt(lines: readonly BodyLine[], start: number): readonly Block[] {
  const blocks: Block[] = [];
  let at = start;
  let link: Link = followsGroupRule(lines, start) ? 'sibling' : 'none';
  for (;;) {
    const block = blockAt(lines, at, link);
    if (!block) return blocks;
    blocks.push(block);
    const { exception } = block;
    if (exception && rayHead.test(exception.body) && framePattern.test(lines[block.end]?.body ?? '')) {
      at = block.end - 1;
      link = 'nested';
      continue;
    }
    const next = joinedNext(lines, block.end, block.head.begins);
    if (!next) return blocks;
    at = next.at;
    link = next.link;
  }
}

function followsGroupRule(lines: readonly BodyLine[], at: number): boolean {
  const number = groupRule.exec(lines[at - 1]?.body ?? '')?.[1];
  return number !== undefined && number !== '1';
}

function blockAt(lines: readonly BodyLine[], start: number, link: Link): Block | undefined {
  const head = lines[start];
  if (!head) return undefined;
  const indent = /^\s*(?=Traceback)/.exec(head.body)?.[0].length ?? 0;
  const frames: TraceFrame[] = [];
  let at = start + 1;
  for (; at < lines.length; at++) {
    const line = lines[at];
    if (!line) break;
    const frame = framePattern.exec(line.body);
    if (frame) {
      const [, file = '', number = '0', name] = frame;
      const source = lines[at + 1]?.body;
      const printed = source !== undefined && !framePattern.test(source) && /^\s{2,}\S/.test(source);
      frames.push({
        index: line.index,
        file,
        line: Number(number),
        function: name,
        source: printed ? source.trim() : undefined,
      });
      continue;
    }
    const depth = /^\s*/.exec(line.body)?.[0].length ?? 0;
    if (line.body.trim() === '' ? !line.begins : depth > indent) continue;
    break;
  }
  const line = lines[at];
  // A record of the logger where the exception should stand: the traceback was cut off.
  const cut = line === undefined || (line.begins && !head.begins) || headPattern.test(line.body);
  return { link, head, frames, exception: cut ? undefined : line, end: cut ? at : at + 1 };
}

/** Looks over the rest of a message of several lines for the words that join the next traceback to this one. */
function joinedNext(
  lines: readonly BodyLine[],
  from: number,
  everyLineBegins: boolean,
): { readonly at: number; readonly link: Link } | undefined {
  const until = everyLineBegins ? Math.min(lines.length, from + prefixedMessage) : lines.length;
  for (let at = from; at < until; at++) {
    const line = lines[at];
    if (!line || isHead(line)) return undefined;
    const body = line.body.trim();
    if (body === causeText || body === contextText) {
      for (let head = at + 1; head <= at + 3; head++)
        if (isHead(lines[head])) return { at: head, link: body === causeText ? 'cause' : 'context' };
      return undefined;
    }
    if (line.begins && !everyLineBegins) return undefined;
  }
  return undefined;
}

function traceOf(lines: readonly BodyLine[], blocks: readonly Block[]): PythonTrace {
  const root = rootBlock(blocks);
  const first = blocks[0];
  const last = blocks.at(-1);
  const head = first?.head ?? ({ index: 0, body: '', begins: false, stream: '' } satisfies BodyLine);
  const position = blocks.indexOf(root ?? (first as Block));
  const following = blocks[position + 1];
  return {
    from: head.index,
    to: lines[(last?.end ?? 1) - 1]?.index ?? head.index,
    head,
    exception: root?.exception,
    frames: root?.frames ?? [],
    laterFrames: blocks.slice(position + 1).flatMap(({ frames }) => frames),
    last: last?.exception,
    chained: blocks.filter(({ link }) => link !== 'nested').length,
    inJava: /Exception: Traceback/.test(head.body),
    messageTo: following ? following.head.index : messageEnd(lines, root),
    sibling: first?.link === 'sibling',
  };
}

/** Index of the last line before the next record or traceback. */
function messageEnd(lines: readonly BodyLine[], block: Block | undefined): number {
  if (!block) return 0;
  let at = block.end;
  while (at < lines.length && !lines[at]?.begins && !isHead(lines[at])) at++;
  return lines[at - 1]?.index ?? block.head.index;
}

/**
 * Walks from what was seen last back to what came first, as long as the earlier exception is why the later one was
 * raised. Libraries raise their own exception anew (pandas: KeyError from KeyError): of two that say the same, the one
 * that came through the user's code shows more.
 */
function rootBlock(blocks: readonly Block[]): Block | undefined {
  let at = blocks.length - 1;
  for (; at > 0; at--) {
    const later = blocks[at];
    const earlier = blocks[at - 1];
    if (!later || !earlier || later.link === 'nested') break;
    if (later.link === 'context' && !raisedFor(earlier, later)) break;
  }
  const first = blocks[at];
  const same = blocks.slice(at).find(({ frames, exception }) => {
    return exception?.body.trim() === first?.exception?.body.trim() && ownFrame(frames) !== undefined;
  });
  return same ?? first;
}

/**
 * Implicit chaining only says that `later` came up while `earlier` was handled. A `raise` in the handler wraps the
 * earlier one. Where the handler went on to call something that failed by itself, and the earlier one was an expected
 * miss (a key that was not in the cache), the later one is the real trouble.
 */
function raisedFor(earlier: Block, later: Block): boolean {
  if (!earlier.exception || !expectedMiss.test(earlier.exception.body.trim())) return true;
  const raising = later.frames.at(-1);
  if (!raising) return true;
  const shared = earlier.frames.some((frame) => frame.file === raising.file && frame.function === raising.function);
  return shared && (raising.source === undefined || /^raise\b/.test(raising.source));
}

/** The innermost frame of the user's own code; undefined when all frames are of libraries. */
export function ownFrame(frames: readonly TraceFrame[]): TraceFrame | undefined {
  return frames.findLast((frame) => !libraryPath.test(frame.file));
}

/** Every `File "…", line N` of these lines, whether or not a whole traceback is around it. */
export function allFrames(lines: readonly BodyLine[], most: number): readonly TraceFrame[] {
  const frames: TraceFrame[] = [];
  for (const line of lines) {
    const match = framePattern.exec(line.body);
    if (!match) continue;
    const [, file = '', number = '0', name] = match;
    frames.push({ index: line.index, file, line: Number(number), function: name });
    if (frames.length >= most) break;
  }
  return frames;
}
