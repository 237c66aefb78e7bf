// Values: what `env:`, `environment:` and `variables:` give to the commands and texts below the map they stand in.
import type { Expression } from '../expression.ts';
import { type TemplateContext, valueExpression } from './templates.ts';
import { PlacedScalar, type Places } from './trees/scalar.ts';
import { type ConfigNode, entryOf, type MapNode, type ScalarNode, textAt } from './trees/tree.ts';

const names = ['variables', 'env', 'environment'];
const mostValues = 200;

/** The characters of `node` from an index on are the value. */
interface Given {
  readonly name: string;
  readonly node: ScalarNode;
  readonly base: number;
  readonly from: number;
}

/** The same context where the map gives no value to anything. By `env NAME`, as readers of shell hold them. */
export function withValues(context: TemplateContext, node: MapNode, base: number, places: Places): TemplateContext {
  let values: Map<string, Expression> | undefined;
  for (const name of names) {
    const entry = entryOf(node, name);
    for (const one of entry ? given(entry.value, base + (entry.shift ?? 0)) : []) {
      if (!/^[A-Za-z_]\w*$/.test(one.name) || one.from >= one.node.value.length) continue;
      const scalar = new PlacedScalar(one.node, one.base, places);
      values ??= new Map(context.values);
      const line = scalar.lineAt(one.from);
      values.set(`env ${one.name}`, valueExpression(scalar, one.from, scalar.value.length, line, context));
    }
  }
  return values ? { ...context, values } : context;
}

/** `NAME: value`, `- name: NAME` with `value: …`, and `- NAME=value`. */
function given(node: ConfigNode, base: number): readonly Given[] {
  if (node.is === 'map')
    return node.entries
      .slice(0, mostValues)
      .flatMap(({ key, value, shift = 0 }): Given[] =>
        value.is === 'scalar' ? [{ name: key.value, node: value, base: base + shift, from: 0 }] : [],
      );
  if (node.is !== 'list') return [];
  return node.items.slice(0, mostValues).flatMap(({ value, shift = 0 }): Given[] => {
    if (value.is === 'scalar') {
      const sign = value.value.indexOf('=');
      return sign < 0 ? [] : [{ name: value.value.slice(0, sign), node: value, base: base + shift, from: sign + 1 }];
    }
    const entry = entryOf(value, 'value');
    const name = textAt(value, 'name');
    if (entry?.value.is !== 'scalar' || name === undefined) return [];
    return [{ name, node: entry.value, base: base + shift + (entry.shift ?? 0), from: 0 }];
  });
}
