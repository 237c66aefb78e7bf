// File diagnostics: the mistakes of a plumbline.yaml and its rules that cannot be tried, each at its line.
import { type Diagnostic, DiagnosticSeverity } from 'vscode-languageserver-types';
import { type MetricRule, parsePlumblineFile, plumblineFileName } from '../workspace/plumblineFile.ts';
import type { FileProblem } from '../workspace/yamlShape.ts';

/** Undefined when the file is not a plumbline.yaml. `untried` tells the rules that no datapoint can be held against. */
export function fileDiagnostics(
  uri: string,
  text: string,
  untried: (rules: readonly MetricRule[]) => readonly FileProblem[],
): readonly Diagnostic[] | undefined {
  if (!uri.endsWith(`/${plumblineFileName}`)) return undefined;
  const { config, problems } = parsePlumblineFile(text);
  return [
    ...problems.map((problem) => diagnostic(problem, DiagnosticSeverity.Error)),
    ...untried(config.metrics).map((problem) => diagnostic(problem, DiagnosticSeverity.Warning)),
  ];
}

function diagnostic({ message, range }: FileProblem, severity: DiagnosticSeverity): Diagnostic {
  return { message, range, severity, source: 'plumbline' };
}
