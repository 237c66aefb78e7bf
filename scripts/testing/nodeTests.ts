// The parts of the tests that node:test runs, each file in its own process, counted test by test.
import { globSync } from 'node:fs';
import { join } from 'node:path';
import { run } from 'node:test';
import { root } from './programs.ts';
import type { Part, Tally } from './tally.ts';

export interface NodePart {
  readonly name: string;
  readonly about: string;
  readonly next: string;
  readonly include: string | readonly string[];
  readonly exclude?: readonly string[];
  readonly timeoutMs: number;
  readonly concurrency: number;
  /** Set in the environment of the tests. */
  environment?(): Promise<Readonly<Record<string, string>>>;
}

/** What was compiled once is not compiled again by the next file's process: nearly half of what the quick tests take. */
const compiled = join(root, 'node_modules/.cache/plumbline-tests');

/** The error and its causes, as far as a reader needs them. */
function explained(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  if (!(cause instanceof Error)) return error.stack ?? error.message;
  // A property says with which seed and on what it failed; what failed is the cause of that.
  const inner = cause.cause instanceof Error ? `\n${cause.cause.message}` : '';
  return `${cause.stack ?? cause.message}${inner}`;
}

/** Runs these files; a skipped test counts as failed, since it says nothing. */
async function runFiles(files: string[], part: NodePart, tally: Tally): Promise<void> {
  const events = run({ files, concurrency: part.concurrency, timeout: part.timeoutMs, cwd: root });
  events.on('test:pass', (data) => {
    if (data.details.type === 'suite') return;
    if (data.skip || data.todo) tally.fail(data.name, `It was skipped (${data.file}); a test runs or is removed.`);
    else tally.pass();
  });
  events.on('test:fail', (data) => {
    if (data.details.type === 'suite' && /subtests? failed/.test(data.details.error.message)) return;
    const where = data.file ? `${data.file.slice(root.length + 1)}${data.line ? `:${data.line}` : ''}\n` : '';
    tally.fail(data.name, `${where}${explained(data.details.error)}`);
  });
  events.on('test:stderr', ({ message }) => process.env.PLUMBLINE_VERBOSE && process.stderr.write(message));
  await new Promise<void>((resolve, reject) => {
    events.on('end', resolve);
    events.on('error', reject);
    events.resume();
  });
}

export function nodeTests(part: NodePart): Part {
  return {
    ...part,
    async run(tally, patterns) {
      const found = globSync([...[part.include].flat()], { cwd: root, exclude: part.exclude?.slice() ?? [] });
      const wanted = found.filter(
        (file) => patterns.length === 0 || patterns.some((pattern) => file.includes(pattern)),
      );
      if (wanted.length === 0) return;
      const before = { ...process.env };
      Object.assign(process.env, { NODE_COMPILE_CACHE: compiled }, await part.environment?.());
      try {
        const files = wanted.sort().map((file) => join(root, file));
        await runFiles(files, part, tally);
      } finally {
        for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name];
        Object.assign(process.env, before);
      }
    },
  };
}
