// User: who runs us: the environment variables, the home folder and the operating system, as the process was given them.
import os from 'node:os';

export interface User {
  /** Of an environment variable; undefined when it is not set or empty. */
  variable(name: string): string | undefined;
  /** Absolute. */
  readonly home: string;
  readonly platform: 'linux' | 'darwin' | 'win32';
}

export function thisUser(): User {
  const platform = process.platform === 'win32' || process.platform === 'darwin' ? process.platform : 'linux';
  return { variable: (name) => process.env[name] || undefined, home: os.homedir(), platform };
}
