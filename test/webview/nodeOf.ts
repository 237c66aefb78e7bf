// A node of a drawn graph for tests, with what matters given.
import type { LineageNode } from '../../server/protocol/lineage.ts';

export function nodeOf(id: string, more: Partial<LineageNode> = {}): LineageNode {
  const hidden = { hiddenUpstream: 0, hiddenDownstream: 0 };
  const place = { x: 0, y: 0, width: 100, height: 44 };
  return { id, kind: 'table', label: id, tool: 'dbt', hasSource: false, ...hidden, ...place, ...more };
}
