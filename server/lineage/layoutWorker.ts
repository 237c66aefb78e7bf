// Layout worker: lays graphs out off the request thread.
import { parentPort } from 'node:worker_threads';
import { type LayoutInput, layout } from './layout.ts';

parentPort?.on('message', async ({ number, input }: { number: number; input: LayoutInput }) => {
  parentPort?.postMessage({ number, layout: await layout(input) });
});
