// Start: many things of one tool behind an address, in a process of their own, and a sync with them in another one.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';

export const largeTools = [
  'mlflow',
  'airflow',
  'databricks',
  'datadog',
  'dbt',
  'marquez',
  'snowflake',
  'ray',
  'prometheus',
  'alertmanager',
  's3',
] as const;
export type LargeTool = (typeof largeTools)[number];

export interface LargeSynced {
  readonly tool: LargeTool;
  /** Of what the server has. */
  readonly size: number;
  /** Rows of our store afterwards. */
  readonly entities: number;
  readonly runs: number;
  /** Requests that came to the server. */
  readonly first: number;
  readonly second: number;
  /** In the minutes after it. */
  readonly idle: number;
  /** For a warehouse: of the first sync, and of all that came after it. */
  readonly statements: { readonly first: number; readonly background: number };
  readonly firstMs: number;
  /** Resident, more than before the first sync. */
  readonly mb: number;
  /** After the first sync, and at the end. */
  readonly health: string;
  readonly reason?: string;
  readonly healthAfter: string;
  readonly reasonAfter?: string;
}

/** The first message of a program of this folder. */
async function started(
  program: string,
  args: readonly string[],
  execArgv: readonly string[] = [],
): Promise<readonly [ChildProcess, unknown]> {
  const child = fork(path.join(import.meta.dirname, program), args, { execArgv: [...process.execArgv, ...execArgv] });
  const ended = new AbortController();
  const exit = once(child, 'exit', { signal: ended.signal }).then(([code]) => {
    throw new Error(`${program} ${args.join(' ')} ended (${code}) before it said anything.`);
  });
  exit.catch(() => {});
  const [said] = await Promise.race([once(child, 'message'), exit]);
  ended.abort();
  return [child, said];
}

export class LargeProcess {
  readonly url: string;
  readonly #process: ChildProcess;

  private constructor(child: ChildProcess, url: string) {
    this.#process = child;
    this.url = url;
  }

  static async start(tool: LargeTool, size: number): Promise<LargeProcess> {
    const [child, said] = await started('main.ts', [tool, String(size)]);
    return new LargeProcess(child, (said as { readonly url: string }).url);
  }

  /** `METHOD /path?query` of all that came since the last time. */
  async asked(): Promise<readonly string[]> {
    this.#process.send('asked');
    const [{ asked }] = (await once(this.#process, 'message')) as [{ readonly asked: readonly string[] }];
    return asked;
  }

  close(): void {
    if (this.#process.connected) this.#process.disconnect();
  }
}

/** Beyond it the process of the sync ends. */
const heapMb = 600;

/** Two processes: the server, and the sync that is measured. `minutes`: in which nobody looks, on a simulated clock. */
export async function largeSync(tool: LargeTool, size: number, minutes: number): Promise<LargeSynced> {
  const [, said] = await started('sync.ts', [tool, String(size), String(minutes)], [`--max-old-space-size=${heapMb}`]);
  return said as LargeSynced;
}
