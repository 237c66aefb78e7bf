// Big objects: a store on loopback, in a process of its own, that hands out logs of many GB made of one block, one line of which is an error.
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';

const [blockText = '', countText = '', lineText = ''] = process.argv.slice(2);
const width = 128;
const lines = Number(blockText);
const count = Number(countText);
/** Of the whole log, from 0. */
const loudLine = Number(lineText);
const padded = (words: string): string => `${words.padEnd(width - 1)}\n`;
const quiet = Buffer.from(
  padded('2026-11-20 02:00:05,123 INFO churn.score: scored another thousand rows').repeat(lines),
);
const loud = Buffer.from(quiet);
loud.write(padded('2026-11-20 02:00:06,001 ERROR churn.score: column tenure is missing'), (loudLine % lines) * width);
const loudBlock = Math.floor(loudLine / lines);

interface Kept {
  readonly quiet: Buffer;
  readonly loud: Buffer;
}

const plain: Kept = { quiet, loud };
/** A gzip file may be several, one behind the other. */
const packed: Kept = { quiet: gzipSync(quiet, { level: 1 }), loud: gzipSync(loud, { level: 1 }) };

const sizeOf = (one: Kept): number => one.quiet.length * (count - 1) + one.loud.length;

async function send(response: ServerResponse, one: Kept, from: number, to: number): Promise<void> {
  let begins = 0;
  for (let block = 0; block < count && begins < to; block += 1) {
    const bytes = block === loudBlock ? one.loud : one.quiet;
    for (let at = Math.max(0, from - begins); at < bytes.length && begins + at < to; at += 262_144) {
      const piece = bytes.subarray(at, Math.min(at + 262_144, bytes.length, to - begins));
      if (response.destroyed) return;
      if (!response.write(piece)) await new Promise<void>((resolve) => response.once('drain', resolve));
    }
    begins += bytes.length;
  }
  response.end();
}

const server = createServer((request, response) => {
  const one = request.url?.includes('.gz') ? packed : plain;
  const size = sizeOf(one);
  const common = { etag: '"one"', 'last-modified': new Date(0).toUTCString(), 'accept-ranges': 'bytes' };
  if (request.method === 'HEAD') {
    response.writeHead(200, { ...common, 'content-length': size }).end();
    return;
  }
  const [, first = '0', last = ''] = /bytes=(\d+)-(\d*)/.exec(request.headers.range ?? '') ?? [];
  const from = Number(first);
  const to = last === '' ? size : Math.min(size, Number(last) + 1);
  if (from >= size) {
    response.writeHead(416, { 'content-type': 'application/xml' }).end('<Error><Code>InvalidRange</Code></Error>');
    return;
  }
  response.writeHead(206, {
    ...common,
    'content-length': to - from,
    'content-range': `bytes ${from}-${to - 1}/${size}`,
  });
  void send(response, one, from, to);
});
server.listen(0, '127.0.0.1', () => process.stdout.write(`${(server.address() as AddressInfo).port}\n`));
