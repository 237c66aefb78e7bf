// Connected: the user's connections as the command line sees them: from a file, with the tools' own variables for secrets.
import { readConnections } from '../connections/file.ts';
import { connectionsPlace } from '../connections/place.ts';
import { type SecretPlaces, secretOf } from '../connections/secrets.ts';
import type { ConnectionConfig, Secret } from '../protocol/connection.ts';
import { thisUser } from '../world/user.ts';
import type { CommandLine } from './arguments.ts';

export interface Connected {
  readonly connections: readonly ConnectionConfig[];
  /** Mistakes in the file. */
  readonly problems: readonly string[];
  /** The file they are from. */
  readonly file: string;
  readonly places: SecretPlaces;
}

/** Never rejects: what is wrong with the file stands in `problems`. */
export async function connected({ connections: named, workspace }: CommandLine): Promise<Connected> {
  const user = thisUser();
  const file = named ?? connectionsPlace(user);
  const found = await readConnections(file);
  return { ...found, file, places: { user, workspace: [workspace] } };
}

export interface FoundSecret {
  readonly secret?: Secret;
  /** `none`, or where it stands: `MLFLOW_TRACKING_TOKEN` … */
  readonly from: string;
  /** Why there is none, if the connection wants one. */
  readonly reason?: string;
}

/** The editor's secret storage cannot be read from here; what it holds stays there. */
export async function foundSecret(config: ConnectionConfig, places: SecretPlaces): Promise<FoundSecret> {
  const found = await secretOf(config, places);
  if (found.secret) return { secret: found.secret, from: found.from ?? 'environment' };
  return found.reason === undefined ? { from: found.from ?? 'none' } : { from: 'none', reason: found.reason };
}
