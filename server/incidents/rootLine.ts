// Root line: which line of a log says why it went wrong; every line that might is weighed, the best one wins.
import type { RootLine } from '../protocol/incident.ts';
import { type JavaTrace, javaTraces } from './log/javaTraces.ts';
import { type BodyLine, bodies } from './log/prefixes.ts';
import { ownFrame, type PythonTrace, pythonTraces, type TraceFrame } from './log/pythonTraces.ts';
import type { ShownLine } from './log/records.ts';
import * as signs from './log/signs.ts';

export type RootKind = 'exception' | 'tool' | 'death' | 'error' | 'warning';

export interface PickedRoot {
  /** `line` is 1-based among the lines that were given. */
  readonly root: RootLine;
  readonly kind: RootKind;
  /** False when it is only the best there is: a warning of a library, a record that says no more than that it failed. */
  readonly telling: boolean;
  /** Of the exception that it names, outermost first. */
  readonly frames: readonly TraceFrame[];
  /** The innermost of them that is not a library's; if there is none, that of what came of it. */
  readonly own?: TraceFrame;
}

interface Candidate {
  readonly index: number;
  readonly score: number;
  readonly kind: RootKind;
  readonly reason: string;
  readonly frames: readonly TraceFrame[];
  readonly own?: TraceFrame;
  /** Of equal ones, which is nearer to the cause. */
  readonly prefer: 'first' | 'last';
}

const maxText = 500;
const weak = 40;

/** Undefined when nothing in the log speaks of trouble. Linear in the size of the log. */
export function pickRoot(shown: readonly ShownLine[]): PickedRoot | undefined {
  const lines = bodies(shown);
  const traces = tracesOf(lines);
  const inTrace = covered(lines.length, traces);
  const candidates = [...traces.map((trace) => traceCandidate(trace, lines)), ...lineCandidates(lines, inTrace)];
  const overtaken = overtake(candidates, lines);
  const best = winner(lastAttempt(overtaken, lines));
  if (!best) return undefined;
  const text = (lines[best.index]?.body ?? '').trim().slice(0, maxText);
  const root = { line: best.index + 1, text, reason: best.reason };
  return { root, kind: best.kind, telling: best.score > 20, frames: best.frames, own: best.own };
}

// region Traces
interface Trace {
  readonly from: number;
  readonly to: number;
  /** 0-based line to show; the head of a traceback that was cut off. */
  readonly index: number;
  readonly head: BodyLine;
  /** Texts of the exceptions in it, first cause first. */
  readonly root: string;
  readonly last: string;
  readonly frames: readonly TraceFrame[];
  readonly own?: TraceFrame;
  readonly chained: number;
  readonly complete: boolean;
  readonly sibling: boolean;
}

function tracesOf(lines: readonly BodyLine[]): readonly Trace[] {
  const streams = Map.groupBy(lines, ({ stream }) => stream);
  return [...streams.values()]
    .flatMap((stream) => joined(pythonTraces(stream), javaTraces(stream)))
    .sort((a, b) => a.from - b.from);
}

/** A Python traceback in a Java message, and a Java trace in a Python message, are one trouble: the innermost tells it. */
function joined(python: readonly PythonTrace[], java: readonly JavaTrace[]): readonly Trace[] {
  const traces: Trace[] = [];
  let next = 0;
  for (const trace of python) {
    while (next < java.length && (java[next]?.to ?? 0) < trace.from) traces.push(ofJava(java[next++] as JavaTrace));
    let inner: JavaTrace | undefined;
    while (next < java.length && (java[next]?.from ?? 0) <= Math.max(trace.to, trace.messageTo)) inner = java[next++];
    const deeper = inner && !trace.inJava && inner.from >= (trace.exception?.index ?? 0);
    traces.push(deeper && inner ? around(trace, inner) : ofPython(trace));
  }
  for (; next < java.length; next++) traces.push(ofJava(java[next] as JavaTrace));
  return traces;
}

function ofPython(trace: PythonTrace): Trace {
  const { from, to, head, exception, last, frames, laterFrames, chained, sibling } = trace;
  const own = ownFrame(frames) ?? ownFrame(laterFrames);
  const root = exception?.body ?? '';
  const complete = exception !== undefined;
  const index = exception?.index ?? frames.at(-1)?.index ?? head.index;
  return { from, to, head, index, root, last: last?.body ?? root, frames, own, chained, complete, sibling };
}

function ofJava({ from, to, root, frames, chained }: JavaTrace): Trace {
  return {
    from,
    to,
    head: root,
    index: root.index,
    root: root.body,
    last: root.body,
    frames,
    chained,
    complete: true,
    sibling: false,
  };
}

function around(trace: PythonTrace, inner: JavaTrace): Trace {
  const chained = trace.chained + inner.chained;
  return {
    ...ofPython(trace),
    to: Math.max(trace.to, inner.to),
    index: inner.root.index,
    root: inner.root.body,
    chained,
  };
}

function traceCandidate(trace: Trace, lines: readonly BodyLine[]): Candidate {
  const { own } = trace;
  const place = own ? ` in ${own.function ?? 'the code'} (${own.file.split(/[/\\]/).at(-1)}:${own.line})` : '';
  const chain = trace.chained > 1 ? `; first cause of ${trace.chained} chained exceptions` : '';
  const reason = trace.complete
    ? `Exception raised${place}${chain}`
    : `Traceback${place}, cut off before its exception`;
  return {
    index: trace.index,
    score: traceScore(trace, lines),
    kind: 'exception',
    reason,
    frames: trace.frames,
    own,
    prefer: 'last',
  };
}

function traceScore(trace: Trace, lines: readonly BodyLine[]): number {
  const above = [lines[trace.from], lines[trace.from - 1]].filter((line) => line !== undefined);
  const headLevel = recordAbove(lines, trace.from)?.level;
  if (above.some(({ body }) => signs.byTheWay.test(body))) return 20;
  if (!trace.complete) return 44;
  if (trace.chained === 1 && signs.reportsAnother.test(trace.root)) return weak;
  if (headLevel === 'debug') return 20;
  const after = lines.slice(trace.to + 1, trace.to + 4);
  if (after.some((line) => line.level !== 'error' && signs.wentOn.test(line.body))) return 45;
  if (above.some((line) => line.level !== 'error' && signs.wentOn.test(line.body))) return 45;
  if (headLevel === 'warning') return 46;
  if (trace.sibling) return 90;
  return above.some(({ body }) => /Task failed with exception|Uncaught exception/i.test(body)) ? 110 : 100;
}

/** The record that a line belongs to: itself, or the nearest one above that a logger began. */
function recordAbove(lines: readonly BodyLine[], index: number): BodyLine | undefined {
  for (let at = index; at >= 0 && at > index - 5; at--) if (lines[at]?.begins) return lines[at];
  return undefined;
}

function covered(length: number, traces: readonly Trace[]): Uint8Array {
  const inside = new Uint8Array(length);
  for (const { from, to } of traces) inside.fill(1, from, to + 1);
  return inside;
}
// endregion

// region Lines
function lineCandidates(lines: readonly BodyLine[], inTrace: Uint8Array): readonly Candidate[] {
  return lines.flatMap((line): Candidate[] => {
    const found =
      death(line) ??
      (inTrace[line.index] ? undefined : (toolError(lines, line) ?? errorLine(line) ?? warningLine(line)));
    return found ? [{ index: line.index, frames: [], ...found }] : [];
  });
}

type Weighed = Omit<Candidate, 'index' | 'frames'> & { readonly index?: number };

function death({ body, level }: BodyLine): Weighed | undefined {
  if (body.length > 2000) return undefined;
  const sign = signs.deaths.find(({ pattern }) => pattern.test(body));
  // "exit code 137" in the words of an info record may be any number; the system's own words have no level.
  if (!sign || level === 'debug') return undefined;
  return { score: sign.score, kind: 'death', reason: sign.reason, prefer: 'last' };
}

function toolError(lines: readonly BodyLine[], line: BodyLine): Weighed | undefined {
  if (!signs.dbtError.test(line.body)) {
    if (!signs.dbtLine.test(line.body)) return undefined;
    return { score: 55, kind: 'tool', reason: 'dbt says that this node failed', prefer: 'first' };
  }
  const why = detailOf(lines, line);
  return {
    index: why.index,
    score: 90,
    kind: 'tool',
    reason: `dbt: ${line.body.trim().slice(0, 200)}`,
    prefer: 'first',
  };
}

/** The first line that still belongs to the header (deeper, or of the same record) says why; the header when there is none. */
function detailOf(lines: readonly BodyLine[], header: BodyLine): BodyLine {
  const depth = indentation(header.body);
  for (let at = header.index + 1; at <= header.index + 3; at++) {
    const line = lines[at];
    if (!line || line.body.trim() === '' || signs.dbtError.test(line.body)) continue;
    return !line.begins || indentation(line.body) > depth ? line : header;
  }
  return header;
}

function indentation(text: string): number {
  return text.length - text.trimStart().length;
}

function errorLine(line: BodyLine): Weighed | undefined {
  const { body, level } = line;
  const tagged = level === 'error' && line.begins;
  if (level === 'debug' || (!tagged && !signs.errorWords.test(body))) return undefined;
  if (body.trim() === '') return undefined;
  if (signs.saysOnlyFailed.test(body))
    return {
      score: 10,
      kind: 'error',
      reason: 'It only says that the run failed; the log holds no other error',
      prefer: 'last',
    };
  if (signs.byTheWay.test(body))
    return { score: 12, kind: 'error', reason: 'The only error in the log', prefer: 'first' };
  const score = signs.wentOn.test(body) ? 42 : tagged ? 50 : 47;
  return {
    score,
    kind: 'error',
    reason: 'First line of the last errors; the log has no traceback that matters more',
    prefer: 'first',
  };
}

function warningLine(line: BodyLine): Weighed | undefined {
  const { body, level, logger } = line;
  if (level !== 'warning' && !/\bWarning: \S/.test(body)) return undefined;
  const reason = 'The log has no error; this is its first warning of your own code';
  if (signs.housekeeping.test(body) || signs.saysOnlyFailed.test(body) || signs.byTheWay.test(body))
    return { score: 5, kind: 'warning', reason: 'The log has no error; this is a warning in it', prefer: 'first' };
  if (logger !== undefined && signs.foreignLogger.test(logger))
    return { score: 15, kind: 'warning', reason: 'The log has no error; this is its first warning', prefer: 'first' };
  return { score: 25, kind: 'warning', reason, prefer: 'first' };
}
// endregion

// region Choice
/** A process that went on working after a traceback and then died was not ended by that traceback. */
function overtake(candidates: readonly Candidate[], lines: readonly BodyLine[]): readonly Candidate[] {
  const last = candidates.findLast(({ kind }) => kind === 'death');
  if (!last) return candidates;
  const worked = new Uint32Array(lines.length + 1);
  for (const line of lines) worked[line.index + 1] = (worked[line.index] ?? 0) + (isWork(line) ? 1 : 0);
  return candidates.map((candidate) => {
    if (candidate.kind !== 'exception' || candidate.index > last.index || candidate.score <= weak) return candidate;
    const between = (worked[last.index] ?? 0) - (worked[candidate.index + 1] ?? 0);
    return between >= 2 ? { ...candidate, score: 48 } : candidate;
  });
}

/** A record of the user's own program about its work. */
function isWork({ level, begins, logger, body }: BodyLine): boolean {
  if (level !== 'info' || !begins || signs.saysOnlyFailed.test(body)) return false;
  return logger === undefined || !signs.foreignLogger.test(logger);
}

/** What the last attempt says, unless it says nothing much. */
function lastAttempt(candidates: readonly Candidate[], lines: readonly BodyLine[]): readonly Candidate[] {
  const begin = lines.findLastIndex(({ body }) => signs.attemptBegins.test(body.trim()));
  const later = candidates.filter(({ index }) => index > begin);
  return later.some(({ score }) => score >= weak) ? later : candidates;
}

function winner(candidates: readonly Candidate[]): Candidate | undefined {
  let best: Candidate | undefined;
  const most = candidates.reduce((score, candidate) => Math.max(score, candidate.score), 0);
  for (const candidate of candidates.filter(({ score }) => score === most).sort((a, b) => a.index - b.index)) {
    if (!best || candidate.prefer === 'last' || candidate.index - best.index > clusterGap(best)) best = candidate;
  }
  return best;
}

/** Plain errors far from each other are different troubles, of which the last one ended the run. */
function clusterGap({ kind }: Candidate): number {
  return kind === 'error' ? 30 : Number.POSITIVE_INFINITY;
}
// endregion
