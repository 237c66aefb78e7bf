// Index worker: reads and summarises closed files off the request thread; for a whole workspace it starts itself once more, to help.
import { parentPort, workerData } from 'node:worker_threads';
import { stepBack } from '../../../world/priority.ts';
import type { ToIndexWorker } from './indexMessages.ts';
import { Reader } from './reader.ts';
import { helping } from './wholeWorkspace.ts';

stepBack();

let queue = Promise.resolve();
const post = (message: unknown): void => parentPort?.postMessage(message);

if (workerData) {
  const help = helping(workerData, post);
  parentPort?.on('message', (batch) => {
    queue = queue.then(() => help(batch));
  });
} else {
  const reader = new Reader(post, new URL(import.meta.url));
  parentPort?.on('message', (message: ToIndexWorker) => {
    if (message.type === 'taken') reader.taken(message.answers);
    else if (message.type === 'pause') reader.pause(message.paused);
    else queue = queue.then(() => reader.answer(message));
  });
}
