// logs RUN: the log of a run, at the line that explains it.
import * as answers from '../answers.ts';
import { logName } from '../catalog/run.ts';
import type { EvidenceChain, LogWindow } from '../protocol/incident.ts';
import type { Answer, CommandContext } from './run.ts';

const linesBefore = 30;
const linesAfter = 10;

/** Either a log or the problem that there is none. */
export interface LogsJson {
  /** From the incident asked for to the run; absent when a run was asked for. */
  readonly chain?: EvidenceChain;
  readonly log?: LogWindow;
  readonly problem?: string;
}

/** RUN is a run's id, or an incident's, whose explaining run is then shown. Exit 3 when there is no log to read. */
export async function logs({ session, line }: CommandContext): Promise<Answer> {
  const [subject = ''] = line.subjects;
  const chain = subject.startsWith('run:') ? undefined : await answers.explainIncident(session, subject);
  const run = chain?.log?.run ?? subject;
  const window = await answers.log(session, { run, file: chain?.log?.file, at: chain?.log?.at });
  if ('problem' in window) {
    const json: LogsJson = { chain, problem: window.problem };
    return { json, words: `${window.problem}\n`, exit: 3 };
  }
  const lines = window.text.split('\n');
  const root = window.reveal ?? lines.length - 1;
  const from = Math.max(0, root - linesBefore);
  const shown = lines
    .slice(from, root + linesAfter + 1)
    .map((text, index) => `${from + index === root ? '>' : ' '} ${text}`);
  const head = `${window.title}, ${logName(window.file)}\n`;
  const json: LogsJson = { chain, log: window };
  return { json, words: `${head}${shown.join('\n')}\n`, exit: 0 };
}
