// Steps: a feature that looks at a whole file is a generator, so that other requests get through between its steps.

/** To the end at once, for whoever has nothing else to do. */
export function finish<Result>(steps: Generator<unknown, Result>): Result {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}
