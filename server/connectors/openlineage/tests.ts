// Tests: what a run says of the tests that it made (the `test` facet 1-0-1 of OpenLineage, spec of 2026-08).
import { list, oneLine, record } from '../json.ts';

export interface Tests {
  /** `3 passed, 1 failed, 1 skipped: not_null_id failed`. */
  readonly words: string;
  /** Of the first that failed and was to stop the run; undefined when none did. */
  readonly failure?: string;
}

const mostNamed = 3;

/** Undefined when the run made none. */
export function testsOf(facet: unknown): Tests | undefined {
  const tests = list(record(facet).tests).map((test) => {
    const { name, status, severity } = record(test);
    return { name: oneLine(name) ?? 'a test', status: oneLine(status)?.toLowerCase(), severity: oneLine(severity) };
  });
  if (tests.length === 0) return undefined;
  const of = (pattern: RegExp) => tests.filter(({ status }) => status !== undefined && pattern.test(status));
  const [passed, failed, skipped] = [of(/^pass/), of(/^(?:fail|error)/), of(/^skip/)];
  const counts = [`${passed.length} passed`, `${failed.length} failed`];
  if (skipped.length > 0) counts.push(`${skipped.length} skipped`);
  const names = failed.slice(0, mostNamed).map(({ name }) => name);
  const more = failed.length > mostNamed ? ` and ${failed.length - mostNamed} more` : '';
  const words = `${counts.join(', ')}${names.length > 0 ? `: ${names.join(', ')}${more} failed` : ''}`;
  const [first] = failed.filter(({ severity }) => !/^warn/i.test(severity ?? ''));
  return { words, ...(first ? { failure: `the test ${first.name} failed` } : {}) };
}
