// Summarize: which reader makes the summary of a document, by its language.
import type { ParsedDocument } from '../syntax/document.ts';
import type { DocumentLanguage } from '../syntax/languages.ts';
import { summarizeConfig, summarizeToml } from './configs/file.ts';
import { summarizeEnv } from './env/file.ts';
import { summarizeNotebook, withDatabricks } from './notebook/file.ts';
import { summarizePython } from './python/file.ts';
import type { RuleSet } from './rules/rule.ts';
import { summarizeScanned } from './scanned.ts';
import { summarizeDockerfile } from './shell/dockerfile.ts';
import { summarizeShell } from './shell/file.ts';
import { summarizeMake } from './shell/make.ts';
import { summarizeSql } from './sql/file.ts';
import { hasSessions, withSessions } from './sql/sessions.ts';
import type { FileSummary } from './summary.ts';
import { summarizeTerraform } from './terraform/file.ts';

type Reader = (document: ParsedDocument, rules: RuleSet, isReadOnce: boolean) => FileSummary;

const readers: Readonly<Partial<Record<DocumentLanguage, Reader>>> = {
  python: (document, rules, isReadOnce) =>
    document.chunks ? summarizePython(document, document.chunks, rules, isReadOnce) : summarizeScanned(document, rules),
  sql: summarizeSql,
  yaml: summarizeConfig,
  json: summarizeConfig,
  toml: summarizeToml,
  shell: summarizeShell,
  make: summarizeMake,
  dockerfile: summarizeDockerfile,
  env: summarizeEnv,
  terraform: summarizeTerraform,
  notebook: (document, rules) => summarizeNotebook(document, rules, summarize),
};

/**
 * Pure; remembers blocks of the documents before, by the identity of their unchanged trees. `isReadOnce`: nobody edits it,
 * so nothing of it is remembered.
 */
export function summarize(document: ParsedDocument, rules: RuleSet, isReadOnce = false): FileSummary {
  const summary = readers[document.language]?.(document, rules, isReadOnce);
  if (!summary) return { uri: document.uri, language: 'none', rules: rules.hash, blocks: [] };
  const whole = withDatabricks(summary, document, rules, summarize);
  const { language } = document;
  if (language !== 'python' && language !== 'notebook') return whole;
  if (isReadOnce && !hasSessions(whole.blocks)) return whole;
  const blocks = withSessions(whole.blocks);
  return blocks === whole.blocks ? whole : { ...whole, blocks };
}
