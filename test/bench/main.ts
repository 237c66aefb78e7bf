// Bench: `npm run bench -- <name> [--json]`; ratios against a peer or a limit measured in the same run.
import { parseArgs } from 'node:util';

const benches = ['hover', 'parsers', 'requests'] as const;

const { positionals, values } = parseArgs({ allowPositionals: true, options: { json: { type: 'boolean' } } });
const name = benches.find((bench) => bench === positionals[0]);
if (!name) {
  process.stderr.write(`usage: npm run bench -- <${benches.join('|')}> [--json]\n`);
  process.exitCode = 2;
} else {
  const { bench } = await import(`./${name}.ts`);
  const result: { readonly words: string; readonly json: object } = await bench();
  process.stdout.write(values.json ? `${JSON.stringify(result.json, null, 2)}\n` : `${result.words}\n`);
}
