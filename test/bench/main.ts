// Bench: `npm run bench -- <name> [--json]`; ratios against a peer or a limit measured in the same run.
import { parseArgs } from 'node:util';

const benches = ['accuracy', 'hover', 'logs', 'parsers', 'prefixes', 'references', 'requests', 's3logs'] as const;

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { json: { type: 'boolean' }, only: { type: 'string' }, verbose: { type: 'boolean' } },
});
const name = benches.find((bench) => bench === positionals[0]);
if (!name) {
  process.stderr.write(
    `usage: npm run bench -- <${benches.join('|')}> [--json] [--verbose] [--only PACKAGE] [PATH…]\n`,
  );
  process.exitCode = 2;
} else {
  const { bench } = await import(`./${name}.ts`);
  try {
    const result: { readonly words: string; readonly json: object } = await bench(values, positionals.slice(1));
    process.stdout.write(values.json ? `${JSON.stringify(result.json, null, 2)}\n` : `${result.words}\n`);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    process.stderr.write(`${process.env.PLUMBLINE_VERBOSE ? error.stack : error.message}\n`);
    process.exitCode = 1;
  }
}
