#!/usr/bin/env node
// Command line: a thin door to the same core, without an editor.
import { runCommand } from './commands/run.ts';

process.exitCode = await runCommand(process.argv.slice(2), {
  out: (text) => process.stdout.write(text),
  error: (text) => process.stderr.write(text),
  folder: process.cwd(),
  now: () => Date.now(),
});
