// logs RUN: the log of a run, at the line that explains it.
import * as answers from '../answers.ts';
import type { Answer, CommandContext } from './run.ts';

const linesBefore = 30;
const linesAfter = 10;

/** RUN is a run's id, or an incident's, whose explaining run is then shown. Exit 3 when there is no log to read. */
export async function logs({ session, line }: CommandContext): Promise<Answer> {
  const [subject = ''] = line.subjects;
  const chain = subject.startsWith('run:') ? undefined : await answers.explainIncident(session, subject);
  const run = chain?.log?.run ?? subject;
  const window = await answers.log(session, { run, file: chain?.log?.file });
  if ('problem' in window) return { json: { chain, ...window }, words: `${window.problem}\n`, exit: 3 };
  const lines = window.text.split('\n');
  const root = window.reveal ?? lines.length - 1;
  const from = Math.max(0, root - linesBefore);
  const shown = lines
    .slice(from, root + linesAfter + 1)
    .map((text, index) => `${from + index === root ? '>' : ' '} ${text}`);
  const head = `${window.title}, ${window.file}\n`;
  return { json: { chain, log: window }, words: `${head}${shown.join('\n')}\n`, exit: 0 };
}
