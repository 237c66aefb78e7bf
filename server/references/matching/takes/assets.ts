// Assets: addresses and tables in the lists of `inlets`, `outlets` and `schedule`, and in constructors there.
import { isKnown, readAddress } from '../../addresses.ts';
import { type Env, spanOfSegments, textOfSegments, type Value } from '../../evaluation/value.ts';
import { type Expression, written } from '../../expression.ts';
import type { Role } from '../../reference.ts';
import type { ArgumentKey } from '../../rules/rule.ts';
import { type Found, jinjaIn, stronger, weakest } from '../found.ts';
import type { Call } from './places.ts';

/** Constructors written there are sites themselves. */
export function assets(call: Call, expression: Expression, env: Env, role: Role, depth: number): readonly Found[] {
  const { evaluator, rule } = call;
  if (depth > 5) return [];
  if (expression.is === 'list') return expression.items.flatMap((item) => assets(call, item, env, role, depth + 1));
  // `RAW | MORE` has the parts of a dict put together.
  if (expression.is === 'dict')
    return expression.entries.flatMap(({ key, value }) => (key ? [] : assets(call, value, env, role, depth + 1)));
  const value = evaluator.value(expression, env);
  // A constructor written here is a site of its own; what a function of the workspace makes is not.
  if (expression.is === 'call' && value.is === 'instance' && value.path.split('.').at(-1) === nameOf(expression.callee))
    return [];
  if (value.is === 'list')
    return value.items.flatMap((item) =>
      assetOf(call, evaluator.value(item, value.env), value.env, { at: expression, role }),
    );
  const asset = assetOf(call, value, env, { at: expression, role });
  return asset.map((found) => ({ ...found, via: rule.id }));
}

function assetOf(call: Call, value: Value, env: Env, { at, role }: { at: Expression; role: Role }): readonly Found[] {
  const { evaluator, rule } = call;
  if (value.is === 'text') {
    const address = readAddress(textOfSegments(value.segments));
    if (!address) return [];
    const { kind, tool, name, detail } = address;
    const span = spanOfSegments(value.segments, address.from, address.to, at.at);
    return [
      {
        kind,
        tool,
        name,
        detail,
        role,
        span,
        certainty: weakest(value.segments),
        via: rule.id,
        written: written(at),
        ...jinjaIn(value.segments, address.from, address.to),
      },
    ];
  }
  if (value.is !== 'instance') return [];
  const made = value.path.split('.').at(-1) ?? '';
  const argument = (keys: readonly ArgumentKey[]): Value | undefined => {
    const found = evaluator.argument(value.args, keys, value.env);
    return found && evaluator.value(found.value, value.env);
  };
  const shown = shownOf(at);
  const base = { role, span: shown.at, via: rule.id, written: written(shown), certainty: 'constant' } as const;
  if (/^(Asset|Dataset|File)$/.test(made)) {
    const uri = argument(['uri', 'url', 0]);
    const address = uri?.is === 'text' ? readAddress(textOfSegments(uri.segments)) : undefined;
    return address && uri?.is === 'text'
      ? [
          {
            ...base,
            kind: address.kind,
            tool: address.tool,
            name: address.name,
            detail: address.detail,
            certainty: stronger(weakest(uri.segments)),
          },
        ]
      : [];
  }
  if (made !== 'Table') return [];
  const parts = [argument(['database']), argument(['name'])].flatMap((part) =>
    part?.is === 'text' ? [textOfSegments(part.segments)] : [],
  );
  const name = parts.join('.');
  return isKnown(name) && env ? [{ ...base, kind: 'table', tool: 'sql', name, detail: {} }] : [];
}

/** Of `warehouse_table("ORDERS")` the text stands for the whole. */
function shownOf(expression: Expression): Expression {
  const [only] = expression.is === 'call' ? expression.args : [];
  return expression.is === 'call' && expression.args.length === 1 && only?.value.is === 'text'
    ? only.value
    : expression;
}

function nameOf(expression: Expression): string {
  return expression.is === 'name' || expression.is === 'attribute' ? expression.name : '';
}
