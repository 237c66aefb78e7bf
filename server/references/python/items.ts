// Python items: what is put into a dict after it was made, as names that are bound to dicts of one key.
import type { PythonNode } from '../../syntax/pythonTree.ts';
import type { Argument, DictEntry, Expression, Span } from '../expression.ts';
import type { Binding } from '../summary.ts';

/** No name of Python. */
export function itemsBinding(name: string): string {
  return `${name}[]`;
}

/** Frames of data are given columns in the same way; their columns name nothing. */
const frames = /^(?:df|pdf|sdf|data|frame|dataset|dataframe|X|y)(?:_|\d|$)|_df$|_data$|_frame$/;
const carriers: ReadonlySet<Expression['is']> = new Set<Expression['is']>(
  `text name attribute join hole path format dict list subscript choice`.split(' ') as Expression['is'][],
);

/** `CFG["table"] = value`, `self.config["table"] = value`; undefined for any other target. What a call makes is left out, its key is not. */
export function itemPut(
  target: PythonNode,
  value: Expression,
  { slice, read, at }: { slice(node: PythonNode): string; read(node: PythonNode): Expression; readonly at: Span },
): Binding | undefined {
  if (target.name !== 'MemberExpression') return undefined;
  const [owner, bracket, key, ...rest] = target.children;
  if (!owner || bracket?.name !== '[' || !key || rest.length > 1) return undefined;
  if (owner.name !== 'VariableName' && !/^self\.\w+$/.test(slice(owner))) return undefined;
  if (!/^(String|FormatString|VariableName|MemberExpression)$/.test(key.name)) return undefined;
  const name = slice(owner);
  if (frames.test(name.replace('self.', ''))) return undefined;
  const given: Expression = carriers.has(value.is) ? value : { is: 'unknown', at };
  const dict: Expression = { is: 'dict', entries: [{ key: read(key), value: given }], at };
  return { name: itemsBinding(name), sort: 'assigned', value: dict };
}

/** `CFG.update({"table": "orders"})`, `CFG.update(table="orders")`; undefined for any other call. */
export function itemsPut(callee: Expression, args: readonly Argument[]): Binding | undefined {
  if (callee.is !== 'attribute' || callee.name !== 'update' || callee.of.is !== 'name') return undefined;
  const { at, name } = callee.of;
  if (frames.test(name)) return undefined;
  const entries = args.flatMap(({ keyword, value, star }): DictEntry[] => {
    if (keyword !== undefined) return [{ key: { is: 'text', value: keyword, at }, value }];
    return value.is === 'dict' || star === 2 ? [{ value }] : [];
  });
  if (entries.length === 0) return undefined;
  return { name: itemsBinding(name), sort: 'assigned', value: { is: 'dict', entries, at } };
}
