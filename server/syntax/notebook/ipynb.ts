// ipynb: the code cells of a notebook's file; outputs are never looked at.
import { type DocumentLanguage, languageOf } from '../languages.ts';
import type { CellSource } from './notebook.ts';

const mostCells = 50_000;

/** Format 4 and the worksheets of format 3. Empty for what is no notebook; never throws. */
export function cellsOfFile(text: string): readonly CellSource[] {
  const file = parsed(text);
  const own = field(file, 'metadata');
  const sheets = list(field(file, 'worksheets')).flatMap((sheet) => list(field(sheet, 'cells')));
  const cells = [...list(field(file, 'cells')), ...sheets].slice(0, mostCells);
  const isDatabricks = saysDatabricks(own) || cells.some((cell) => saysDatabricks(field(cell, 'metadata')));
  const usual = usualLanguage(own);
  return cells.flatMap((cell, index) => {
    if (field(cell, 'cell_type') !== 'code') return [];
    const metadata = field(cell, 'metadata');
    const said =
      string(field(field(metadata, 'vscode'), 'languageId')) ??
      string(field(metadata, 'language')) ??
      string(field(field(metadata, 'microsoft'), 'language')) ??
      string(field(cell, 'language'));
    const language = said === undefined ? usual : cellLanguage(said);
    return [{ index, text: source(field(cell, 'source') ?? field(cell, 'input')), rules: { language, isDatabricks } }];
  });
}

/** What the editor or a kernel calls the language of a cell. */
export function cellLanguage(said: string): DocumentLanguage {
  const name = said.toLowerCase();
  if (/^(ipython|python|pyspark|xpython)\d?$/.test(name)) return 'python';
  return /^(spark)?sql$/.test(name) ? 'sql' : languageOf(name);
}

/** Whether the metadata of a notebook or of a cell is Databricks' own. */
export function saysDatabricks(metadata: unknown): boolean {
  return isObject(metadata) && Object.keys(metadata).some((key) => key.startsWith('application/vnd.databricks.'));
}

/** Python where nothing is said. */
function usualLanguage(metadata: unknown): DocumentLanguage {
  const databricks = field(metadata, 'application/vnd.databricks.v1+notebook');
  const said =
    string(field(databricks, 'language')) ??
    string(field(field(metadata, 'language_info'), 'name')) ??
    string(field(field(metadata, 'kernelspec'), 'language')) ??
    'python';
  return cellLanguage(said);
}

function source(value: unknown): string {
  return typeof value === 'string'
    ? value
    : list(value)
        .filter((line) => typeof line === 'string')
        .join('');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text.startsWith('\ufeff') ? text.slice(1) : text);
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function field(value: unknown, name: string): unknown {
  return isObject(value) && Object.hasOwn(value, name) ? Reflect.get(value, name) : undefined;
}

function string(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
