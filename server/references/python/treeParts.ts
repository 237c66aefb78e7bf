// Python tree parts: nodes of the tree as expressions are read from them: values among punctuation, sums as lists, names that are bound inside.
import type { PythonNode } from '../../syntax/pythonTree.ts';
import type { Expression } from '../expression.ts';
import type { Source } from './source.ts';

/** What stands between `for` and `in`. */
export function targetsOf(node: PythonNode): readonly PythonNode[] {
  const found: PythonNode[] = [];
  let inTarget = false;
  for (const child of node.children) {
    if (child.name === 'for') inTarget = true;
    else if (child.name === 'in') inTarget = false;
    else if (inTarget) found.push(child);
  }
  return found;
}

/** Besides those that are hidden already. */
export function hiddenBy(
  nodes: readonly PythonNode[],
  { hidden }: { readonly hidden?: ReadonlySet<string> },
  source: Source,
): ReadonlySet<string> {
  const names = new Set(hidden);
  const visit = (node: PythonNode, depth: number): void => {
    if (node.name === 'VariableName') names.add(source.slice(node));
    else if (depth < 5 && /^(Tuple|Array|Parenthesized)Expression$/.test(node.name))
      for (const child of node.children) visit(child, depth + 1);
  };
  for (const node of nodes) visit(node, 0);
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
