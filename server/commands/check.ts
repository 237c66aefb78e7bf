// check PATH…: what the editor would underline: names that their tool does not know, and mistakes in plumbline.yaml.
import type { Diagnostic } from 'vscode-languageserver-types';
import { documentDiagnostics } from '../answers.ts';
import { pathOf } from '../context.ts';
import { count } from '../features/words.ts';
import { type CellPlace, cellAt, rangeInCell } from '../syntax/notebook/cells.ts';
import { isUnasked, resolved } from './resolve.ts';
import type { Answer, CommandContext } from './run.ts';
import { cellWords, columns, shownPath, unreadSources } from './shown.ts';

/** Lines from 1, columns from 0 in UTF-16 units, end exclusive; as `refs --json`. */
export interface FindingJson {
  readonly path: string;
  /** As in `refs --json`. */
  readonly cell?: number;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  readonly severity: 'error' | 'warning' | 'information' | 'hint';
  /** `missing`: its tool listed all and it was not there; `gone`: it was there once. Absent for plumbline.yaml. */
  readonly code?: 'missing' | 'gone';
  readonly message: string;
}

const severities = ['error', 'warning', 'information', 'hint'] as const;

/** Exit 1 for findings; 3 when there are none but some names could not be asked about because a source failed. */
export async function check(context: CommandContext): Promise<Answer> {
  const { session, uris, folder } = context;
  const texts = await rulesTexts(context);
  const findings = session.read((snapshot) =>
    [...new Set([...uris, ...texts.keys()])].sort().flatMap((uri) => {
      const shown = shownPath(pathOf(uri) ?? uri, folder);
      const found = documentDiagnostics(snapshot, { uri, version: 0, text: texts.get(uri) ?? '' });
      const cells = session.index.cells(uri);
      return found.map((one) => toFinding(one, shown, cells));
    }),
  );
  const unasked = resolved(context).filter(isUnasked);
  const rows = findings.map((one) => [
    `${one.path}${cellWords(one.cell)}:${one.line}:${one.column + 1}`,
    one.severity,
    one.message,
  ]);
  const unread = unasked.length > 0 ? session.read(({ catalog }) => unreadSources(catalog)) : '';
  const words = [
    findings.length === 0 ? 'Every name that could be asked about is known.\n' : columns(rows),
    unasked.length > 0 ? `${count(unasked.length, 'name')} could not be asked about.\n${unread}` : '',
  ];
  return { json: findings, words: words.join(''), exit: findings.length > 0 ? 1 : unasked.length > 0 ? 3 : 0 };
}

/** Every plumbline.yaml that was asked about, by uri. */
async function rulesTexts({ session, rulesFiles }: CommandContext): Promise<ReadonlyMap<string, string>> {
  const texts = rulesFiles.map(async (uri) => [uri, await session.host.readText(pathOf(uri) ?? '')] as const);
  return new Map(await Promise.all(texts));
}

function toFinding(
  { range, severity, code, message }: Diagnostic,
  path: string,
  cells: readonly CellPlace[] = [],
): FindingJson {
  const cell = cellAt(cells, range.start.line);
  const { start, end } = cell ? rangeInCell(cell, range) : range;
  return {
    path,
    ...(cell && { cell: cell.index }),
    line: start.line + 1,
    column: start.character,
    endLine: end.line + 1,
    endColumn: end.character,
    severity: severities[(severity ?? 1) - 1] ?? 'error',
    ...(code === 'missing' || code === 'gone' ? { code } : {}),
    message: typeof message === 'string' ? message : message.value,
  };
}
