// Types of environments.mjs for the tests, which are TypeScript.

export interface PythonEnvironment {
  readonly folder: string;
  readonly python: string;
  bin(program: string): string;
}

export const names: readonly string[];

export function environment(name: string, report?: (message: string) => void): Promise<PythonEnvironment>;
