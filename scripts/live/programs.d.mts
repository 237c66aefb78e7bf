// Types of programs.mjs for the tests.
interface Options {
  readonly env: NodeJS.ProcessEnv;
  readonly cwd?: string;
  readonly stops: (() => Promise<void>)[];
}
export function freePort(): Promise<number>;
export function finish(program: string, args: readonly string[], options: Options): Promise<void>;
export function serve(
  program: string,
  args: readonly string[],
  options: Options & { readonly url: string },
): Promise<void>;
