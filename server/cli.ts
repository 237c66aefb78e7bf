#!/usr/bin/env node
// Command line: a thin door to the same core, without an editor.
import { runCommand } from './commands/run.ts';

process.exitCode = await runCommand(process.argv.slice(2), {
  out: (text) => process.stdout.write(text),
  error: (text) => process.stderr.write(text),
  // npm runs scripts in the project's own folder; paths are meant from where the user stood.
  folder: process.env.PLUMBLINE_CWD ?? process.cwd(),
  now: () => Date.now(),
  ended: () =>
    new Promise((resolve) => {
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
    }),
});
