// Rows: the result of a statement as the SQL API encodes it, read by the names of its columns; wrong cells are "not said".
import { isRecord, list, number, oneLine, record, text, time } from '../../json.ts';

const dayMs = 86_400_000;

/** Cells by the name of their column in any case; SHOW names them in lower case, SELECT in upper. */
export class Row {
  readonly #columns: ReadonlyMap<string, { readonly at: number; readonly type: string }>;
  readonly #cells: readonly unknown[];

  constructor(columns: Columns, cells: readonly unknown[]) {
    this.#columns = columns;
    this.#cells = cells;
  }

  /** Exactly as it is; undefined for null and for what is not there. */
  raw(name: string): string | undefined {
    const column = this.#columns.get(name);
    return column === undefined ? undefined : text(this.#cells[column.at]);
  }

  /** One line, at most `length` characters. */
  line(name: string, length = 500): string | undefined {
    return oneLine(this.raw(name), length);
  }

  number(name: string): number | undefined {
    return number(this.raw(name));
  }

  flag(name: string): boolean | undefined {
    const read = this.raw(name)?.toLowerCase();
    if (read === 'true' || read === 'y' || read === 'yes') return true;
    return read === 'false' || read === 'n' || read === 'no' ? false : undefined;
  }

  /** Epoch ms. Timestamps come as `seconds.nanoseconds`, with a zone `… 1440` behind it; dates as days since 1970. */
  time(name: string): number | undefined {
    const written = this.raw(name);
    if (written === undefined) return undefined;
    const seconds = /^(-?\d{1,12}(?:\.\d{1,9})?)(?: \d{1,4})?$/.exec(written)?.[1];
    if (seconds === undefined) return time(written);
    const at = Number(seconds) * (this.#columns.get(name)?.type === 'date' ? dayMs : 1000);
    return Math.abs(at) <= 8e15 ? Math.round(at) : undefined;
  }

  /** Of a VARIANT, ARRAY or OBJECT; undefined when it is none. */
  json(name: string): unknown {
    try {
      return JSON.parse(this.raw(name) ?? '') as unknown;
    } catch {
      return undefined;
    }
  }

  /** All cells, to tell whether they are others than before. */
  get text(): string {
    return JSON.stringify(this.#cells);
  }

  /** Name and type of each column, as Snowflake calls it: `fixed`, `real`, `text`, `timestamp_ntz` … */
  get types(): readonly (readonly [name: string, type: string])[] {
    return [...this.#columns].map(([name, { type }]) => [name, type]);
  }
}

export type Columns = ReadonlyMap<string, { readonly at: number; readonly type: string }>;

/** Undefined when the answer does not say what its columns are. */
export function columnsOf(answer: unknown): Columns | undefined {
  const { rowType } = record(record(answer).resultSetMetaData);
  if (!Array.isArray(rowType)) return undefined;
  return new Map(
    rowType.map((column, at) => {
      const { name, type } = record(column);
      return [(text(name) ?? '').toLowerCase(), { at, type: (text(type) ?? '').toLowerCase() }] as const;
    }),
  );
}

export function rowsIn(answer: unknown, columns: Columns): readonly Row[] {
  return list(record(answer).data).map((cells) => new Row(columns, list(cells)));
}

/** Besides the one that came with the first answer. */
export function partitionsOf(answer: unknown): number {
  const { partitionInfo } = record(record(answer).resultSetMetaData);
  return Math.max(0, list(partitionInfo).filter(isRecord).length - 1);
}
