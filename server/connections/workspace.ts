// Workspace: whether a file that should be the user's own is in truth one of the workspace, wherever links lead.
import path from 'node:path';
import { realPath } from '../world/files.ts';
import type { User } from '../world/user.ts';

/** False for what is in the user's home folder when that itself is open. `workspace`: absolute folders. */
export async function isOfWorkspace(file: string, user: User, workspace: readonly string[]): Promise<boolean> {
  const [real, home] = await Promise.all([realPath(file), realPath(user.home)]);
  const folders = await Promise.all(workspace.map((folder) => realPath(folder)));
  return folders.some((folder) => isInside(real, folder) && !isInside(home, folder));
}

function isInside(file: string, folder: string): boolean {
  const relative = path.relative(folder, file);
  return relative === '' || (!/^\.\.(?:[/\\]|$)/.test(relative) && !path.isAbsolute(relative));
}
