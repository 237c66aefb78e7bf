// Graph: a neighbourhood with labels and a layout, as it travels.
import type { Catalog } from '../catalog/catalog.ts';
import type { EntityId } from '../catalog/entity.ts';
import type { LineageAsOf, LineageGraph } from '../protocol/lineage.ts';
import { type LabelledNode, labelled, plain } from './labels.ts';
import type { Layout, LayoutInput } from './layout.ts';
import type { Neighbourhood } from './neighbourhood.ts';

export interface UnplacedGraph {
  readonly neighbourhood: Neighbourhood;
  readonly nodes: readonly LabelledNode[];
  readonly revision: number;
  readonly asOf?: LineageAsOf;
}

/** Everything that needs the catalog; the layout comes later, outside of the read transaction. */
export function unplaced(
  catalog: Catalog,
  neighbourhood: Neighbourhood,
  hasSource: (members: readonly EntityId[]) => boolean,
): UnplacedGraph {
  return {
    neighbourhood,
    nodes: neighbourhood.nodes.map((node) => labelled(catalog, node, hasSource)),
    revision: catalog.revision,
  };
}

export async function placed(
  { neighbourhood, nodes, revision, asOf }: UnplacedGraph,
  layout: (input: LayoutInput) => Promise<Layout>,
): Promise<LineageGraph> {
  const places = await layout({ nodes, edges: neighbourhood.edges });
  return {
    focus: neighbourhood.focus,
    nodes: nodes.map((node, index) => ({ ...node, x: places.nodes[index]?.x ?? 0, y: places.nodes[index]?.y ?? 0 })),
    edges: neighbourhood.edges.map((edge, index) => ({
      ...edge,
      evidence: edge.evidence.map(plain),
      points: places.edges[index] ?? [],
    })),
    width: places.width,
    height: places.height,
    leftOut: neighbourhood.leftOut,
    revision,
    ...(asOf ? { asOf } : {}),
  };
}
