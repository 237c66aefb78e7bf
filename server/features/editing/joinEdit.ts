// Join edit: the line in plumbline.yaml that says that two names belong together.
import type { WorkspaceEdit } from 'vscode-languageserver-types';

export interface PlumblineYaml {
  readonly uri: string;
  /** Undefined when there is no such file. */
  readonly text: string | undefined;
}

/** `from` and `to`: `kind:name`, or an entity id. Below the others when there are some. */
export function joinEdit({ uri, text }: PlumblineYaml, from: string, to: string): WorkspaceEdit {
  const row = `  - from: ${JSON.stringify(from)}\n    to: ${JSON.stringify(to)}\n`;
  const start = { line: 0, character: 0 };
  if (text === undefined) {
    const edits = [{ range: { start, end: start }, newText: `version: 1\njoins:\n${row}` }];
    return {
      documentChanges: [
        { kind: 'create', uri },
        { textDocument: { uri, version: null }, edits },
      ],
    };
  }
  const lines = text.split('\n');
  const joins = lines.findIndex((line) => /^joins:\s*(#.*)?$/.test(line));
  const last = { line: lines.length - 1, character: lines.at(-1)?.length ?? 0 };
  const place = joins >= 0 ? { line: joins + 1, character: 0 } : last;
  const before = joins >= 0 || last.character === 0 ? '' : '\n';
  const newText = joins >= 0 ? row : `${before}joins:\n${row}`;
  return {
    documentChanges: [
      { textDocument: { uri, version: null }, edits: [{ range: { start: place, end: place }, newText }] },
    ],
  };
}
