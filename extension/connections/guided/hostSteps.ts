// Host steps: which host and which of its log files, for a connection by ssh.
import { hostProblem, hostUrl, patternsIn, patternsProblem } from './hostAddress.ts';
import { line, type Step } from './steps.ts';

/** The answers so far. */
export interface HostDraft {
  tool: string;
  url: string;
  logs: readonly string[];
}

export function hostSteps(draft: HostDraft): readonly Step[] {
  return [
    {
      applies: () => draft.tool === 'ssh',
      async ask(frame) {
        const given = await line(frame, {
          prompt: 'Host, as you type it after ssh; your own ssh connects, with your configuration, keys and agent',
          placeholder: 'worker-1',
          value: draft.url.replace(/^ssh:\/\//, ''),
          problem: hostProblem,
        });
        if (given.move === 'next') draft.url = hostUrl(given.value);
        return given.move;
      },
    },
    {
      applies: () => draft.tool === 'ssh',
      async ask(frame) {
        const given = await line(frame, {
          prompt:
            'Log files that may be read there: path patterns with blanks between them; rotated parts belong to them',
          placeholder: '/var/log/churn/*.log ~/logs/*.log',
          value: draft.logs.join(' '),
          problem: patternsProblem,
        });
        if (given.move === 'next') draft.logs = patternsIn(given.value);
        return given.move;
      },
    },
  ];
}
