// Cursor: where the next scan of dbt Cloud goes on: for each account its newest run, those that had not ended, those still to read.
import { isRecord, list, number } from '../../json.ts';
import { idText } from './shapes.ts';

export interface AccountCursor {
  readonly account: string;
  /** The highest id of a run that was listed; they only grow. */
  readonly newest: number;
  /** Runs that had not ended. */
  readonly open: readonly string[];
  /** Runs that have ended and whose artifacts are still to be read. */
  readonly due: readonly string[];
}

const most = 300;

export function writeCursor(accounts: readonly AccountCursor[]): string {
  const cut = accounts.map((one) => ({ ...one, open: one.open.slice(-most), due: one.due.slice(-most) }));
  return JSON.stringify({ dbtCloud: 1, accounts: cut });
}

/** Empty for what is no cursor of ours: then all there is must be read. */
export function readCursor(text: string | undefined): readonly AccountCursor[] {
  let value: unknown;
  try {
    value = JSON.parse(text ?? '');
  } catch {
    return [];
  }
  if (!isRecord(value) || value.dbtCloud !== 1) return [];
  return list(value.accounts).flatMap((each): AccountCursor[] => {
    if (!isRecord(each)) return [];
    const [account, newest] = [idText(each.account), number(each.newest)];
    const ids = (ids: unknown) =>
      list(ids)
        .flatMap((id) => idText(id) ?? [])
        .slice(0, most);
    return account !== undefined && newest !== undefined
      ? [{ account, newest, open: ids(each.open), due: ids(each.due) }]
      : [];
  });
}
