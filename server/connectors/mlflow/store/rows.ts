// Columns of SQLite rows as what they should be; a value of another type counts as absent.

export type Row = Readonly<Record<string, unknown>>;

/** Undefined for NULL and the empty text, which MLflow writes where it knows nothing. */
export function text(row: Row, column: string): string | undefined {
  const value = row[column];
  if (typeof value === 'string') return value === '' ? undefined : value;
  return typeof value === 'number' || typeof value === 'bigint' ? String(value) : undefined;
}

export function number(row: Row, column: string): number | undefined {
  const value = row[column];
  if (typeof value === 'number') return value;
  return typeof value === 'bigint' ? Number(value) : undefined;
}

export function group<T>(rows: readonly T[], key: (row: T) => string | undefined): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const row of rows) {
    const name = key(row);
    if (name === undefined) continue;
    const members = groups.get(name);
    if (members) members.push(row);
    else groups.set(name, [row]);
  }
  return groups;
}
