// npm test: every kind of test in order, with progress; the last line is "N passed, N failed". `npm run check` is the quick ones.
import { parseArgs } from 'node:util';
import { floor, host } from './testing/hostTests.ts';
import { nodeTests } from './testing/nodeTests.ts';
import { lint, pack, packaged, types } from './testing/programs.ts';
import { runPart, Tally } from './testing/tally.ts';

const read = 'read the lines above; one file alone: npm test -- --only PART PATTERN';
const tidy = nodeTests({
  name: 'tidy',
  about: 'the house rules: who imports whom, first lines, words',
  next: 'each line above says which rule; ARCHITECTURE.md says why',
  include: 'test/tidy.test.ts',
  timeoutMs: 60_000,
  concurrency: 1,
});
/** Tests that start a browser or whole processes, or take several seconds: too slow for the quick checks. */
const slow = [
  'test/webview/{asOf,chart}.test.ts',
  'test/webview/panel.test.ts',
  'test/server/*.test.ts',
  'test/scripts/**/*.test.ts',
  'test/catalog/{asOf,merged,property,storeFile}.test.ts',
  'test/commands/{asOf,connections,sample,shapes}.test.ts',
  'test/connections/{doors,everyTool,hostile}.test.ts',
  'test/connectors/{airflowRestTraps,dbt,mlflow,openlineage}.test.ts',
  'test/connectors/mlflowRest/broken.test.ts',
  'test/incidents/{jump,logText}.test.ts',
  'test/world/{files,gitRelation}.test.ts',
  'test/references/{badInput,index,regexes}.test.ts',
  'test/references/**/{badInput,cancelled,hostile,incremental,kept,large,siteMemory}.test.ts',
  'test/syntax/**/{chunks,notebook}.test.ts',
  'test/lineage/columns/*.test.ts',
  'test/bench/**/*.test.ts',
  'test/incidents/bigLogs.test.ts',
  'test/sync/client.test.ts',
  'test/sync/live/liveSide.test.ts',
];
const unit = nodeTests({
  name: 'unit',
  about: 'each folder by itself, and the server over streams',
  next: read,
  include: 'test/**/*.test.ts',
  exclude: ['test/tidy.test.ts', 'test/vscode/**', 'test/real/**', ...slow],
  timeoutMs: 120_000,
  concurrency: 2,
});
const processes = nodeTests({
  name: 'processes',
  about: 'slower ones: the panel in a browser, servers that are killed, stores that are broken, the bootstrap',
  next: read,
  include: slow,
  timeoutMs: 240_000,
  concurrency: 1,
});
/** All faults of all servers, and what takes many minutes. */
const long = ['test/real/**/*aults.test.ts', 'test/real/{*Size,large,awsCredentials,openlineageAirflow}.test.ts'];
const python = 'needs Python 3.10 or newer with venv (Debian: apt-get install -y python3-venv) and a package index';
const real = nodeTests({
  name: 'real',
  about: 'real servers and stores of every tool, once each: what they say now',
  next: python,
  include: 'test/real/**/*.test.ts',
  exclude: long,
  timeoutMs: 900_000,
  // They wait more than they work.
  concurrency: 2,
});
const stack = nodeTests({
  name: 'stack',
  about: 'the same servers with every fault and in every size; only by its name: npm run test:stack',
  next: python,
  include: long,
  timeoutMs: 1_800_000,
  concurrency: 2,
});
const page = nodeTests({
  name: 'page',
  about: 'VS Code from outside, by keys and clicks',
  next: 'read the lines above and the screenshots in .vscode-test/screenshots',
  include: 'test/vscode/page/*.test.ts',
  timeoutMs: 900_000,
  concurrency: 1,
  async environment() {
    if (!packaged) throw new Error('There is no package to test, since the part "package" failed or was not run.');
    return { PLUMBLINE_VSIX: packaged };
  },
});

const checks = [types, lint, tidy, unit];
const everything = [...checks, processes, pack, real, host, page, floor];
const all = [...everything, stack];
const needPackage = [host, page, floor];

const usage = `npm test [-- --only PART[,PART] [PATTERN…]]
${all.map(({ name, about }) => `  ${name.padEnd(9)} ${about}`).join('\n')}
PATTERN: a part of the path of the test files to run`;

function chosen(values) {
  if (!values.only) return values.check ? checks : everything;
  const names = values.only.split(',');
  const unknown = names.filter((name) => !all.some((part) => part.name === name));
  if (unknown.length > 0) throw new Error(`There is no part "${unknown.join(', ')}".`);
  const parts = all.filter((part) => names.includes(part.name));
  const packs = parts.some((part) => needPackage.includes(part)) && !parts.includes(pack);
  return packs ? [pack, ...parts] : parts;
}

async function main() {
  const options = { check: { type: 'boolean' }, only: { type: 'string' } };
  const { values, positionals } = parseArgs({ options, allowPositionals: true });
  const parts = chosen(values);
  const tally = new Tally();
  for (const part of parts) await runPart(part, tally, part === pack ? [] : positionals);
  console.log(`\n${tally.passed} passed, ${tally.failed} failed`);
  return tally.failed === 0 && tally.passed > 0 ? 0 : 1;
}

main().then(
  (code) => process.exit(code),
  (error) => {
    console.error(`${error.message}\n\n${usage}`);
    process.exit(2);
  },
);
