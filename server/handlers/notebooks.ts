// Notebooks: those that are open in the editor, cell by cell; each is one document for everybody else.
import type {
  Connection,
  DidChangeNotebookDocumentParams,
  DidOpenNotebookDocumentParams,
  NotebookCell,
  NotebookCellKind,
  TextDocumentItem,
} from 'vscode-languageserver/node';
import { type ParsedDocument, parseNotebook } from '../syntax/document.ts';
import { Cell } from '../syntax/notebook/cell.ts';
import { cellLanguage, fileMetadata, saidLanguage, saysDatabricks } from '../syntax/notebook/ipynb.ts';

const codeKind = 2;

/** A cell of any kind. */
interface OpenCell {
  readonly uri: string;
  readonly kind: NotebookCellKind;
  readonly languageId: string;
  readonly metadata: unknown;
  readonly content: Cell;
}

interface OpenNotebook {
  readonly metadata: unknown;
  readonly cells: readonly OpenCell[];
  readonly document: ParsedDocument;
}

export interface NotebookEvents {
  readonly changed: (document: ParsedDocument) => void;
  readonly closed: (document: ParsedDocument) => void;
  readonly saved: (document: ParsedDocument) => void;
}

export class OpenNotebooks {
  readonly #events: NotebookEvents;
  readonly #open = new Map<string, OpenNotebook>();
  /** By the uri of a cell, that of its notebook. */
  readonly #notebookOf = new Map<string, string>();

  constructor({ notebooks: { synchronization } }: Connection, events: NotebookEvents) {
    this.#events = events;
    synchronization.onDidOpenNotebookDocument((params) => this.#opened(params));
    synchronization.onDidChangeNotebookDocument((params) => this.#changed(params));
    synchronization.onDidSaveNotebookDocument(({ notebookDocument: { uri } }) => {
      const document = this.get(uri);
      if (document) events.saved(document);
    });
    synchronization.onDidCloseNotebookDocument(({ notebookDocument: { uri } }) => this.#closed(uri));
  }

  get(uri: string): ParsedDocument | undefined {
    return this.#open.get(uri)?.document;
  }

  /** The notebook that a cell is of, by the uri of the cell. */
  ofCell(uri: string): ParsedDocument | undefined {
    const notebook = this.#notebookOf.get(uri);
    return notebook === undefined ? undefined : this.get(notebook);
  }

  all(): readonly ParsedDocument[] {
    return [...this.#open.values()].map(({ document }) => document);
  }

  #opened({ notebookDocument, cellTextDocuments }: DidOpenNotebookDocumentParams): void {
    const { uri, version, metadata, cells } = notebookDocument;
    const texts = new Map(cellTextDocuments.map((one) => [one.uri, one]));
    this.#put(uri, version, metadata, joined(cells, texts, []));
  }

  #changed({ notebookDocument: { uri, version }, change }: DidChangeNotebookDocumentParams): void {
    const notebook = this.#open.get(uri);
    if (!notebook) return;
    let cells = notebook.cells;
    const { structure, data, textContent } = change.cells ?? {};
    if (structure) {
      const { start, deleteCount, cells: added = [] } = structure.array;
      const texts = new Map((structure.didOpen ?? []).map((one) => [one.uri, one]));
      const next = [...cells];
      next.splice(start, deleteCount, ...joined(added, texts, cells));
      // What was opened anew without being moved: another language, as a rule.
      cells = next.map((cell) => {
        const text = texts.get(cell.uri);
        return text ? opened({ kind: cell.kind, document: cell.uri }, text, cell.metadata) : cell;
      });
    }
    for (const { document: cellUri, kind, metadata } of data ?? [])
      cells = cells.map((cell) =>
        cell.uri === cellUri ? { ...cell, kind, metadata: metadata ?? cell.metadata } : cell,
      );
    for (const { document: changed, changes } of textContent ?? [])
      cells = cells.map((cell) =>
        cell.uri === changed.uri ? { ...cell, content: cell.content.edited(changes) } : cell,
      );
    this.#put(uri, version, change.metadata ?? notebook.metadata, cells);
  }

  #put(uri: string, version: number, metadata: unknown, given: readonly OpenCell[]): void {
    this.#forget(uri);
    const isDatabricks = [metadata, ...given.map((cell) => cell.metadata)].some((one) =>
      saysDatabricks(fileMetadata(one)),
    );
    const cells = given.map((cell) => read(cell, isDatabricks));
    const code = cells.flatMap(({ uri: cellUri, kind, content }, index) =>
      kind === codeKind ? [{ index, uri: cellUri, cell: content }] : [],
    );
    const document = parseNotebook(uri, version, code);
    for (const cell of cells) this.#notebookOf.set(cell.uri, uri);
    this.#open.set(uri, { metadata, cells, document });
    this.#events.changed(document);
  }

  #closed(uri: string): void {
    const document = this.get(uri);
    this.#forget(uri);
    this.#open.delete(uri);
    if (document) this.#events.closed(document);
  }

  #forget(uri: string): void {
    for (const cell of this.#open.get(uri)?.cells ?? []) this.#notebookOf.delete(cell.uri);
  }
}

/** With the texts that came with them, else those they had before. */
function joined(
  cells: readonly NotebookCell[],
  texts: ReadonlyMap<string, TextDocumentItem>,
  before: readonly OpenCell[],
): readonly OpenCell[] {
  return cells.map((cell) => {
    const known = texts.has(cell.document) ? undefined : before.find(({ uri }) => uri === cell.document);
    return known ? { ...known, kind: cell.kind } : opened(cell, texts.get(cell.document), cell.metadata);
  });
}

function opened(
  { kind, document: uri }: Pick<NotebookCell, 'kind' | 'document'>,
  text: TextDocumentItem | undefined,
  metadata: unknown,
): OpenCell {
  const content = new Cell(text?.text ?? '', { language: 'none', isDatabricks: false });
  return { uri, kind, languageId: text?.languageId ?? '', metadata, content };
}

/** As its language, and the notebook, want it. */
function read(cell: OpenCell, isDatabricks: boolean): OpenCell {
  const { kind, languageId, metadata, content } = cell;
  const said = saidLanguage(fileMetadata(metadata));
  const language = kind === codeKind ? cellLanguage(said ?? languageId) : 'none';
  const { rules } = content;
  if (rules.language === language && rules.isDatabricks === isDatabricks) return cell;
  return { ...cell, content: new Cell(content.text, { language, isDatabricks }) };
}
