// Index worker: reads and summarises closed files off the request thread.
import { parentPort } from 'node:worker_threads';
import type { ToIndexWorker } from './indexMessages.ts';
import { summarizeFiles, summarizeFolders } from './summarizeFiles.ts';

const signal = new AbortController().signal;
let queue = Promise.resolve();

parentPort?.on('message', (message: ToIndexWorker) => {
  queue = queue.then(() => answer(message));
});

async function answer(message: ToIndexWorker): Promise<void> {
  const batches =
    message.type === 'folders' ? summarizeFolders(message.folders, signal) : summarizeFiles(message.files, signal);
  for await (const batch of batches) parentPort?.postMessage(batch);
}
