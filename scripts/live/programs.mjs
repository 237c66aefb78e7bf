// Owns the programs that run beside us: starts each with its output kept, waits until it answers, ends it with its children.
import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

/** @returns {Promise<number>} a port of this machine that nobody listens on */
export async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/**
 * Runs a program to its end. `stops` gets what ends it before that.
 * @throws {Error} with the last of what it said, when it does not end with 0
 */
export async function finish(program, args, options = {}) {
  const child = started(program, args, options);
  const code = await child.ended;
  if (code !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${code}.\n${child.said().slice(-2000)}`);
}

/**
 * Starts a server and waits until `url` answers. `stops` gets what ends it.
 * @throws {Error} with the last of what it said, when it ends or is silent for three minutes
 */
export async function serve(program, args, { url, ...options }) {
  const child = started(program, args, options);
  const deadline = Date.now() + 180_000;
  for (;;) {
    const answered = await fetch(url, { signal: AbortSignal.timeout(2_000) }).then(
      (answer) => answer.ok,
      () => false,
    );
    if (answered) return;
    const isOver = await Promise.race([child.ended.then(() => true), pause(300, false)]);
    if (!isOver && Date.now() < deadline) continue;
    await child.stop();
    throw new Error(`${program} ${args.join(' ')} did not answer at ${url}.\n${child.said().slice(-2000)}`);
  }
}

function started(program, args, { env, cwd, stops }) {
  const isGroup = process.platform !== 'win32';
  const child = spawn(program, args, { env, cwd, stdio: ['ignore', 'pipe', 'pipe'], detached: isGroup });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      text = (text + chunk).slice(-20_000);
    });
  }
  const ended = new Promise((resolve) => {
    child.on('error', (error) => {
      text += error.message;
      resolve(-1);
    });
    child.on('close', (code, signal) => resolve(code ?? signal));
  });
  const kill = (signal) => {
    try {
      if (isGroup) process.kill(-child.pid, signal);
      else child.kill(signal);
    } catch {
      // It is gone already.
    }
  };
  const stop = async () => {
    if (child.pid === undefined) return;
    kill('SIGTERM');
    if (await Promise.race([ended.then(() => false), pause(5_000, true)])) kill('SIGKILL');
    await ended;
  };
  stops.push(stop);
  return { ended, stop, said: () => text };
}
