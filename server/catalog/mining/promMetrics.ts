// The metrics that a query of Prometheus may read, by their look: what no server knows is harmless.

const longest = 4000;
const most = 10;
const words = new Set([
  ...['by', 'without', 'on', 'ignoring', 'group_left', 'group_right', 'offset', 'bool', 'and', 'or', 'unless', 'start'],
  ...[
    'end',
    'inf',
    'nan',
    'sum',
    'avg',
    'min',
    'max',
    'count',
    'topk',
    'bottomk',
    'quantile',
    'stddev',
    'stdvar',
    'atan2',
  ],
]);

/** Names as written and, of the parts of a histogram or counter, the name that they have in common; at most 20. */
export function promMetrics(query: string): readonly string[] {
  const bare = query
    .slice(0, longest)
    .replace(/"[^"]{0,500}"|'[^']{0,500}'|\{[^}]{0,500}\}|\[[^\]]{0,100}\]/g, ' ')
    .replace(/\b(?:by|without|on|ignoring|group_left|group_right)\s{0,5}\([^)]{0,300}\)/g, ' ');
  const found = new Set<string>();
  for (const [name] of bare.matchAll(/(?<![\w:.])[A-Za-z_:][\w:]*(?![\w:])(?!\s{0,5}\()/g)) {
    if (words.has(name.toLowerCase())) continue;
    if (found.size >= most * 2) break;
    found.add(name);
    found.add(name.replace(/_(?:bucket|count|sum|total|created)$/, ''));
  }
  return [...found];
}
