// Index worker: reads and summarises closed files off the request thread.
import { parentPort } from 'node:worker_threads';
import { stepBack } from '../../world/priority.ts';
import type { ToIndexWorker } from './indexMessages.ts';
import { Reader } from './reader.ts';

stepBack();

const reader = new Reader((message) => parentPort?.postMessage(message));
let queue = Promise.resolve();

parentPort?.on('message', (message: ToIndexWorker) => {
  if (message.type === 'taken') reader.taken(message.answers);
  else if (message.type === 'pause') reader.pause(message.paused);
  else queue = queue.then(() => reader.answer(message));
});
