// Layout: where nodes and edges of a graph stand; Graphviz for graphs people read, coarse layers above.
import { Graphviz } from '@hpcc-js/wasm-graphviz';
import { coarseLayout } from './coarseLayout.ts';

export interface LayoutNode {
  readonly id: string;
  /** In points. */
  readonly width: number;
  readonly height: number;
}

export interface LayoutInput {
  readonly nodes: readonly LayoutNode[];
  readonly edges: readonly { readonly from: string; readonly to: string }[];
}

export interface Layout {
  /** Centres, in the order of the nodes; y grows downwards. */
  readonly nodes: readonly { readonly x: number; readonly y: number }[];
  /** Bézier control points (start, then triples), in the order of the edges. */
  readonly edges: readonly (readonly (readonly [number, number])[])[];
  readonly width: number;
  readonly height: number;
}

/** Graphviz takes 0.3 s for 1,000 nodes and grows faster than the graph; measured 2026-11 on two cores. */
const mostForGraphviz = 2_000;
const pointsPerInch = 72;
let graphviz: Promise<Graphviz> | undefined;

/** Deterministic for equal input. */
export async function layout(input: LayoutInput): Promise<Layout> {
  if (input.nodes.length === 0) return { nodes: [], edges: [], width: 0, height: 0 };
  if (input.nodes.length > mostForGraphviz) return coarseLayout(input);
  try {
    graphviz ??= Graphviz.load();
    return parsePlain((await graphviz).layout(dot(input), 'plain', 'dot'), input);
  } catch {
    graphviz = undefined;
    return coarseLayout(input);
  }
}

/** Nodes are `n0`, `n1` …, so that no name of a tool is ever read as DOT. */
function dot({ nodes, edges }: LayoutInput): string {
  const numbers = new Map(nodes.map(({ id }, index) => [id, index]));
  const inch = (points: number): string => (points / pointsPerInch).toFixed(3);
  return [
    'digraph {',
    'rankdir=LR; nodesep=0.3; ranksep=0.65; node [shape=box fixedsize=true label=""]; edge [arrowhead=none tailport=e headport=w]',
    ...nodes.map(({ width, height }, index) => `n${index} [width=${inch(width)} height=${inch(height)}]`),
    ...edges.map(({ from, to }) => `n${numbers.get(from)} -> n${numbers.get(to)}`),
    '}',
  ].join('\n');
}

/** Graphviz' plain format: inches, y upwards; graphviz.org/docs/outputs/plain, read 2026-11. */
function parsePlain(plain: string, { nodes, edges }: LayoutInput): Layout {
  const rows = plain.split('\n').map((line) => line.split(' '));
  const head = rows.find(([word]) => word === 'graph') ?? [];
  const width = Number(head[2]) * pointsPerInch;
  const height = Number(head[3]) * pointsPerInch;
  const point = (x: string | undefined, y: string | undefined): readonly [number, number] => [
    rounded(Number(x) * pointsPerInch),
    rounded(height - Number(y) * pointsPerInch),
  ];
  const centres = new Map<string, readonly [number, number]>();
  const lines = new Map<string, (readonly [number, number])[][]>();
  for (const [word, one = '', two = '', three, ...rest] of rows) {
    if (word === 'node') centres.set(one, point(two, three));
    else if (word === 'edge') {
      const points = Array.from({ length: Number(three) }, (_, index) => point(rest[2 * index], rest[2 * index + 1]));
      const key = `${one} ${two}`;
      lines.set(key, [...(lines.get(key) ?? []), points]);
    }
  }
  const numbers = new Map(nodes.map(({ id }, index) => [id, index]));
  return {
    nodes: nodes.map((_, index) => {
      const [x, y] = centres.get(`n${index}`) ?? [0, 0];
      return { x, y };
    }),
    edges: edges.map(({ from, to }) => lines.get(`n${numbers.get(from)} n${numbers.get(to)}`)?.shift() ?? []),
    width: rounded(width),
    height: rounded(height),
  };
}

function rounded(points: number): number {
  return Math.round(points * 10) / 10;
}
