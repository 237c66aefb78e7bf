// OwnProcess: a program of ours that does long work in a process of its own, behind all others; its memory goes back to the system when it ends.
import { type ChildProcess, fork } from 'node:child_process';
import { stepBack } from './priority.ts';

export interface OwnProcessOptions<Answer> {
  readonly onMessage: (message: Answer) => void;
  /** It could not be started, or ended without being told to; said once. */
  readonly onFailed: (message: string) => void;
}

/** `Question` and `Answer` are what `v8.serialize` can write. */
export class OwnProcess<Question extends object, Answer> {
  readonly #child: ChildProcess;
  readonly #exited: Promise<void>;
  #isOver = false;

  constructor(program: URL, { onMessage, onFailed }: OwnProcessOptions<Answer>) {
    this.#child = fork(program, {
      serialization: 'advanced',
      // Most of what long work makes is gone soon, and its memory goes back when it ends: seldom collected, it is done sooner.
      execArgv: ['--disable-warning=ExperimentalWarning', '--max-semi-space-size=32'],
      // What goes to our own output is read by the editor. In an editor, the program that runs us is Electron.
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
    });
    if (this.#child.pid !== undefined) stepBack(this.#child.pid);
    const fail = (message: string): void => {
      if (this.#isOver) return;
      this.#isOver = true;
      onFailed(message);
    };
    this.#exited = new Promise((resolve) => {
      this.#child.on('error', (error) => {
        fail(error.message);
        if (this.#child.pid === undefined) resolve();
      });
      this.#child.on('exit', (code, signal) => {
        fail(`its process ended with ${signal ?? code}`);
        resolve();
      });
    });
    this.#child.on('message', (message) => {
      if (!this.#isOver) onMessage(message as Answer);
    });
  }

  /** Is lost when the process has ended; `onFailed` says so. */
  post(question: Question): void {
    if (!this.#isOver && this.#child.connected) this.#child.send(question, () => {});
  }

  /** At once, whatever it is doing. */
  async stop(): Promise<void> {
    this.#isOver = true;
    this.#child.kill('SIGKILL');
    await this.#exited;
  }
}

/** In the program: what answers, and ends it when whoever started it is gone. */
export function startedByUs<Question, Answer extends object>(
  onMessage: (question: Question) => void,
): (answer: Answer) => void {
  process.on('message', (message) => onMessage(message as Question));
  process.on('disconnect', () => process.exit());
  return (answer) => {
    process.send?.(answer, undefined, undefined, () => {});
  };
}
