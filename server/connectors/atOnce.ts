// Many small questions at once, but not all of them: answers in the order of the items.

/** Asks at most `limit` at a time; rejects with the first failure. */
export async function eachOf<T, R>(
  items: readonly T[],
  limit: number,
  ask: (item: T) => Promise<R> | R,
): Promise<readonly R[]> {
  const answers: R[] = new Array(items.length);
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < items.length) {
      const index = next++;
      answers[index] = await ask(items[index] as T);
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker));
  return answers;
}
