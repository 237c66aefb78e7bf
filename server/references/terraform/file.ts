// Terraform files: resources that name what they make and read, values of variables and locals for the files of the same module.
import type { ParsedDocument } from '../../syntax/document.ts';
import type { Expression, Span } from '../expression.ts';
import { eachOf } from '../python/loops.ts';
import type { RuleSet } from '../rules/rule.ts';
import { terraformRow } from '../rules/terraform.ts';
import { seenAs } from '../shell/variables.ts';
import type { FileSummary, PlacedBlock, Setting } from '../summary.ts';
import { type Chunk, chunksOf } from './chunks.ts';
import { blockOf } from './resources.ts';
import { type Lookup, readTree, type TerraformBlock } from './tree.ts';

/** Longer blocks are data. */
const longestChunk = 300_000;

interface Read {
  readonly block: PlacedBlock['block'] | undefined;
  readonly settings: readonly Omit<Setting, 'line'>[];
}

/** What unchanged chunks said; the oldest go first. */
const remembered = new Map<string, Read>();
const mostRemembered = 500;

export function summarizeTerraform(document: ParsedDocument, rules: RuleSet): FileSummary {
  const { uri, text, lines, language } = document;
  const folder = uri.slice(0, uri.lastIndexOf('/'));
  const values = /\.tfvars$/i.test(uri);
  const blocks: PlacedBlock[] = [];
  const settings: Setting[] = [];
  let left = false;
  for (const chunk of chunksOf(text, lines.starts)) {
    if (chunk.deep || chunk.to - chunk.from > longestChunk) {
      left = true;
      continue;
    }
    const { block, settings: given } = readChunk(document, chunk, folder, values);
    if (block) blocks.push({ line: chunk.line, block });
    for (const setting of given) settings.push({ ...setting, line: chunk.line });
  }
  settings.push(...outputsOf(settings, folder));
  const base = { uri, language, rules: rules.hash, blocks };
  const summary = settings.length > 0 ? { ...base, settings } : base;
  if (!left) return summary;
  const notice = `Blocks of more than ${longestChunk / 1000} thousand characters, or nested very deeply, were not read; split them.`;
  return { ...summary, notice };
}

function readChunk({ text, lines }: ParsedDocument, { from, to, line }: Chunk, folder: string, values: boolean): Read {
  const source = text.slice(from, to);
  const key = `${values} ${folder}\n${source}`;
  const known = remembered.get(key);
  if (known) return known;
  const span = (start: number, end: number): Span => {
    const [first, last] = [lines.positionAt(from + start), lines.positionAt(from + end)];
    return [first.line - line, first.character, last.line - line, last.character];
  };
  const lookup = lookupIn(folder);
  const root = eachRead(source, readTree(source, span, lookup), (each) => readTree(source, span, each), lookup);
  const read = { block: blockOf(root), settings: settingsOf(root, folder, values) };
  if (remembered.size >= mostRemembered)
    for (const oldest of remembered.keys()) {
      remembered.delete(oldest);
      break;
    }
  remembered.set(key, read);
  return read;
}

/** What a block goes through is known when it is read; then it is read again with that. */
function eachRead(
  source: string,
  root: TerraformBlock,
  again: (lookup: Lookup) => TerraformBlock,
  lookup: Lookup,
): TerraformBlock {
  const over = /\beach\./.test(source)
    ? root.blocks[0]?.arguments.find(({ name }) => name === 'for_each')?.value
    : undefined;
  if (!over) return root;
  const ofSet = /\bfor_each\s{1,20}=\s{0,20}toset\(/.test(source);
  return again((path, at) => {
    const [first, second, ...rest] = path;
    if (first !== 'each') return lookup(path, at);
    if (second !== 'key' && second !== 'value') return undefined;
    const each = eachOf(second === 'value' && !ofSet ? valuesOf(over) : over, path.join('.'), at);
    return rest.reduce<Expression>(
      (of, key) => ({ is: 'subscript', of, key: { is: 'text', value: key, at }, at }),
      each,
    );
  });
}

/** Of a map; a list of names is gone through as it is. */
function valuesOf(over: Expression): Expression {
  if (over.is === 'list') return over;
  const { at } = over;
  return { is: 'call', callee: { is: 'attribute', of: over, name: 'values', at }, args: [], at };
}

/** Names are those of one module, which is a folder. */
function lookupIn(folder: string): Lookup {
  const name = (path: readonly string[]): string => `${folder}/${path.join('.')}`;
  return (path, at): Expression | undefined => {
    const [first = '', second = ''] = path;
    const written = path.join('.');
    if ((first === 'var' || first === 'local') && path.length === 2) {
      const value: Expression = { is: 'setting', space: 'terraform', name: name(path), at };
      if (first === 'local') return seenAs(written, value, at);
      // What a caller of the module passes comes before the default, also where it is not known.
      const byDefault: Expression = { is: 'setting', space: 'terraform', name: `${name(path)} default`, at };
      const passed = { ...value, name: `${name(path)} passed`, otherwise: byDefault };
      return seenAs(written, { ...value, otherwise: passed }, at);
    }
    if (first === 'module') {
      const put = path[2];
      if (put === undefined || path.length !== 3) return undefined;
      const of: Expression = { is: 'setting', space: 'terraform', name: name(path.slice(0, 2)), at };
      return seenAs(written, { is: 'subscript', of, key: { is: 'text', value: put, at }, at }, at);
    }
    const length = first === 'data' ? 4 : 3;
    const known = first === 'data' ? terraformRow(second) : terraformRow(first);
    if (!known || path.length !== length) return undefined;
    return seenAs(written, { is: 'setting', space: 'terraform', name: name(path), at }, at);
  };
}

const output = 'output.';
/** Said to Terraform, not to the module. */
const notPassed = new Set(['source', 'version', 'count', 'for_each', 'providers', 'depends_on']);

/** `module "x" { source = "./m"  name = "churn" }` gives the variables of the folder `m`, and stands for what that puts out. */
function moduleCall(
  label: string,
  given: TerraformBlock['arguments'],
  folder: string,
): readonly Omit<Setting, 'line'>[] {
  const source = given.find(({ name }) => name === 'source')?.value;
  const target = source?.is === 'text' ? folderAt(folder, source.value) : undefined;
  if (!source || target === undefined) return [];
  const passed = given
    .filter(({ name }) => !notPassed.has(name))
    .map(({ name, value }) => ({ space: 'terraform' as const, name: `${target}/var.${name} passed`, value }));
  const puts: Expression = { is: 'setting', space: 'terraform', name: `${target}/outputs`, at: source.at };
  return [{ space: 'terraform', name: `${folder}/module.${label}`, value: puts }, ...passed];
}

/** Undefined where the module is not one of the workspace's folders. */
function folderAt(folder: string, source: string): string | undefined {
  if (!/^\.\.?(?:\/|$)/.test(source)) return undefined;
  const path = folder.split('/');
  for (const step of source.split('/'))
    if (step === '..') path.pop();
    else if (step !== '.' && step !== '') path.push(encodeURI(step));
  return path.join('/');
}

/** All that the outputs of one file put out, by name. */
function outputsOf(settings: readonly Setting[], folder: string): readonly Setting[] {
  const prefix = `${folder}/${output}`;
  const named = settings.filter(({ name }) => name.startsWith(prefix));
  const [first] = named;
  if (!first) return [];
  const { at } = first.value;
  const entries = named.map(({ name }) => ({
    key: { is: 'text' as const, value: name.slice(prefix.length), at },
    value: { is: 'setting' as const, space: 'terraform' as const, name, at },
  }));
  return [{ space: 'terraform', name: `${folder}/outputs`, value: { is: 'dict', entries, at }, line: first.line }];
}

function settingsOf(root: TerraformBlock, folder: string, values: boolean): readonly Omit<Setting, 'line'>[] {
  const found: Omit<Setting, 'line'>[] = [];
  const give = (path: string, value: Expression): void => {
    found.push({ space: 'terraform', name: `${folder}/${path}`, value });
  };
  if (values) for (const { name, value } of root.arguments) give(`var.${name}`, value);
  for (const { type, labels, arguments: given } of root.blocks) {
    const [first, second] = labels;
    if (type === 'variable' && first) {
      const value = given.find(({ name }) => name === 'default')?.value;
      if (value) give(`var.${first.value} default`, value);
    } else if (type === 'output' && first) {
      const value = given.find(({ name }) => name === 'value')?.value;
      if (value) give(`${output}${first.value}`, value);
    } else if (type === 'module' && first) found.push(...moduleCall(first.value, given, folder));
    else if (type === 'locals') for (const { name, value } of given) give(`local.${name}`, value);
    else if ((type === 'resource' || type === 'data') && first && second) {
      const row = terraformRow(first.value);
      const path = `${type === 'data' ? 'data.' : ''}${first.value}.${second.value}`;
      for (const { name, value } of row ? given : []) {
        if (value.is === 'list' || value.is === 'dict' || value.is === 'unknown') continue;
        give(`${path}.${name}`, value);
        if (name === (row?.named ?? 'name'))
          for (const alias of ['id', 'name', 'bucket']) if (alias !== name) give(`${path}.${alias}`, value);
      }
    }
  }
  return found;
}
