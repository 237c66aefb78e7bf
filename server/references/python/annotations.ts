// Python annotations: the class that a name is declared to be of, as a value that such a class made.
import type { PythonNode } from '../../syntax/pythonTree.ts';
import type { Expression } from '../expression.ts';
import type { Source } from './source.ts';
import { isValue } from './treeParts.ts';

const wrappers = new Set(['Optional', 'Annotated', 'Final', 'ClassVar', 'Required', 'NotRequired']);
/** What they make is no owner of methods that any rule knows. */
const plain = new Set(['str', 'int', 'float', 'bool', 'bytes', 'dict', 'list', 'tuple', 'set', 'None', 'object']);

/** Of `MlflowClient`, `mlflow.MlflowClient`, `"MlflowClient"`, `Optional[MlflowClient]`, `MlflowClient | None`. */
export function declaredValue(type: PythonNode | undefined, source: Source): Expression | undefined {
  const node = type && innermost(type, source, 0);
  if (!node) return undefined;
  const at = source.span(node.from, node.to);
  const written = source.slice(node).replace(/^['"]|['"]$/g, '');
  if (plain.has(written) || !/^[\p{L}_][\p{L}\p{N}_]*(\.[\p{L}_][\p{L}\p{N}_]*){0,9}$/u.test(written)) return undefined;
  const [root = '', ...names] = written.split('.');
  let callee: Expression = { is: 'name', name: root, at };
  for (const name of names) callee = { is: 'attribute', of: callee, name, at };
  return { is: 'call', callee, args: [], at };
}

function innermost(node: PythonNode, source: Source, depth: number): PythonNode | undefined {
  if (depth > 5) return undefined;
  if (node.name === 'VariableName' || node.name === 'String') return node;
  const [first, ...rest] = node.children.filter(isValue);
  if (node.name === 'BinaryExpression') {
    const other = [first, ...rest].find((part) => part && part.name !== 'None');
    return other && innermost(other, source, depth + 1);
  }
  if (node.name !== 'MemberExpression') return undefined;
  const [inside] = rest;
  if (!inside || inside.name === 'PropertyName') return node;
  const wrapper = first ? source.slice(first).replace(/^.*\./, '') : '';
  return wrappers.has(wrapper) ? innermost(inside, source, depth + 1) : undefined;
}
