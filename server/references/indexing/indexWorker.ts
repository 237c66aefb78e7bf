// Index worker: reads and summarises closed files off the request thread.
import { parentPort } from 'node:worker_threads';
import { stepBack } from '../../world/priority.ts';
import type { ToIndexWorker } from './indexMessages.ts';
import { summarizeFiles, summarizeFolders } from './summarizeFiles.ts';

stepBack();

const mostAhead = 4;
const signal = new AbortController().signal;
let queue = Promise.resolve();
let ahead = 0;
let goOn: () => void = () => {};

parentPort?.on('message', (message: ToIndexWorker) => {
  if (message.type === 'taken') {
    ahead -= message.answers;
    goOn();
  } else queue = queue.then(() => answer(message));
});

async function answer(message: Exclude<ToIndexWorker, { readonly type: 'taken' }>): Promise<void> {
  const batches =
    message.type === 'folders' ? summarizeFolders(message.folders, signal) : summarizeFiles(message.files, signal);
  for await (const batch of batches) {
    ahead++;
    parentPort?.postMessage(batch);
    while (ahead >= mostAhead) await new Promise<void>((resolve) => (goOn = resolve));
  }
}
