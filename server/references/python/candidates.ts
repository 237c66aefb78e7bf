// Candidates: which texts are worth evaluating as addresses, judged by how they begin; and what a call's name says it does.
import { beginsLikeAddress } from '../addresses.ts';
import type { Expression } from '../expression.ts';
import type { Role } from '../reference.ts';

const constant = /^_*[A-Z][A-Z0-9_]*$/;
const reading = /^(read|load|get|fetch|download|open|scan|list|head|exists|from|query)(_|$|[A-Z])/;
const writing = /^(write|save|dump|put|upload|store|append|export|publish|to|copy|sync|register)(_|$|[A-Z])/;

/** Undefined when the name says nothing. */
export function verbRole(name: string): Role | undefined {
  if (reading.test(name)) return 'reads';
  return writing.test(name) ? 'writes' : undefined;
}

/** `argument`: it is handed to a call; only there a variable by itself carries a name. */
export function isAddressLike(expression: Expression, argument: boolean): boolean {
  switch (expression.is) {
    case 'text':
      return beginsLikeAddress(expression.value);
    case 'join':
    case 'path':
      return isAddressStart(expression.parts[0], expression.parts.slice(1));
    case 'format':
      return isAddressLike(expression.template, false);
    case 'name':
    case 'attribute':
      return argument && isCarrier(expression.name);
    default:
      return false;
  }
}

/** Names that people give to addresses; other variables are not followed. */
function isCarrier(name: string): boolean {
  return (
    constant.test(name) ||
    /(^|_)(uri|url|path|target|source|prefix|location|destination|dest|output|input)$/i.test(name)
  );
}

function isAddressStart(first: Expression | undefined, rest: readonly Expression[]): boolean {
  if (!first) return false;
  if (first.is === 'text') return beginsLikeAddress(first.value) || (rest.length > 0 && first.value === '');
  if (first.is === 'join' || first.is === 'format') return isAddressLike(first, false);
  if (first.is === 'name' || first.is === 'attribute' || first.is === 'subscript' || first.is === 'call') {
    if ('name' in first && constant.test(first.name)) return true;
    return rest.some((part) => part.is === 'text' && part.value.includes('/'));
  }
  return false;
}
