// ipynb: the code cells of a notebook's file; outputs are never looked at.
import { type DocumentLanguage, languageOf } from '../languages.ts';
import { Cell } from './cell.ts';
import type { CodeCell } from './notebook.ts';

const mostCells = 50_000;

/** Format 4 and the worksheets of format 3. Empty for what is no notebook; never throws. */
export function cellsOfFile(text: string): readonly CodeCell[] {
  const file = parsed(text);
  const own = field(file, 'metadata');
  const sheets = list(field(file, 'worksheets')).flatMap((sheet) => list(field(sheet, 'cells')));
  const cells = [...list(field(file, 'cells')), ...sheets].slice(0, mostCells);
  const isDatabricks = saysDatabricks(own) || cells.some((cell) => saysDatabricks(field(cell, 'metadata')));
  const usual = usualLanguage(own);
  return cells.flatMap((cell, index) => {
    if (field(cell, 'cell_type') !== 'code') return [];
    const said = saidLanguage(field(cell, 'metadata')) ?? string(field(cell, 'language'));
    const language = said === undefined ? usual : cellLanguage(said);
    const content = source(field(cell, 'source') ?? field(cell, 'input'));
    return [{ index, cell: new Cell(content, { language, isDatabricks }) }];
  });
}

/** What the metadata of a cell say of its language: VS Code, Snowflake's and Fabric's notebooks each in a place of their own. */
export function saidLanguage(metadata: unknown): string | undefined {
  return (
    string(field(field(metadata, 'vscode'), 'languageId')) ??
    string(field(metadata, 'language')) ??
    string(field(field(metadata, 'microsoft'), 'language'))
  );
}

/** The metadata of a file, of a notebook or a cell that an editor has open: VS Code keeps them one level down. */
export function fileMetadata(metadata: unknown): unknown {
  return field(metadata, 'metadata') ?? field(field(metadata, 'custom'), 'metadata') ?? metadata;
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
