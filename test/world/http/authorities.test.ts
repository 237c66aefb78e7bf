// Authorities of the machine: those that Node is told of, and those of the operating system, in a process of their own.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { certificates, json, served } from '../../support/web.ts';

const made = certificates();
const client = new URL('../../../server/world/http/client.ts', import.meta.url).href;
const program = `
  const { createHttp } = await import(${JSON.stringify(client)});
  const [url, proxy] = process.argv.slice(1);
  const http = createHttp({ connection: { name: 'prod', url }, proxy: JSON.parse(proxy), env: {} });
  const answer = await http({ path: '/' }, new AbortController().signal).catch((error) => error.kind);
  console.log(answer.status ?? answer);
`;

/** OpenSSL reads the system's authorities from this file; other systems have a store that a test must not touch. */
const system = process.platform === 'linux' ? [['SSL_CERT_FILE', {}, '200'] as const] : [];
const cases = [
  ['NODE_EXTRA_CA_CERTS', {}, '200'],
  ['NODE_EXTRA_CA_CERTS', { systemCertificates: false }, '200'],
  ...system,
  ['SSL_CERT_FILE', { systemCertificates: false }, 'tls'],
] as const;

for (const [variable, proxy, expected] of cases) {
  test(`an authority in ${variable} with ${JSON.stringify(proxy)} gives ${expected}`, async (context) => {
    const server = await served(context, (_request, answer) => json(answer, {}), {
      cert: readFileSync(made.server.certificate),
      key: readFileSync(made.server.key),
    });
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--input-type=module', '-e', program, `https://127.0.0.1:${server.port}`, JSON.stringify(proxy)],
      { env: { PATH: process.env.PATH, [variable]: made.ca } },
    );
    assert.equal(stdout.trim(), expected);
  });
}
