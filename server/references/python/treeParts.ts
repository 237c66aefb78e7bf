// Python tree parts: nodes of the tree as expressions are read from them: values among punctuation, sums as lists, names that are bound inside.
import type { PythonNode } from '../../syntax/pythonTree.ts';
import type { Expression } from '../expression.ts';
import type { Source } from './source.ts';

/** What stands between `for` and `in` of a comprehension, and what it goes through. */
export interface Clause {
  readonly targets: readonly PythonNode[];
  readonly over: PythonNode | undefined;
}

export function clausesOf(node: PythonNode): readonly Clause[] {
  const found: Clause[] = [];
  let targets: PythonNode[] | undefined;
  node.children.forEach((child, index) => {
    if (child.name === 'for') targets = [];
    else if (child.name === 'in' && targets) {
      found.push({ targets, over: node.children[index + 1] });
      targets = undefined;
    } else if (isValue(child)) targets?.push(child);
  });
  return targets ? [...found, { targets, over: undefined }] : found;
}

/** What a name is inside of a comprehension or a lambda, whatever it is outside. */
export type Hidden = ReadonlyMap<string, Expression>;

/** Besides those that are hidden already. `itemIn`: what a name is, by the places in which tuples have it. */
export function hiddenBy(
  nodes: readonly PythonNode[],
  { hidden }: { readonly hidden?: Hidden },
  source: Source,
  itemIn?: (name: string, path: readonly number[]) => Expression,
): Hidden {
  const names = new Map(hidden);
  const visit = (node: PythonNode, path: readonly number[]): void => {
    if (node.name === 'VariableName') {
      const name = source.slice(node);
      names.set(name, itemIn?.(name, path) ?? source.unknown(node));
    } else if (path.length < 5 && /^(Tuple|Array|Parenthesized)Expression$/.test(node.name))
      visitAll(node.children, path);
  };
  const visitAll = (children: readonly PythonNode[], path: readonly number[]): void => {
    const values = children.filter(isValue);
    const isTuple = values.length > 1;
    for (const [index, child] of values.entries()) visit(child, isTuple ? [...path, index] : path);
  };
  visitAll(nodes, []);
  return names;
}

/**
 * While `load("a` is typed, the tree takes the statement on the next line for more of the argument: the literal, an
 * error, and what follows. Gives the literal, and the word that was taken for an error.
 */
export function tornOff(node: PythonNode, source: Source): { head: PythonNode; name: Expression } | undefined {
  let at: PythonNode | undefined = node;
  while (at && (at.name === 'CallExpression' || at.name === 'MemberExpression')) {
    const [head, error]: readonly PythonNode[] = at.children;
    if (head && error?.name === '⚠' && source.point(error.from)[0] > source.point(head.from)[0]) {
      const name = source.slice(error);
      return /^[\p{L}_][\p{L}\p{N}_]*$/u.test(name)
        ? { head, name: { is: 'name', name, at: source.span(error.from, error.to) } }
        : undefined;
    }
    at = head;
  }
  return undefined;
}

/** `a + b + c` leans to the left as deep as it is long; read without going down. */
export function leftSpine(node: PythonNode, source: Source): { node: PythonNode; sign: string }[] {
  const parts: { node: PythonNode; sign: string }[] = [];
  let at: PythonNode | undefined = node;
  while (at?.name === 'BinaryExpression') {
    const [left, right]: (PythonNode | undefined)[] = at.children.filter(isValue);
    const operator: PythonNode | undefined = at.children.find((child) => child !== left && child !== right);
    if (!left || !right || !operator) break;
    parts.push({ node: right, sign: source.slice(operator).trim() });
    at = left;
  }
  if (at) parts.push({ node: at, sign: '' });
  return parts.reverse();
}

const punctuation = new Set(['AssignOp', 'ArithOp', 'BitOp', 'CompareOp', 'UpdateOp', 'LogicOp', 'Comment', 'TypeDef']);
/** By the name of a node, of which the grammar has few. */
const values = new Map<string, boolean>();

export function isValue(node: PythonNode): boolean {
  const { name } = node;
  if (name === '⚠') return node.children.length > 0;
  const known = values.get(name);
  if (known !== undefined) return known;
  const is = /^[A-Z]/.test(name) && !punctuation.has(name);
  values.set(name, is);
  return is;
}

/** `os.path.join`, and whatever `join` takes more than one part: that of texts takes one list. */
export function joinsPaths(callee: Expression, list: PythonNode): boolean {
  if (callee.is === 'attribute' && isNamed(callee.of, 'path')) return true;
  if (callee.is !== 'name' && !(callee.is === 'attribute' && callee.of.is === 'name')) return false;
  return list.children.filter(isValue).length > 1 && !list.children.some(({ name }) => name === 'AssignOp');
}

function isNamed(expression: Expression, name: string): boolean {
  return (expression.is === 'name' || expression.is === 'attribute') && expression.name === name;
}
