// Prefixes: what loggers and supervisors put before the words of a line (time, level, process), taken off and told.
import { printedBy, type ShownLine } from './records.ts';

export type Level = 'debug' | 'info' | 'warning' | 'error';

/** A line of a log as its program meant it. */
export interface BodyLine {
  /** 0-based index among the shown lines. */
  readonly index: number;
  /** Without prefix, with its own indentation. */
  readonly body: string;
  readonly level?: Level;
  readonly logger?: string;
  /** True when a logger's prefix was taken off: the line begins a record. */
  readonly begins: boolean;
  /** Which process wrote it, when several write into one log (`(fit pid=12)`, `[rank0]`); else empty. */
  readonly stream: string;
}

const levelWord = '(?:DEBUG|TRACE|INFO|NOTICE|WARN|WARNING|ERROR|CRITICAL|FATAL|SEVERE)';
const date = '\\d{4}-\\d\\d-\\d\\d[T ]\\d\\d:\\d\\d:\\d\\d(?:[.,]\\d{1,9})?(?:Z|[+-]\\d\\d:?\\d\\d)?';

interface PrefixRule {
  readonly pattern: RegExp;
  /** `record`: a logger's own; `stream`: names the process; `nothing`: stands on every line, continuations too. */
  readonly gives: 'record' | 'stream' | 'nothing';
}

const rules: readonly PrefixRule[] = [
  // Airflow 2: [2026-11-20T00:00:05.123+0000] {validation.py:31} ERROR - words
  { pattern: new RegExp(`^\\[${date}\\] \\{([^}]{0,200})\\} (${levelWord}) - `), gives: 'record' },
  // Kubernetes: 2026-11-20T00:00:05.123456789Z stderr F words
  { pattern: new RegExp(`^${date} std(?:out|err) [FP] `), gives: 'nothing' },
  // log4j: 2026-11-20 00:00:05,123 [main] ERROR com.acme.Score - words
  {
    pattern: new RegExp(`^${date} \\[[^\\]]{1,100}\\] (${levelWord})\\s+(?:([\\w.$]{1,100}) ?[-:] )?`),
    gives: 'record',
  },
  // Python: 2026-11-20 00:00:05,123 - churn - ERROR - words
  { pattern: new RegExp(`^${date} - ([\\w.]{1,100}) - (${levelWord}) - `), gives: 'record' },
  // Python, MLflow: 2026/11/20 00:00:05 WARNING mlflow.sklearn: words; also with - and without a logger
  {
    pattern: new RegExp(
      `^\\[?(?:${date}|\\d{2,4}/\\d\\d/\\d\\d \\d\\d:\\d\\d:\\d\\d)\\]?,?\\s{1,3}\\[?(${levelWord})\\]?:?\\s{1,5}(?:([A-Za-z_$][\\w.$-]{0,100}): )?`,
    ),
    gives: 'record',
  },
  // Ray's own: [2026-11-20 00:00:05,123 E 1 1] (raylet) node_manager.cc:3107: words
  {
    pattern: new RegExp(`^\\[${date} ([IWEF]) \\d+ \\d+\\] (?:\\(\\w+\\) )?(?:[\\w.]{1,60}\\.cc:\\d+: )?`),
    gives: 'record',
  },
  // Time alone: 2026-11-20 00:00:05,123 words
  { pattern: new RegExp(`^\\[?${date}\\]?[ :]`), gives: 'record' },
  // dbt's log file: 00:00:05.123456 [error] [MainThread]: words
  { pattern: /^\d\d:\d\d:\d\d\.\d{6} \[(debug|info|warn|error) *\] \[[^\]]{1,80}\]: ?/, gives: 'record' },
  // Our own reading of JSON lines: 00:00:05 ERROR words; dbt: 00:00:05  words
  { pattern: new RegExp(`^\\d\\d:\\d\\d:\\d\\d(?:\\.\\d+)? (?:(${levelWord}) | )`), gives: 'record' },
  // Python without configuration: ERROR:churn.validation:words
  { pattern: new RegExp(`^(${levelWord}):([\\w.]{1,100}):`), gives: 'record' },
  // A bare level: ERROR words, [ERROR] words, ERROR: words
  { pattern: new RegExp(`^\\[?(${levelWord})\\]?:? (?:- )?`), gives: 'record' },
  // glog: E1120 00:00:05.123456 1234 file.cc:12] words
  { pattern: /^([IWEF])\d{4} \d\d:\d\d:\d\d\.\d+ +\d+ [^\]]{1,100}\] /, gives: 'record' },
  // Ray: (fit pid=12, ip=10.0.0.4) words; (raylet) words
  {
    pattern:
      /^\((?:[\w.<>:-]{1,80} )?(?:pid=\d+(?:, ip=[\da-f.:]+)?|raylet|gcs_server|autoscaler)(?:, ip=[\da-f.:]+)?\) /,
    gives: 'stream',
  },
  // torchrun: [rank0]: words; Airflow's pod operator: [base] words; docker compose: worker_1  | words
  { pattern: /^\[(?:rank|default)\d{1,4}\]: ?/, gives: 'stream' },
  { pattern: /^\[base\] ?/, gives: 'nothing' },
  { pattern: /^[\w.-]{1,60}_\d+ +\| /, gives: 'stream' },
];
const mostPrefixes = 4;
/** Exception groups draw a frame at the left. */
const groupFrame = /^ {2,40}(?:\| ?|\+ (?=Exception Group))/;

/** Linear: every pattern is anchored and bounded. */
export function bodies(lines: readonly ShownLine[]): readonly BodyLine[] {
  return lines.map((line, index) => bodyOf(line, index));
}

function bodyOf(line: ShownLine, index: number): BodyLine {
  const printed = line.logger !== undefined && printedBy.test(line.logger);
  let body = printed ? line.text.replace(/^\d\d:\d\d:\d\d {2}/, '') : line.text;
  let level = levelOf(line.level);
  let logger = printed ? undefined : line.logger;
  let begins = false;
  let stream = '';
  for (let taken = 0; taken < mostPrefixes; taken++) {
    const found = firstMatch(body);
    if (!found) break;
    const [{ gives }, match] = found;
    if (gives === 'stream') stream = match[0];
    else if (gives === 'record') begins = true;
    for (const part of match.slice(1)) {
      const told = levelOf(part);
      if (told) level = told;
      else if (part) logger = part;
    }
    body = body.slice(match[0].length);
  }
  return { index, body: body.replace(groupFrame, ''), level, logger, begins, stream };
}

function firstMatch(body: string): readonly [PrefixRule, RegExpExecArray] | undefined {
  // Most lines of a long log are continuations: they begin with a space and have no prefix.
  if (body === '' || body.startsWith(' ') || body.startsWith('\t')) return undefined;
  for (const rule of rules) {
    const match = rule.pattern.exec(body);
    if (match) return [rule, match];
  }
  return undefined;
}

function levelOf(word: string | undefined): Level | undefined {
  switch (word?.toUpperCase()) {
    case 'DEBUG':
    case 'TRACE':
      return 'debug';
    case 'INFO':
    case 'NOTICE':
    case 'I':
      return 'info';
    case 'WARN':
    case 'WARNING':
    case 'W':
      return 'warning';
    case 'ERROR':
    case 'CRITICAL':
    case 'FATAL':
    case 'SEVERE':
    case 'E':
    case 'F':
      return 'error';
    default:
      return undefined;
  }
}
