// Views of a session: the names that Python gives to frames so that SQL of the same file can read them.
import type { Argument, Expression } from '../expression.ts';
import type { Binding } from '../summary.ts';

/** By the call, which argument has the name; Spark, Snowpark, DuckDB, Polars, DataFusion (their references, 2026-11). */
const makers: ReadonlyMap<string, number> = new Map([
  ['createOrReplaceTempView', 0],
  ['createTempView', 0],
  ['createOrReplaceGlobalTempView', 0],
  ['createGlobalTempView', 0],
  ['registerTempTable', 0],
  ['create_or_replace_temp_view', 0],
  ['create_temp_view', 0],
  ['registerDataFrameAsTable', 1],
  ['register', 0],
  ['register_csv', 0],
  ['register_parquet', 0],
  ['register_json', 0],
  ['register_record_batches', 0],
]);

/** A name that no text of Python can be: its binding stands at the top of the file, wherever the view is made. */
export function viewBinding(name: string): string {
  return `${viewMark}${name.toLowerCase().replace(/^global_temp\./, '')}`;
}
export const viewMark = '@view ';

/** What the call makes a view of; undefined for any other call. */
export function viewMade(call: string, args: readonly Argument[]): Binding | undefined {
  const index = makers.get(call);
  if (index === undefined || (call === 'register' && args.length < 2)) return undefined;
  const given =
    args.find(({ keyword }) => keyword === 'name' || keyword === 'view_name' || keyword === 'tableName') ?? args[index];
  if (!given) return undefined;
  // A name that is put together is known when it is asked for.
  const { value } = given;
  return value.is === 'text' ? viewOf(value.value, value) : { name: viewMark, sort: 'assigned', value };
}

export function viewOf(name: string, { at }: Expression): Binding {
  return { name: viewBinding(name), sort: 'assigned', value: { is: 'unknown', at } };
}
