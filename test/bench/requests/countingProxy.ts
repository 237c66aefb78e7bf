// A process of its own that passes everything on to a server and counts it: node countingProxy.ts TARGET
import { faultProxy } from '../../faults/proxy.ts';

const proxy = await faultProxy({ target: process.argv[2] ?? '' });
process.on('message', (message) => {
  if (message === 'count') process.send?.({ count: proxy.asked.length });
  else proxy.clear();
});
process.on('disconnect', () => process.exit(0));
process.send?.({ url: proxy.url });
