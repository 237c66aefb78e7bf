// Parts: what the SQL, the shell lines and the `%run` of a notebook say, each read as a small file of its own.
import { parseDocument } from '../../syntax/document.ts';
import type { CellPart, PartSort } from '../../syntax/notebook/magics.ts';
import type { Span } from '../expression.ts';
import type { RuleSet } from '../rules/rule.ts';
import type { FileSummary, PlacedBlock, PlacedSite } from '../summary.ts';
import { withVariables } from './variables.ts';

/** Reads a document of any language. */
export type Summarize = (document: ReturnType<typeof parseDocument>, rules: RuleSet) => FileSummary;

const remembered = new WeakMap<CellPart, { readonly rules: string; readonly blocks: readonly PlacedBlock[] }>();
const outside = { sort: 'with', name: '', parent: -1, lines: [0, 0] } as const;

/** Lines count from the first line of the text of the part. */
export function partBlocks(part: CellPart, rules: RuleSet, summarize: Summarize): readonly PlacedBlock[] {
  const known = remembered.get(part);
  if (known?.rules === rules.hash) return known.blocks;
  const blocks = read(part, rules, summarize);
  remembered.set(part, { rules: rules.hash, blocks });
  return blocks;
}

/** The editor's words for what parts are written in. */
const languageIds: Readonly<Partial<Record<PartSort, string>>> = {
  shell: 'shellscript',
  env: 'dotenv',
  make: 'makefile',
};

function read({ sort, text, dialect }: CellPart, rules: RuleSet, summarize: Summarize): readonly PlacedBlock[] {
  if (sort === 'run') return runBlocks(text);
  if (sort === 'files') return filesBlocks(text);
  const document = parseDocument({ uri: '', languageId: languageIds[sort] ?? sort, version: 0, text });
  const summary = summarize(document, rules);
  const blocks = dialect === undefined ? summary.blocks : withDialect(summary.blocks, dialect);
  return sort === 'sql' || sort === 'shell' ? withVariables(blocks, text, sort === 'shell') : blocks;
}

/** Tables that the SQL names are said to be in it; what else is known of one stays. */
export function withDialect(blocks: readonly PlacedBlock[], dialect: string): readonly PlacedBlock[] {
  const said = (site: PlacedSite): PlacedSite =>
    site.content.site === 'table'
      ? { ...site, content: { ...site.content, detail: { dialect, ...site.content.detail } } }
      : site;
  return blocks.map(({ line, block }) => ({ line, block: { ...block, sites: block.sites.map(said) } }));
}

/** `%run ./other $x="1"`: what the other notebook binds is bound here, as by `from other import *`. */
function runBlocks(text: string): readonly PlacedBlock[] {
  const word = wordsOf(text).find(({ value }) => !value.startsWith('-'));
  if (!word) return [];
  const { line, at } = word;
  const path = word.value.replace(/\.(?:py|ipynb)$/i, '');
  const module = /^\.{0,2}\//.test(path) ? path : `./${path}`;
  const binding = { name: '*', sort: 'imported', value: { is: 'unknown', at }, module, imported: '*' } as const;
  const bindings = [{ line: 0, scope: 0, content: binding }];
  return [{ line, block: { column: 0, sites: [], bindings, scopes: [outside] } }];
}

const writes = /^(?:cp|mv|put|rm|mkdirs)$/;

/** `%fs ls dbfs:/mnt/raw`: its words may be paths; the last of several is written to. */
function filesBlocks(text: string): readonly PlacedBlock[] {
  const [verb, ...rest] = wordsOf(text);
  if (!verb) return [];
  const sites = rest
    .filter(({ line }) => line === verb.line)
    .map(({ value, at }, index, all): PlacedSite => {
      const role = writes.test(verb.value) && index === all.length - 1 ? 'writes' : 'reads';
      return { line: 0, scope: 0, content: { site: 'text', value: { is: 'text', value, at }, role } };
    });
  return sites.length > 0 ? [{ line: verb.line, block: { column: 0, sites, bindings: [], scopes: [outside] } }] : [];
}

interface Word {
  readonly value: string;
  /** Of the text; the lines of the span count from it. */
  readonly line: number;
  readonly at: Span;
}

const mostWords = 50;

function wordsOf(text: string): readonly Word[] {
  const words: Word[] = [];
  text.split(/\r\n|\r|\n/).forEach((row, line) => {
    for (const { 0: written, index } of row.matchAll(/"[^"]*"|'[^']*'|[^\s"']+/g)) {
      if (words.length === mostWords) return;
      const value = written.replace(/^["']|["']$/g, '');
      const column = index + (value === written ? 0 : 1);
      words.push({ value, line, at: [0, column, 0, column + value.length] });
    }
  });
  return words;
}
