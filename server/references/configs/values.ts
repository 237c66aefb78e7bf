// Values: what `env:`, `environment:` and `variables:` give to the commands and texts below the map they stand in.
import type { Expression } from '../expression.ts';
import { type TemplateContext, valueExpression } from './templates.ts';
import { PlacedScalar, type Places } from './trees/scalar.ts';
import { entryOf, type MapNode } from './trees/tree.ts';

const names = ['variables', 'env', 'environment'];
const mostValues = 200;

/** The same context where the map gives no value to anything. By `env NAME`, as readers of shell hold them. */
export function withValues(context: TemplateContext, node: MapNode, base: number, places: Places): TemplateContext {
  let values: Map<string, Expression> | undefined;
  for (const name of names) {
    const given = entryOf(node, name);
    if (given?.value.is !== 'map') continue;
    for (const { key, value, shift = 0 } of given.value.entries.slice(0, mostValues)) {
      if (value.is !== 'scalar' || !/^[A-Za-z_]\w*$/.test(key.value) || value.value === '') continue;
      const scalar = new PlacedScalar(value, base + (given.shift ?? 0) + shift, places);
      values ??= new Map(context.values);
      values.set(`env ${key.value}`, valueExpression(scalar, 0, value.value.length, scalar.lineAt(0), context));
    }
  }
  return values ? { ...context, values } : context;
}
