// Parsers bench: which Python parser keeps more of the file right while one line of it is half typed.
import { globSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { SyntaxNode } from '@lezer/common';
import { parser as lezer } from '@lezer/python';
import { Language, type Node, Parser } from 'web-tree-sitter';
import { chunksOf } from '../../server/syntax/chunks.ts';
import type { PythonNode } from '../../server/syntax/pythonTree.ts';
import { constructs } from './modernPython.ts';

const require = createRequire(import.meta.url);
const root = path.join(import.meta.dirname, '../..');

/** What is half typed: put on a line of its own at the indentation of the line below, or cut out of a line. */
const typed = [
  'foo(',
  'foo("a',
  "x = '",
  'x = f"{',
  'x = f"a{b',
  'd = {',
  'd = {"a": ',
  'x = [',
  'x = [1,',
  'obj.',
  'obj.load(',
  'mlflow.load_model("models:/',
  'def g(',
  'def g(a, b',
  'def g():',
  'class A',
  'if x',
  'if x:',
  'for i in',
  'with open(',
  'with DAG("a',
  'try:',
  'return',
  'import',
  'from a import (',
  '@task(',
  '@',
  'x =',
  'x +=',
  'lambda',
  'print(f"{x',
];

interface Site {
  readonly line: number;
  readonly key: string;
}
export type CallFinder = (text: string) => readonly Site[];

const lineStarts = (text: string): number[] => {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
};
function lineAt(starts: readonly number[], offset: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}

const callsByLezer: CallFinder = (text) => {
  const starts = lineStarts(text);
  const sites: Site[] = [];
  lezer.parse(text).iterate({
    enter(ref) {
      if (ref.name !== 'CallExpression') return;
      const node: SyntaxNode = ref.node;
      const callee = node.firstChild;
      const list = node.getChild('ArgList');
      if (!callee || !list) return;
      const first = list.firstChild?.nextSibling;
      const argument = first?.name === 'String' ? text.slice(first.from, first.to) : '';
      sites.push({ line: lineAt(starts, node.from), key: `${text.slice(callee.from, callee.to)}(${argument})` });
    },
  });
  return sites;
};

/** As the server reads: statement by statement. */
const callsByChunks: CallFinder = (text) => {
  const starts = lineStarts(text);
  const sites: Site[] = [];
  const visit = (node: PythonNode): void => {
    const [callee] = node.children;
    const list = node.child('ArgList');
    if (node.name === 'CallExpression' && callee && list) {
      const first = list.children[1];
      const argument = first?.name === 'String' ? text.slice(first.from, first.to) : '';
      sites.push({ line: lineAt(starts, node.from), key: `${text.slice(callee.from, callee.to)}(${argument})` });
    }
    for (const child of node.children) visit(child);
  };
  for (const chunk of chunksOf(text)) visit(chunk.root());
  return sites;
};

async function callsByTreeSitter(): Promise<CallFinder> {
  await Parser.init();
  const language = await Language.load(
    path.join(path.dirname(require.resolve('tree-sitter-python/package.json')), 'tree-sitter-python.wasm'),
  );
  const parser = new Parser();
  parser.setLanguage(language);
  return (text) => {
    const tree = parser.parse(text);
    if (!tree) return [];
    const sites: Site[] = [];
    const visit = (node: Node): void => {
      if (node.type === 'call') {
        const callee = node.childForFieldName('function');
        const list = node.childForFieldName('arguments');
        const first = list?.type === 'argument_list' ? list.namedChild(0) : undefined;
        if (callee && list?.type === 'argument_list') {
          const argument = first?.type === 'string' && !/^[fF]/.test(first.text) ? first.text : '';
          sites.push({ line: node.startPosition.row, key: `${callee.text}(${argument})` });
        }
      }
      for (const child of node.namedChildren) if (child) visit(child);
    };
    visit(tree.rootNode);
    tree.delete();
    return sites;
  };
}

interface Score {
  kept: number;
  lost: number;
  invented: number;
  damagedFiles: number;
  rounds: number;
  worst: number;
}

/** Lines that are one whole statement are replaced by, or followed by, half a statement; all other lines are what is compared. */
function score(find: CallFinder, texts: readonly string[]): Score {
  const result: Score = { kept: 0, lost: 0, invented: 0, damagedFiles: 0, rounds: 0, worst: 0 };
  for (const text of texts) {
    const whole = find(text);
    const rows = text.split('\n');
    const places = rows.flatMap((row, line) => (/^\s*[\w.]+ ?(=|\().*[\w)\]"']$/.test(row) ? [line] : []));
    typed.forEach((half, index) => {
      for (let step = 0; step < 4; step++) {
        const line = places[(index * 7 + step * 13) % Math.max(1, places.length)];
        if (line === undefined) continue;
        const indent = /^\s*/.exec(rows[line] ?? '')?.[0] ?? '';
        const edited = [...rows.slice(0, line), indent + half, ...rows.slice(line)].join('\n');
        const expected = new Map<string, number>();
        for (const site of whole) {
          const key = `${site.line >= line ? site.line + 1 : site.line} ${site.key}`;
          expected.set(key, (expected.get(key) ?? 0) + 1);
        }
        let kept = 0;
        let invented = 0;
        for (const site of find(edited)) {
          if (site.line === line) continue;
          const key = `${site.line} ${site.key}`;
          const left = expected.get(key) ?? 0;
          if (left > 0) {
            kept++;
            expected.set(key, left - 1);
          } else invented++;
        }
        const lost = [...expected.values()].reduce((sum, count) => sum + count, 0);
        result.kept += kept;
        result.lost += lost;
        result.invented += invented;
        result.rounds++;
        if (lost + invented > 0) result.damagedFiles++;
        result.worst = Math.max(result.worst, whole.length === 0 ? 0 : lost / whole.length);
      }
    });
  }
  return result;
}

/** Of the calls in each construct, and behind it, those that are found. */
function missedIn(find: CallFinder): readonly string[] {
  return constructs.flatMap(({ name, text, probes }) => {
    const found = find(text).filter(({ key }) => key.startsWith('probe(')).length;
    return found === probes ? [] : [`${name}: ${found} of ${probes}`];
  });
}

const samples = 'scripts/sample/repository/**/*.py';

export async function bench(
  _options: object = {},
  [pattern = samples]: readonly string[] = [],
): Promise<{ words: string; json: object }> {
  const texts = globSync(path.resolve(root, pattern))
    .sort()
    .map((file) => readFileSync(file, 'utf8'));
  const finders: readonly (readonly [string, CallFinder])[] = [
    ['by statement', callsByChunks],
    ['@lezer/python', callsByLezer],
    ['web-tree-sitter', await callsByTreeSitter()],
  ];
  const rows = finders.map(([name, find]) => {
    const started = performance.now();
    const { kept, lost, invented, damagedFiles, rounds, worst } = score(find, texts);
    return {
      parser: name,
      constructsNotRead: missedIn(find),
      rounds,
      recall: Number((kept / Math.max(1, kept + lost)).toFixed(4)),
      precision: Number((kept / Math.max(1, kept + invented)).toFixed(4)),
      roundsWithDamage: damagedFiles,
      worstLossOfOneFile: Number(worst.toFixed(2)),
      milliseconds: Math.round(performance.now() - started),
    };
  });
  const [ours, , peer] = rows;
  const limits = {
    'read statement by statement, at least as many calls are kept as by web-tree-sitter':
      ours !== undefined && peer !== undefined && ours.recall >= peer.recall && ours.precision >= peer.precision,
  };
  const words = [
    `half-typed code, ${texts.length} files, ${typed.length} half statements: calls on all other lines, compared with the whole file`,
    ...rows.map((row) =>
      [
        row.parser.padEnd(16),
        `recall ${row.recall}`,
        `precision ${row.precision}`,
        `edits with any damage ${row.roundsWithDamage} of ${row.rounds}`,
        `worst loss ${row.worstLossOfOneFile}`,
        `${row.milliseconds} ms`,
      ].join('   '),
    ),
    '',
    `syntax of Python 3.8 to 3.14 and of cells, ${constructs.length} constructs, those whose calls are not all found:`,
    ...rows.map(
      (row) => `${row.parser.padEnd(16)} ${row.constructsNotRead.length}  ${row.constructsNotRead.join('; ')}`,
    ),
    '',
    ...Object.entries(limits).map(([limit, held]) => `${held ? 'holds' : 'FAILS'}  ${limit}`),
  ].join('\n');
  return { words, json: { parsers: rows, limits } };
}

if (process.argv[1] === import.meta.filename) {
  const { words } = await bench({}, process.argv.slice(2));
  process.stdout.write(`${words}\n`);
}
