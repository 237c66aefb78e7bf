// Documents: the texts that are open in the editor, edited incrementally.
import { type Connection, TextDocuments } from 'vscode-languageserver/node';
import { editDocument, type ParsedDocument, parseDocument } from '../syntax/document.ts';

export type Documents = TextDocuments<ParsedDocument>;

export function openDocuments(connection: Connection): Documents {
  const documents = new TextDocuments<ParsedDocument>({
    create: (uri, languageId, version, text) => parseDocument({ uri, languageId, version, text }),
    update: (document, changes, version) => editDocument(document, changes, version),
  });
  documents.listen(connection);
  return documents;
}
