// Candidates: which texts are worth evaluating as addresses, judged by how they begin; and what a call's name says it does.
import { beginsLikeAddress } from '../addresses.ts';
import type { Expression } from '../expression.ts';
import type { Role } from '../reference.ts';

const constant = /^_*[A-Z][A-Z0-9_]*$/;
const reading = /^(read|load|get|fetch|download|open|scan|list|head)(_|$|[A-Z])/;
const writing = /^(write|save|dump|put|upload|store|to)(_|$|[A-Z])/;
const telling = /^(debug|info|warn|warning|error|exception|critical|log|print|echo|echo_via_pager)$/;

/** `BashOperator(task_id=…)`, `BashOperator.partial(task_id=…)`, `fit.override(task_id=…)`. */
export function makesTask(callee: string): boolean {
  return /^[A-Z]/.test(callee) || callee === 'partial' || callee === 'override';
}

/** Classes whose objects are put together by `/`. */
export function isPathClass(name: string): boolean {
  return /^(Path|PurePath|PurePosixPath|S3Path|GSPath|CloudPath|AnyPath|UPath|ObjectStoragePath)$/.test(name);
}

/** Undefined when the name says nothing. */
export function verbRole(name: string): Role | undefined {
  if (reading.test(name)) return 'reads';
  return writing.test(name) ? 'writes' : undefined;
}

/** `call`: last name of the call it is handed to; only there a variable by itself carries a name. */
export function isAddressLike(expression: Expression, call: string | undefined): boolean {
  switch (expression.is) {
    case 'text':
      return beginsLikeAddress(expression.value);
    case 'join':
    case 'path':
      return isAddressStart(expression.parts[0], expression.parts.slice(1));
    case 'format':
      return isAddressLike(expression.template, undefined);
    case 'name':
    case 'attribute':
      return call !== undefined && !telling.test(call) && isCarrier(expression.name, call);
    default:
      return false;
  }
}

/** Constants anywhere; other variables only where the call says that it reads or writes what they name. */
function isCarrier(name: string, call: string): boolean {
  return constant.test(name) || (verbRole(call) !== undefined && addressed.test(name));
}
const addressed = /(^|_)(uri|url|path|target|source|prefix|location|destination|dest|output|input)$/i;

function isAddressStart(first: Expression | undefined, rest: readonly Expression[]): boolean {
  if (!first) return false;
  if (first.is === 'hole') return isAddressStart(first.of, rest);
  if (first.is === 'text') return beginsLikeAddress(first.value) || (rest.length > 0 && first.value === '');
  if (first.is === 'join' || first.is === 'format' || first.is === 'path') return isAddressLike(first, undefined);
  if (first.is === 'call' && 'name' in first.callee && isPathClass(first.callee.name))
    return isAddressStart(first.args[0]?.value, [...first.args.slice(1).map(({ value }) => value), ...rest]);
  if (first.is === 'name' || first.is === 'attribute' || first.is === 'subscript' || first.is === 'call') {
    if ('name' in first && constant.test(first.name)) return true;
    return rest.some((part) => part.is === 'text' && part.value.includes('/'));
  }
  return false;
}
