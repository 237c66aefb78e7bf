// Constants: the module-level constant under a cursor, as the name that the code computed from it names; no reference itself.

import { sameName } from '../../catalog/names.ts';
import type { Position } from '../../syntax/text.ts';
import { nameScope } from '../evaluation/bindings.ts';
import { Evaluator, type Modules } from '../evaluation/evaluate.ts';
import { textOfSegments } from '../evaluation/value.ts';
import type { Span } from '../expression.ts';
import type { Reference } from '../reference.ts';
import type { FileSummary, PlacedBinding, PlacedBlock } from '../summary.ts';

export interface ConstantParts {
  readonly summary: FileSummary;
  readonly modules: Modules;
  /** What the blocks say that read this name of this file. */
  readersOf(name: string): Iterable<Reference>;
}

/**
 * `MODEL_NAME = "churn"`, with the cursor on the name or its value: what it names where it is used. Undefined when no
 * constant stands there, its value is not known, or nothing with that name is computed from it.
 */
export function constantAt({ summary, modules, readersOf }: ConstantParts, at: Position): Reference | undefined {
  const placed = summary.blocks.findLast(({ line }) => line <= at.line);
  const found = placed && assignedAt(placed, at);
  if (!placed || !found) return undefined;
  const { binding, span } = found;
  const { content, scope, line } = binding;
  const env = { uri: summary.uri, block: placed.block, scope, line, blockLine: placed.line };
  const value = new Evaluator(modules).value(content.value, env);
  if (value.is !== 'text') return undefined;
  const name = textOfSegments(value.segments);
  const use = likeliest([...readersOf(content.name)], content.name, name);
  if (!use) return undefined;
  // A version, an alias or a package belongs to the place of use.
  const { kind, tool, detail } = use;
  const [first, column, last, endColumn] = span;
  return {
    kind,
    name: use.name,
    role: 'mentions',
    range: { start: { line: first, character: column }, end: { line: last, character: endColumn } },
    text: content.name,
    tool,
    detail: detail.container === undefined ? {} : { container: detail.container },
    confidence: 'constant',
    via: 'python.constant',
    within: {},
  };
}

/** Lines of the span count from the first of the file. */
function assignedAt(
  { line: base, block }: PlacedBlock,
  at: Position,
): { readonly binding: PlacedBinding; readonly span: Span } | undefined {
  for (const binding of block.bindings) {
    const { content, scope, line } = binding;
    if (content.sort !== 'assigned' || nameScope(block, scope) !== 0) continue;
    const [first, column, last, endColumn] = content.value.at;
    // The quotes belong to it.
    const value: Span = [base + line + first, Math.max(0, column - 1), base + line + last, endColumn + 1];
    if (isIn(value, at)) return { binding, span: [value[0], column, value[2], endColumn] };
    // Only what begins a statement is known to begin with its name.
    const name: Span = [base, block.column, base, block.column + content.name.length];
    if (line === 0 && binding === block.bindings[0] && scope === 0 && isIn(name, at)) return { binding, span: name };
  }
  return undefined;
}

function isIn([first, column, last, endColumn]: Span, { line, character }: Position): boolean {
  const after = line > first || (line === first && character >= column);
  const before = line < last || (line === last && character <= endColumn);
  return after && before;
}

/** Of what has this very name: first what is written with the constant's name, then the kind that is meant most often. */
function likeliest(used: readonly Reference[], constant: string, name: string): Reference | undefined {
  const same = used.filter((reference) => sameName(reference.kind, reference.name, name));
  const mention = new RegExp(`(^|[^\\w])${constant}($|[^\\w])`, 'u');
  const written = same.filter((reference) => mention.test(reference.text));
  const candidates = written.length > 0 ? written : same.filter((reference) => reference.confidence !== 'literal');
  const times = new Map<string, number>();
  for (const reference of candidates) times.set(reference.kind, (times.get(reference.kind) ?? 0) + 1);
  return candidates.reduce<Reference | undefined>(
    (best, one) => (best && (times.get(best.kind) ?? 0) >= (times.get(one.kind) ?? 0) ? best : one),
    undefined,
  );
}
