// Index worker: reads and summarises closed files in a process of its own; for a whole workspace threads of it help, which run this, too.
import { parentPort, workerData } from 'node:worker_threads';
import { startedByUs } from '../../../world/ownProcess.ts';
import type { FromIndexWorker, ToIndexWorker } from './indexMessages.ts';
import { Reader } from './reader.ts';
import { helping } from './wholeWorkspace.ts';

let queue = Promise.resolve();

if (workerData) {
  const help = helping(workerData, (results) => parentPort?.postMessage(results));
  parentPort?.on('message', (batch) => {
    queue = queue.then(() => help(batch));
  });
} else {
  const post = startedByUs<ToIndexWorker, FromIndexWorker>((message) => {
    if (message.type === 'taken') reader.taken(message.answers);
    else if (message.type === 'pause') reader.pause(message.paused);
    else queue = queue.then(() => reader.answer(message));
  });
  const reader = new Reader(post, new URL(import.meta.url));
}
