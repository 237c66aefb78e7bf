// Cursor: the session of Ray that the last scan saw, and its failed runs that nothing else will ever put right.
import type { EntityId } from '../../../catalog/entity.ts';
import { list, record, text } from '../../json.ts';

export interface Cursor {
  readonly session: string;
  /** At most a few hundred. */
  readonly trouble: readonly EntityId[];
}

const most = 500;

export function writeCursor({ session, trouble }: Cursor): string {
  return JSON.stringify({ ray: 1, session, trouble: trouble.slice(0, most) });
}

/** Undefined for what is no cursor of ours. */
export function readCursor(written: string | undefined): Cursor | undefined {
  if (written === undefined) return undefined;
  try {
    const from = record(JSON.parse(written));
    const session = text(from.session);
    if (from.ray !== 1 || session === undefined) return undefined;
    return {
      session,
      trouble: list(from.trouble)
        .flatMap((id) => text(id) ?? [])
        .slice(0, most),
    };
  } catch {
    return undefined;
  }
}
