// Reads the arguments of desktop VS Code, as @vscode/test-electron gives them, for the launcher of the browser build.
import { resolve } from 'node:path';

export interface Arguments {
  readonly development: readonly string[];
  readonly tests: string;
  readonly target: string | undefined;
  readonly trust: 'given' | 'asked';
}

/** { development: folders, tests: module, target: folder or .code-workspace or undefined, trust }. Unknown switches are VS Code's own and dropped. */
export function readArguments(args: readonly string[]): Arguments {
  const all = (name: string) =>
    args
      .filter((arg) => arg.startsWith(`--${name}=`))
      .map((arg) => resolve(arg.slice(name.length + 3).replace(/^file:\/\//, '')));
  const targets = args.filter((arg) => !arg.startsWith('-'));
  if (targets.length > 1) {
    throw new Error(`One folder or .code-workspace can be opened, not ${targets.length}: ${targets.join(', ')}`);
  }
  const [tests] = all('extensionTestsPath');
  if (!tests)
    throw new Error('--extensionTestsPath=<module> is missing: the launcher opens VS Code only to run tests in it.');
  // @vscode/test-electron always disables workspace trust; the tests of Restricted Mode ask for it in the environment.
  const trust = process.env.PLUMBLINE_TRUST === 'asked' ? 'asked' : 'given';
  return { development: all('extensionDevelopmentPath'), tests, target: targets[0] && resolve(targets[0]), trust };
}
