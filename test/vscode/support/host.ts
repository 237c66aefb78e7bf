// The harness of suites inside VS Code: `hostTest` names a test, `run` is what VS Code calls; results go to PLUMBLINE_RESULTS.
import { appendFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

const deadlineMs = 150_000;
const untilMs = 60_000;
const tests: { readonly name: string; readonly body: () => Promise<void> }[] = [];

/** Adds a test; all run one after the other, in one window that has the sample open. */
export function hostTest(name: string, body: () => Promise<void>): void {
  tests.push({ name, body });
}

/** Asks until there is an answer other than undefined and false; fails with `what` after a minute. */
export async function until<T>(what: string, ask: () => T | Promise<T>): Promise<NonNullable<T>> {
  const endMs = Date.now() + untilMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== null && answer !== false) return answer;
    if (Date.now() > endMs) throw new Error(`It did not happen within ${untilMs / 1000} s: ${what}`);
    await sleep(100);
  }
}

async function outcome(body: () => Promise<void>): Promise<string | undefined> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error(`It did not end within ${deadlineMs / 1000} s`)), deadlineMs);
  try {
    await Promise.race([body(), late.promise]);
    return undefined;
  } catch (error) {
    return error instanceof Error ? (error.stack ?? error.message) : String(error);
  } finally {
    clearTimeout(timer);
  }
}

/** Runs all; rejects when one failed, which is how VS Code learns of it. */
export async function run(): Promise<void> {
  let failed = 0;
  for (const { name, body } of tests) {
    const error = await outcome(body);
    if (error) failed += 1;
    if (process.env.PLUMBLINE_RESULTS)
      appendFileSync(process.env.PLUMBLINE_RESULTS, `${JSON.stringify({ name, error })}\n`);
    console.log(`${error ? '✖' : '✔'} ${name}`);
  }
  if (failed > 0) throw new Error(`${failed} of ${tests.length} tests failed`);
}
