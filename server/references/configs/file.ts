// Configuration files: YAML and JSON read by the shapes they have; every other text in them that is an address is found too.
import { longestParsed, type ParsedDocument } from '../../syntax/document.ts';
import type { Expression } from '../expression.ts';
import type { ConfigShape } from '../rules/configs/row.ts';
import type { RuleSet } from '../rules/rule.ts';
import type { FileSummary, Setting } from '../summary.ts';
import { blocksOf, type FoundBinding } from './blocks.ts';
import { isMachineMade, mayName } from './prefilter.ts';
import { namesIn, settingsOf } from './settings.ts';
import { shapesOf } from './shapes.ts';
import { jsonDocuments } from './trees/jsonTree.ts';
import { PlacedScalar } from './trees/scalar.ts';
import { tomlDocuments } from './trees/tomlTree.ts';
import type { ConfigDocument } from './trees/tree.ts';
import { yamlDocuments } from './trees/yamlTree.ts';
import type { TrieNode } from './trie.ts';
import { type Walked, walkConfig } from './walk.ts';
import { isReadByCode, wholeFile } from './wholeFile.ts';

/** Never throws, whatever the text. */
export function summarizeConfig(document: ParsedDocument, rules: RuleSet): FileSummary {
  const { uri, text, language, lines } = document;
  const base = { uri, language, rules: rules.hash } as const;
  const path = pathOf(uri);
  if (isMachineMade(path, language)) return { ...base, blocks: [] };
  if (document.reading !== 'parsed')
    return {
      ...base,
      blocks: [],
      notice: `The file has more than ${longestParsed / 1_000_000} million characters and was not read.`,
    };
  const isRead = isReadByCode(path, text.length);
  const names = mayName(path, text);
  if (!names && !isRead) return { ...base, blocks: [] };
  // Closed files have no version; they are read once.
  const open = document.version > 0;
  const documents = language === 'json' ? jsonDocuments(text) : yamlDocuments(text, open);
  const whole = isRead ? wholeOf(path, documents, lines) : [];
  if (!names) return whole.length > 0 ? { ...base, blocks: [], settings: whole } : { ...base, blocks: [] };
  const into: Walked = { sites: [], scopes: [], units: [] };
  const bindings: FoundBinding[] = [];
  for (const one of documents.slice(0, mostDocuments)) {
    const { shapes, trie } = shapesOf(path, one);
    const context = { names: namesIn(one, lines, shapes) };
    const quiet = shapes.some(({ alone, rows }) => alone && rows.length === 0);
    const addresses = !quiet && (language === 'yaml' || isConfiguration(one, shapes, text.length));
    walkConfig({ document: one, trie, places: lines, context, addresses, into, trieOf });
    bindings.push(...constants(one, document));
  }
  const blocks = blocksOf(uri, into, into.sites.length > 0 ? bindings : [], open);
  const settings = [...documents.flatMap((one) => settingsOf(path, one, lines)), ...whole];
  return settings.length > 0 ? { ...base, blocks, settings } : { ...base, blocks };
}

/** Files of TOML name nothing by themselves; code reads them. */
export function summarizeToml({ uri, text, language, lines }: ParsedDocument, rules: RuleSet): FileSummary {
  const base = { uri, language, rules: rules.hash, blocks: [] };
  const path = pathOf(uri);
  const settings = isReadByCode(path, text.length) ? wholeOf(path, tomlDocuments(text), lines) : [];
  return settings.length > 0 ? { ...base, settings } : base;
}

/** The first document, as readers of one take it. */
function wholeOf(path: string, [first]: readonly ConfigDocument[], lines: ParsedDocument['lines']): readonly Setting[] {
  const whole = first && wholeFile(path, first, lines, { names: namesIn(first, lines, []) });
  return whole ? [whole] : [];
}

/** YAML in a text of YAML is told by its keys alone. */
const trieOf = (inner: ConfigDocument): TrieNode => shapesOf('', inner).trie;

const mostDocuments = 2000;
/** JSON that is longer, of no known shape, is data. */
const longestUnknownJson = 100_000;

/** A JSON file of no known shape may be settings, but also data, a recording or what a program wrote. */
function isConfiguration({ root }: ConfigDocument, shapes: readonly ConfigShape[], length: number): boolean {
  return shapes.some(({ id }) => id !== 'anywhere') || (root.is === 'map' && length <= longestUnknownJson);
}

function pathOf(uri: string): string {
  try {
    return decodeURIComponent(uri);
  } catch {
    return uri;
  }
}

/** Scalars with an anchor, as constants that aliases name. */
function constants({ anchors }: ConfigDocument, { lines }: ParsedDocument): readonly FoundBinding[] {
  return [...anchors].flatMap(([name, { node, base }]): FoundBinding[] => {
    if (node.is !== 'scalar' || node.value === '' || node.value.length > 500) return [];
    const scalar = new PlacedScalar(node, base, lines);
    const line = scalar.lineAt(0);
    const value: Expression = scalar.text(0, node.value.length, line);
    return [{ line, content: { name: `&${name}`, sort: 'assigned', value } }];
  });
}
