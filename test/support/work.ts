// Work: how much of the processor something takes, so that a bound on it holds on a busy machine too.

/** Milliseconds of processor time that this process spent on `work`; for bounds that only a wrong order of growth breaks. */
export function workMs(work: () => unknown): number {
  const before = process.cpuUsage();
  work();
  return spentMs(before);
}

export async function workMsOf(work: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  return spentMs(before);
}

function spentMs(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before);
  return Math.round((user + system) / 1000);
}
