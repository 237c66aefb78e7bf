// PromQL: the metrics that a query reads, and the labels it asks for, by the grammar that Prometheus' own editor uses.
import { parser } from '@prometheus-io/lezer-promql';
import type { AlertLabel } from '../../catalog/alert.ts';

export interface ReadMetric {
  /** Of the series, as the query writes it: `latency_seconds_bucket`. */
  readonly name: string;
  /** Those it asks for by `=`; what is excluded or matched by a pattern is not among them. */
  readonly labels: readonly AlertLabel[];
}

const longest = 20_000;

/** Metrics in order, each name once; what is left of a query that does not parse. None of a query over 20,000 characters. */
export function metricsOf(query: string): readonly ReadMetric[] {
  if (query.length > longest) return [];
  const found = new Map<string, Map<string, string>>();
  parser.parse(query).iterate({
    enter: (node) => {
      if (node.name !== 'VectorSelector') return;
      const selector = selectorOf(query, node.node);
      if (selector.name === undefined) return;
      const known = found.get(selector.name) ?? new Map<string, string>();
      for (const { name, value } of selector.labels) known.set(name, value);
      found.set(selector.name, known);
    },
  });
  return [...found].map(([name, labels]) => ({
    name,
    labels: [...labels].map(([key, value]) => ({ name: key, value })),
  }));
}

type Node = ReturnType<typeof parser.parse>['topNode'];

function selectorOf(query: string, selector: Node): { readonly name?: string; readonly labels: readonly AlertLabel[] } {
  const labels: AlertLabel[] = [];
  const textOf = (node: Node | null): string => (node ? query.slice(node.from, node.to) : '');
  const plain = selector.getChild('Identifier');
  let name = plain ? textOf(plain) : undefined;
  const matchers = selector.getChild('LabelMatchers');
  for (let node = matchers?.firstChild; node; node = node.nextSibling) {
    if (node.name === 'QuotedLabelName') name = unquoted(textOf(node));
    if (!/LabelMatcher$/.test(node.name) || !node.getChild('MatchOp')?.getChild('EqlSingle')) continue;
    const quoted = node.getChild('QuotedLabelName');
    const label = quoted ? unquoted(textOf(quoted)) : textOf(node.getChild('LabelName'));
    const value = unquoted(textOf(node.getChild('StringLiteral')));
    if (label === '__name__') name ??= value;
    else if (label !== '' && value !== '') labels.push({ name: label, value });
  }
  return { ...(name ? { name } : {}), labels };
}

/** The escapes that names and values are likely to have; others stay as they are written. */
function unquoted(literal: string): string {
  const inside = literal.slice(1, -1);
  return literal.startsWith('`') ? inside : inside.replace(/\\(["'\\])/g, '$1');
}
