// Cell places: the one place where cells of notebooks become places of the one text that everybody else knows, and back.
import { LSPErrorCodes, ResponseError } from 'vscode-languageserver/node';
import { shortPath } from '../features/hovers/usage.ts';
import type { FileSummary } from '../references/summary.ts';
import { type CellPlace, cellAt, inCell, inText } from '../syntax/notebook/cells.ts';
import type { Position } from '../syntax/text.ts';
import type { Documents } from './documents.ts';
import type { Guard } from './guard.ts';

export interface CellWorld {
  readonly documents: Pick<Documents, 'get' | 'ofCell'>;
  /** Of a notebook that is not open. */
  readonly cells: (uri: string) => FileSummary['cells'];
}

/** The cell that a question is about. */
interface Asked {
  readonly cells: readonly CellPlace[];
  readonly cell: CellPlace;
}

/**
 * A guard whose work is asked about notebooks, never about cells, and whose answers are told by cell again: every
 * position, range and location in them, whatever the question. What lies outside of the cell that a question is about
 * is left out; in a notebook that is not open, a location is that of the file.
 */
export function guardInCells(guard: Guard, world: CellWorld): Guard {
  return (method, fallback, work) =>
    guard(method, fallback, async (params, token) => {
      const asked = askedCell(params, world);
      const inside = asked ? toText(params, asked, world) : params;
      const result = await work(unseen(inside, asked), token);
      // Our own answers name places by file.
      if (method.startsWith('plumbline/') || (!asked && !namesNotebook(result, world, 0))) return result;
      try {
        return seen(told(result, asked, world, 0) as typeof result, asked);
      } catch (error) {
        if (!(error instanceof ClosedNotebook)) throw error;
        return new ResponseError(LSPErrorCodes.RequestFailed, error.message) as typeof result;
      }
    });
}

const deepest = 30;

function askedCell(params: unknown, { documents }: CellWorld): Asked | undefined {
  const uri = uriOf(field(params, 'textDocument')) ?? uriOf(params) ?? uriOf(field(params, 'item'));
  const notebook = uri === undefined ? undefined : documents.ofCell(uri)?.notebook;
  const cell = notebook?.cells.find((one) => one.uri === uri);
  return notebook && cell ? { cells: notebook.cells, cell } : undefined;
}

/** The same with the uri of the notebook and its lines. */
function toText<Params>(params: Params, { cell }: Asked, world: CellWorld): Params {
  const walk = (value: unknown, depth: number): unknown => {
    if (depth > deepest || typeof value !== 'object' || value === null) return value;
    if (Array.isArray(value)) return value.map((one) => walk(one, depth + 1));
    const copy = Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, walk(inner, depth + 1)]));
    const notebook = typeof copy.uri === 'string' ? world.documents.ofCell(copy.uri) : undefined;
    if (notebook) copy.uri = notebook.uri;
    return isPosition(copy) ? { ...copy, ...inText(cell, copy) } : copy;
  };
  return walk(params, 0) as Params;
}

/** A result is the same for a cell only while the cell is where it was. */
function seen<Result>(result: Result, asked: Asked | undefined): Result {
  const id = asked && field(result, 'resultId');
  return typeof id === 'string' && asked ? { ...result, resultId: `${id}${marked(asked)}` } : result;
}

function unseen<Params>(params: Params, asked: Asked | undefined): Params {
  const id = asked && field(params, 'previousResultId');
  if (typeof id !== 'string' || !asked) return params;
  const mark = marked(asked);
  return { ...params, previousResultId: id.endsWith(mark) ? id.slice(0, -mark.length) : undefined };
}

function marked({ cells, cell }: Asked): string {
  return ` ${cell.line} ${nextLine(cells, cell)}`;
}

/** The first line behind a cell. */
function nextLine(cells: readonly CellPlace[], cell: CellPlace): number {
  return cells[cells.indexOf(cell) + 1]?.line ?? Number.POSITIVE_INFINITY;
}

/** Whether anything in an answer is in a notebook. */
function namesNotebook(value: unknown, world: CellWorld, depth: number): boolean {
  if (depth > deepest || typeof value !== 'object' || value === null) return false;
  if (Array.isArray(value)) return value.some((one) => namesNotebook(one, world, depth + 1));
  return Object.entries(value).some(([key, inner]) => {
    if (typeof inner !== 'string')
      return (
        (key === 'changes' && isChanges(inner) && Object.keys(inner).some((uri) => cellsOf(uri, world))) ||
        namesNotebook(inner, world, depth + 1)
      );
    return (key === 'uri' || key === 'targetUri') && cellsOf(inner, world) !== undefined;
  });
}

/** The same in the words of the editor. */
function told(value: unknown, asked: Asked | undefined, world: CellWorld, depth: number): unknown {
  // A refusal is an error, which has no places.
  if (depth > deepest || typeof value !== 'object' || value === null || value instanceof Error) return value;
  if (Array.isArray(value)) {
    const inside = asked ? value.filter((one) => isInside(one, asked)) : value;
    return inside.flatMap((one) => {
      const split = editsOf(one, world);
      return split ?? [told(one, asked, world, depth + 1)];
    });
  }
  if (isPosition(value)) return asked ? inCell(asked.cell, value) : value;
  const elsewhere = placeOf(value, world);
  const caller = placeOf(field(value, 'from'), world);
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => {
      if (key === 'changes' && isChanges(inner)) return [key, changesInCells(inner, world)];
      if (key === 'uri' || key === 'targetUri') return [key, elsewhere?.cell?.uri ?? inner];
      const own = key === 'fromRanges' ? caller : elsewhere;
      if (!own || key === 'originSelectionRange') return [key, told(inner, asked, world, depth + 1)];
      if (!own.isNotebook) return [key, inner];
      return [key, own.cell?.uri === undefined ? withoutPlace(inner, key) : moved(inner, own.cell, world, depth)];
    }),
  );
}

function moved(value: unknown, cell: CellPlace, world: CellWorld, depth: number): unknown {
  return told(value, { cells: [cell], cell }, world, depth + 1);
}

/** A range in a file whose lines the editor counts otherwise. */
function withoutPlace(value: unknown, key: string): unknown {
  const start = { line: 0, character: 0 };
  return /range$/i.test(key) ? { start, end: start } : value;
}

interface Elsewhere {
  /** Otherwise its places are as they should be. */
  readonly isNotebook: boolean;
  /** Undefined when the notebook has none. */
  readonly cell?: CellPlace | undefined;
}

/** Of what says by a uri of its own where it is. Undefined for all that is where the question was. */
function placeOf(value: unknown, world: CellWorld): Elsewhere | undefined {
  const uri = field(value, 'targetUri') ?? uriOf(value) ?? uriOf(field(value, 'textDocument'));
  if (typeof uri !== 'string') return undefined;
  const cells = cellsOf(uri, world);
  if (!cells) return { isNotebook: false };
  const start = field(field(value, 'targetRange') ?? field(value, 'range') ?? field(value, 'selectionRange'), 'start');
  return { isNotebook: true, cell: isPosition(start) ? cellAt(cells, start.line) : cells[0] };
}

function cellsOf(uri: string, { documents, cells }: CellWorld): readonly CellPlace[] | undefined {
  const open = documents.get(uri)?.notebook?.cells;
  if (open || !uri.endsWith('.ipynb')) return open;
  // What was open a moment ago may still have uris of its cells.
  return cells(uri)?.map(({ index, line }) => ({ index, line }));
}

/** Whether an item of a list is of the cell that was asked about, as far as it says where it is. */
function isInside(item: unknown, { cells, cell }: Asked): boolean {
  if (uriOf(item) !== undefined || field(item, 'targetUri') !== undefined || field(item, 'location') !== undefined)
    return true;
  const at = field(field(item, 'range') ?? item, 'start') ?? field(item, 'position');
  return !isPosition(at) || (at.line >= cell.line && at.line < nextLine(cells, cell));
}

type Changes = Readonly<Record<string, readonly unknown[]>>;

function isChanges(value: unknown): value is Changes {
  return typeof value === 'object' && value !== null && Object.values(value).every((edits) => Array.isArray(edits));
}

/** The edits of a workspace edit, those in notebooks under the uris of their cells. */
function changesInCells(changes: Changes, world: CellWorld): Changes {
  const result = new Map<string, unknown[]>();
  for (const [uri, edits] of Object.entries(changes)) {
    for (const [target, own] of editsByCell(uri, edits, world))
      result.set(target, [...(result.get(target) ?? []), ...own]);
  }
  return Object.fromEntries(result);
}

/** `{textDocument, edits}` as one for each cell; undefined for anything else. */
function editsOf(value: unknown, world: CellWorld): readonly unknown[] | undefined {
  const document = field(value, 'textDocument');
  const edits = field(value, 'edits');
  const uri = uriOf(document);
  if (uri === undefined || !Array.isArray(edits) || !cellsOf(uri, world)) return undefined;
  return [...editsByCell(uri, edits, world)].map(([target, own]) => ({
    textDocument: { uri: target, version: null },
    edits: own,
  }));
}

class ClosedNotebook extends Error {}

/** Throws where a notebook is not open: its file is no text that edits could be made in. */
function editsByCell(uri: string, edits: readonly unknown[], world: CellWorld): ReadonlyMap<string, unknown[]> {
  const cells = cellsOf(uri, world);
  if (!cells) return new Map([[uri, [...edits]]]);
  const result = new Map<string, unknown[]>();
  for (const edit of edits) {
    const start = field(field(edit, 'range'), 'start');
    const cell = isPosition(start) ? cellAt(cells, start.line) : undefined;
    if (cell?.uri === undefined)
      throw new ClosedNotebook(`Open ${shortPath(uri)} first: a notebook that is closed cannot be changed.`);
    result.set(cell.uri, [...(result.get(cell.uri) ?? []), moved(edit, cell, world, 0)]);
  }
  return result;
}

function isPosition(value: unknown): value is Position {
  return typeof field(value, 'line') === 'number' && typeof field(value, 'character') === 'number';
}

function uriOf(value: unknown): string | undefined {
  const uri = field(value, 'uri');
  return typeof uri === 'string' ? uri : undefined;
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? Reflect.get(value, name)
    : undefined;
}
