// Documents: the texts and notebooks that are open in the editor, edited incrementally.
import { type Connection, TextDocuments } from 'vscode-languageserver/node';
import { editDocument, type ParsedDocument, parseDocument } from '../syntax/document.ts';
import { languageIdOf } from '../syntax/languages.ts';
import { OpenNotebooks } from './notebooks.ts';

type Listener = (event: { readonly document: ParsedDocument }) => void;

/** A notebook is one document, under its own uri. */
export interface Documents {
  get(uri: string): ParsedDocument | undefined;
  all(): readonly ParsedDocument[];
  /** The notebook of an open cell, by the uri of the cell. */
  ofCell(uri: string): ParsedDocument | undefined;
  /** When it was opened, too. */
  onDidChangeContent(listener: Listener): void;
  onDidClose(listener: Listener): void;
  onDidSave(listener: Listener): void;
}

export function openDocuments(connection: Connection): Documents {
  const texts = new TextDocuments<ParsedDocument>({
    create: (uri, languageId, version, text) => parseDocument({ uri, languageId, version, text }),
    update: (document, changes, version) => editDocument(document, changes, version),
  });
  texts.listen(connection);
  const changed: Listener[] = [];
  const closed: Listener[] = [];
  const saved: Listener[] = [];
  const tell = (listeners: readonly Listener[]) => (document: ParsedDocument) => {
    for (const listener of listeners) listener({ document });
  };
  const notebooks = new OpenNotebooks(connection, {
    changed: tell(changed),
    closed: tell(closed),
    saved: tell(saved),
  });
  const told = (listener: Listener) => (event: { readonly document: ParsedDocument }) => {
    if (!isFileOfNotebook(event.document)) listener(event);
  };
  return {
    get: (uri) => notebooks.get(uri) ?? only(texts.get(uri)),
    all: () => [...texts.all().filter((document) => !isFileOfNotebook(document)), ...notebooks.all()],
    ofCell: (uri) => notebooks.ofCell(uri),
    onDidChangeContent(listener) {
      texts.onDidChangeContent(told(listener));
      changed.push(listener);
    },
    onDidClose(listener) {
      texts.onDidClose(told(listener));
      closed.push(listener);
    },
    onDidSave(listener) {
      texts.onDidSave(told(listener));
      saved.push(listener);
    },
  };
}

/** Opened as the JSON that it is, whose lines are not those of the notebook. */
function isFileOfNotebook({ uri }: ParsedDocument): boolean {
  return languageIdOf(uri) === 'ipynb';
}

function only(document: ParsedDocument | undefined): ParsedDocument | undefined {
  return document && !isFileOfNotebook(document) ? document : undefined;
}
