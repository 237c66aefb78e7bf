// A door before a server on loopback: it passes on what comes with the credential and tells the rest to bring it.
import { createServer, request, type Server } from 'node:http';

/** Not listening yet. `wanted`: the whole Authorization header; `challenge`: what the refusal asks for. */
export function doorBefore(port: number, wanted: string, challenge: string): Server {
  return createServer((asked, answer) => {
    if (asked.headers.authorization !== wanted) {
      answer.writeHead(401, { 'www-authenticate': challenge }).end('Who are you?');
      return;
    }
    const headers = { ...asked.headers, host: `127.0.0.1:${port}` };
    const passed = request({ host: '127.0.0.1', port, path: asked.url, method: asked.method, headers });
    passed.on('response', (response) => {
      answer.writeHead(response.statusCode ?? 502, response.headers);
      response.pipe(answer);
    });
    passed.on('error', () => answer.destroy());
    asked.pipe(passed);
  });
}
