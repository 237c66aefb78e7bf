// Java traces: stack traces of the JVM (Spark, Flink, services) and the deepest "Caused by" of each.
import type { BodyLine } from './prefixes.ts';
import type { TraceFrame } from './pythonTraces.ts';

export interface JavaTrace {
  /** 0-based indexes among the shown lines. */
  readonly from: number;
  readonly to: number;
  /** The deepest cause; the head itself when nothing is said to have caused it. */
  readonly root: BodyLine;
  readonly frames: readonly TraceFrame[];
  readonly chained: number;
}

const framePattern = /^\s*at (?:[\w.$-]+(?:@[\w.]+)?\/)?([\w$.<>]{1,300})\(([^():]{1,200})(?::(\d{1,9}))?\)/;
const morePattern = /^\s*\.\.\. \d+ (?:more|common frames omitted)/;
const causedBy = /^(\s*)Caused by: /;
const suppressed = /^(\s*)Suppressed: /;
const headPattern =
  /(?:^|[\s:"])(?:[a-z_$][\w$]*\.){1,15}[A-Z][\w$]*(?:Exception|Error|Throwable|Failure|Death)?[\w$]*(?::|$)/;
/** How far above the first frame its head may be, and how many lines of a message may lie between two parts. */
const headReach = 40;
const gapReach = 40;
const outward = /^\s*(?:at |\.\.\. |Caused by: |Suppressed: )/;

/** All traces of one stream of lines, in order. Linear: each line is looked at a bounded number of times. */
export function javaTraces(lines: readonly BodyLine[]): readonly JavaTrace[] {
  const traces: JavaTrace[] = [];
  let before = 0;
  for (let at = 0; at < lines.length; at++) {
    if (!framePattern.test(lines[at]?.body ?? '')) continue;
    const trace = traceAt(lines, before, at);
    traces.push(trace.found);
    at = trace.end - 1;
    before = trace.end;
  }
  return traces;
}

function traceAt(lines: readonly BodyLine[], notBefore: number, firstFrame: number): { found: JavaTrace; end: number } {
  const head = headOf(lines, notBefore, firstFrame);
  const outer = lines[head] as BodyLine;
  let root = outer;
  let rootFrames: TraceFrame[] = [];
  let aside: string | undefined;
  let chained = 1;
  let end = firstFrame;
  for (let at = firstFrame; at < lines.length && at - end <= gapReach; at++) {
    const line = lines[at];
    if (!line || (line.begins && at > head && !outward.test(line.body))) break;
    const cause = causedBy.exec(line.body);
    const side = suppressed.exec(line.body);
    if (side) aside = side[1] ?? '';
    else if (cause && (aside === undefined || (cause[1] ?? '').length < aside.length)) {
      aside = undefined;
      root = line;
      rootFrames = [];
      chained++;
    }
    const frame = frameOf(line);
    if (frame && aside === undefined) rootFrames.push(frame);
    if (frame || cause || side || morePattern.test(line.body)) end = at + 1;
  }
  const to = lines[end - 1]?.index ?? outer.index;
  return { found: { from: outer.index, to, root, frames: rootFrames, chained }, end: Math.max(end, firstFrame + 1) };
}

function headOf(lines: readonly BodyLine[], notBefore: number, firstFrame: number): number {
  const from = Math.max(notBefore, firstFrame - headReach);
  for (let at = firstFrame - 1; at >= from; at--) {
    const line = lines[at];
    if (line && headPattern.test(line.body)) return at;
    if (line?.begins) return at;
  }
  return Math.max(notBefore, firstFrame - 1, 0);
}

function frameOf(line: BodyLine): TraceFrame | undefined {
  const match = framePattern.exec(line.body);
  if (!match) return undefined;
  const [, name, file = '', number] = match;
  return { index: line.index, file, line: Number(number ?? 0), function: name };
}
