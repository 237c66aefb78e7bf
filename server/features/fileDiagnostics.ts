// File diagnostics: the mistakes of a plumbline.yaml, each at its line.
import { type Diagnostic, DiagnosticSeverity } from 'vscode-languageserver-types';
import { parsePlumblineFile, plumblineFileName } from '../workspace/plumblineFile.ts';

/** Undefined when the file is not a plumbline.yaml. */
export function fileDiagnostics(uri: string, text: string): readonly Diagnostic[] | undefined {
  if (!uri.endsWith(`/${plumblineFileName}`)) return undefined;
  return parsePlumblineFile(text).problems.map(({ message, range }) => ({
    message,
    range,
    severity: DiagnosticSeverity.Error,
    source: 'plumbline',
  }));
}
