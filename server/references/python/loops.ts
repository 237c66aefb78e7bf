// Python loops: what a variable of a `for`, of a comprehension or of a parametrised test is bound to: one item after the other.
import { type Expression, eachCall, type Span } from '../expression.ts';

/** A list that is longer is not gone through. */
export const mostRounds = 20;

const walking = new Set(['enumerate', 'zip', 'sorted', 'list', 'tuple', 'set', 'reversed', 'items', 'keys', 'values']);

/** Unknown where the items cannot be told anyway. */
export function eachOf(of: Expression, variable: string, at: Span): Expression {
  if (!mayBeListed(of, 0)) return { is: 'unknown', at };
  const callee: Expression = { is: 'name', name: eachCall, at };
  return { is: 'call', callee, args: [{ value: of, keyword: variable }], at };
}

function mayBeListed(of: Expression, depth: number): boolean {
  switch (of.is) {
    case 'list':
      return of.items.length > 0 && of.items.length <= mostRounds;
    case 'dict':
      return of.entries.length > 0 && of.entries.length <= mostRounds;
    case 'name':
    case 'attribute':
    case 'subscript':
      return true;
    case 'call': {
      const { callee, args } = of;
      if (depth > 3 || !('name' in callee) || !walking.has(callee.name)) return false;
      if (callee.is === 'attribute') return mayBeListed(callee.of, depth + 1);
      return args.length > 0 && args.every(({ value }) => value.is === 'text' || mayBeListed(value, depth + 1));
    }
    default:
      return false;
  }
}

/** `@pytest.mark.parametrize("table, path", [("orders", "s3://…"), …])`: by parameter, its values. */
export function parametrized(
  callee: Expression,
  args: readonly { readonly value: Expression; readonly keyword?: string }[],
): readonly { readonly name: string; readonly value: Expression }[] {
  if (callee.is !== 'attribute' || callee.name !== 'parametrize') return [];
  const [names, values] = [args[0]?.value, args[1]?.value];
  if (!names || !values) return [];
  const texts = names.is === 'list' ? names.items : [names];
  const all = texts.flatMap((text) => (text.is === 'text' ? text.value.split(',') : [])).map((name) => name.trim());
  const { at } = callee;
  return all.flatMap((name, index) => {
    const each = eachOf(values, name, at);
    if (name === '' || each.is === 'unknown') return [];
    if (all.length === 1 && names.is !== 'list') return [{ name, value: each }];
    return [{ name, value: { is: 'subscript', of: each, key: { is: 'text', value: `${index}`, at }, at } as const }];
  });
}
