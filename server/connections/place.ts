// Place: where the user's own connections.json is, on each operating system.
import path from 'node:path';
import type { User } from '../world/user.ts';

export const connectionsFileName = 'connections.json';

/** Absolute path, whether or not the file is there. `PLUMBLINE_CONFIG_DIR` goes before everything, if it is absolute. */
export function connectionsPlace(user: User): string {
  const { join } = user.platform === 'win32' ? path.win32 : path.posix;
  return join(configFolder(user), connectionsFileName);
}

/** XDG Base Directory Specification 0.8: a relative XDG_CONFIG_HOME is to be ignored. */
function configFolder(user: User): string {
  const { isAbsolute, join } = user.platform === 'win32' ? path.win32 : path.posix;
  const named = (name: string): string | undefined => {
    const value = user.variable(name);
    return value !== undefined && isAbsolute(value) ? value : undefined;
  };
  const own = named('PLUMBLINE_CONFIG_DIR');
  if (own) return own;
  if (user.platform === 'win32') return join(named('APPDATA') ?? join(user.home, 'AppData', 'Roaming'), 'plumbline');
  if (user.platform === 'darwin') return join(user.home, 'Library', 'Application Support', 'plumbline');
  return join(named('XDG_CONFIG_HOME') ?? join(user.home, '.config'), 'plumbline');
}
