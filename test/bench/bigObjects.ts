// Big objects: a store on loopback, in a process of its own, that hands out a file, or as gzip many GB made of one block, one line of which is an error.
import { createReadStream, statSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';

/** `FILE`, or `'' LINES LINE`: of how many lines the packed one is, and which is the error. */
const [file = '', linesText = '', lineText = ''] = process.argv.slice(2);
const width = 128;
const blockLines = 512 * 1024;
const count = Number(linesText) / blockLines;
/** Of the whole log, from 0. */
const loudLine = Number(lineText);
const loudBlock = Math.floor(loudLine / blockLines);
const padded = (words: string): string => `${words.padEnd(width - 1)}\n`;

/** A gzip file may be several, one behind the other. */
function packedBlocks(): { readonly quiet: Buffer; readonly loud: Buffer } {
  const quiet = Buffer.from(
    padded('2026-11-20 02:00:05,123 INFO churn.score: scored another thousand rows').repeat(blockLines),
  );
  const loud = Buffer.from(quiet);
  loud.write(
    padded('2026-11-20 02:00:06,001 ERROR churn.score: column tenure is missing'),
    (loudLine % blockLines) * width,
  );
  return { quiet: gzipSync(quiet, { level: 1 }), loud: gzipSync(loud, { level: 1 }) };
}

const packed = file === '' ? packedBlocks() : undefined;
const size = packed ? packed.quiet.length * (count - 1) + packed.loud.length : statSync(file).size;

async function send(
  response: ServerResponse,
  one: { readonly quiet: Buffer; readonly loud: Buffer },
  from: number,
  to: number,
): Promise<void> {
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
  if (packed) void send(response, packed, from, to);
  else createReadStream(file, { start: from, end: to - 1, highWaterMark: 1024 * 1024 }).pipe(response);
});
server.listen(0, '127.0.0.1', () => process.stdout.write(`${(server.address() as AddressInfo).port}\n`));
