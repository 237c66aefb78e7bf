// Counts what passed and what failed, and says each failure where it happens.
export interface Part {
  readonly name: string;
  /** What it checks, for the list of `--only`. */
  readonly about: string;
  /** What to do when it fails. */
  readonly next: string;
  run(tally: Tally, patterns: readonly string[]): Promise<void>;
}

export class Tally {
  passed = 0;
  failed = 0;

  pass(): void {
    this.passed += 1;
  }

  /** `detail` is what the failing tool said; it is shown indented. */
  fail(name: string, detail: string): void {
    this.failed += 1;
    const indented = detail.trim().replace(/^/gm, '    ');
    console.log(`  ✖ ${name}\n${indented}`);
  }
}

/** Runs one part, with its time; what it throws is its failure. */
export async function runPart(part: Part, tally: Tally, patterns: readonly string[]): Promise<void> {
  const own = new Tally();
  const startedMs = Date.now();
  console.log(`\n${part.name}: ${part.about}`);
  try {
    await part.run(own, patterns);
  } catch (error) {
    own.fail(part.name, error instanceof Error ? error.message : String(error));
  }
  if (own.passed + own.failed === 0 && patterns.length === 0)
    own.fail(part.name, 'It ran no test, which is not a success.');
  const seconds = ((Date.now() - startedMs) / 1000).toFixed(1);
  console.log(`  ${own.passed} passed, ${own.failed} failed in ${seconds} s`);
  if (own.failed > 0) console.log(`  What to do: ${part.next}`);
  tally.passed += own.passed;
  tally.failed += own.failed;
}
