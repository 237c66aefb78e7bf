// Nodes: which ids are one node of the graph, and the steps from node to node; looked up as the walk needs them.
import type { Catalog } from '../catalog/catalog.ts';
import type { Edge } from '../catalog/edge.ts';
import { type EntityId, parseEntityId } from '../catalog/entity.ts';
import type { LineageDirection } from '../protocol/lineage.ts';
import type { JoinRule } from '../workspace/plumblineFile.ts';
import type { EdgeIndex } from './edgeIndex.ts';
import { joins } from './joins.ts';
import { hasRuns, noLinks, type RunLinks, runLinks } from './runLinks.ts';

export interface NodesOptions {
  readonly catalog: Catalog;
  readonly codeEdges: EdgeIndex;
  readonly joinRules: readonly JoinRule[];
  /** As of an earlier time: false for what certainly was not there. */
  readonly wasThere?: (id: EntityId) => boolean;
  /** Of how many things with runs the runs are asked whom they name; default 40. */
  readonly mostLinked?: number;
}

export interface Step {
  readonly other: EntityId;
  readonly edge: Edge;
}

const mostMembers = 200;
/** What runs say takes tens of questions for each job: around a hub only of the nearest. */
const usuallyLinked = 40;
/** Which node an end is drawn as takes several questions; a hub has thousands of ends. */
const mostSteps = 300;
/** Kinds that stand for the whole they are a part of, unless one of them is the focus; OpenLineage calls tasks jobs. */
const parts: ReadonlySet<string> = new Set(['task', 'version', 'run', 'experiment', 'job']);
/** Which of several names a node goes by. */
const toolOrder = ['mlflow', 'airflow', 'dbt', 's3', 'openlineage'];

export class Nodes {
  readonly #options: NodesOptions;
  readonly #focus: EntityId;
  readonly #nodeOf = new Map<EntityId, EntityId>();
  readonly #members = new Map<EntityId, readonly EntityId[]>();
  readonly #steps = new Map<string, readonly Step[]>();
  readonly #links = new Map<EntityId, RunLinks>();
  readonly #drawables = new Map<string, readonly { readonly end: EntityId; readonly edge: Edge }[]>();

  constructor(focus: EntityId, options: NodesOptions) {
    this.#options = options;
    this.#focus = focus;
  }

  /** The node an id is drawn as: the whole of what any of its names is a part of, by the name that says most. */
  nodeOf(id: EntityId): EntityId {
    const known = this.#nodeOf.get(id);
    if (known) return known;
    const names = this.sameAs(id);
    this.#nodeOf.set(id, id);
    const node = names.includes(this.#focus) ? this.#focus : (this.#wholeOf(names) ?? names.toSorted(byTool)[0] ?? id);
    for (const name of names) this.#nodeOf.set(name, node);
    return node;
  }

  /** Every id of the node: its other names and, unless they stand for themselves, its parts. */
  members(node: EntityId): readonly EntityId[] {
    const known = this.#members.get(node);
    if (known) return known;
    const names = this.sameAs(node);
    const contained = names.flatMap((name) => this.#contained(name));
    const inside = contained.filter((part) => this.nodeOf(part) === node).flatMap((part) => this.sameAs(part));
    const members = [...new Set([...names, ...inside])].slice(0, mostMembers);
    this.#members.set(node, members);
    return members;
  }

  /** One step up or down, to other nodes; of a hub, no more than are drawn anyway. */
  steps(node: EntityId, direction: LineageDirection): readonly Step[] {
    const key = `${direction} ${node}`;
    const known = this.#steps.get(key);
    if (known) return known;
    const steps = this.#drawable(node, direction)
      .slice(0, mostSteps)
      .flatMap(({ end, edge }): Step[] => {
        const other = this.nodeOf(end);
        return other === node ? [] : [{ other, edge }];
      });
    this.#steps.set(key, steps);
    return steps;
  }

  /** How many neighbours of a node are not among the shown nodes. */
  hidden(node: EntityId, direction: LineageDirection, shown: ReadonlySet<EntityId>): number {
    const others = [...this.steps(node, direction).map(({ other }) => other), ...this.beyond(node, direction)];
    return new Set(others.filter((other) => !shown.has(other) && this.#nodeOf.get(other) !== node)).size;
  }

  /** Ends of a hub that `steps` leaves out. */
  beyond(node: EntityId, direction: LineageDirection): readonly EntityId[] {
    return this.#drawable(node, direction)
      .slice(mostSteps)
      .map(({ end }) => end);
  }

  #drawable(node: EntityId, direction: LineageDirection): readonly { readonly end: EntityId; readonly edge: Edge }[] {
    const key = `${direction} ${node}`;
    const known = this.#drawables.get(key);
    if (known) return known;
    const members = this.members(node);
    const edges = [
      ...members.flatMap((member) => this.#edges(member, direction)),
      // What tools say of the thing itself comes before what its runs did.
      ...members.flatMap((member) => this.#linked(member)[direction]),
    ];
    const found = edges.flatMap((edge) => {
      if (edge.relation === 'same') return [];
      if (edge.relation === 'contains' && !this.#isFocusPart(edge)) return [];
      const end = direction === 'upstream' ? edge.from : edge.to;
      return isTest(end) && end !== this.#focus ? [] : [{ end, edge }];
    });
    this.#drawables.set(key, found);
    return found;
  }

  #linked(id: EntityId): RunLinks {
    if (!hasRuns(id)) return noLinks;
    const known = this.#links.get(id);
    if (known) return known;
    const { catalog, mostLinked = usuallyLinked } = this.#options;
    const links = this.#links.size < mostLinked ? runLinks(catalog, id) : noLinks;
    this.#links.set(id, links);
    return links;
  }

  #edges(id: EntityId, direction: LineageDirection): readonly Edge[] {
    const { catalog, codeEdges, joinRules, wasThere = () => true } = this.#options;
    const reported = catalog.neighbours(id)[direction];
    const end = direction === 'upstream' ? 'to' : 'from';
    const joined = joins(catalog, joinRules, id).filter((edge) => edge.relation !== 'same' && edge[end] === id);
    const far = direction === 'upstream' ? 'from' : 'to';
    return [...reported, ...codeEdges[direction](id), ...joined].filter((edge) => wasThere(edge[far]));
  }

  /** What makes this id one with others: `same` and `contains`, in both directions. */
  within(id: EntityId): readonly Edge[] {
    const { catalog, joinRules } = this.#options;
    const around = [...this.#edges(id, 'upstream'), ...this.#edges(id, 'downstream'), ...joins(catalog, joinRules, id)];
    return around.filter(({ relation }) => relation === 'same' || relation === 'contains');
  }

  /** Closure over `same`, in both directions. */
  sameAs(id: EntityId): readonly EntityId[] {
    const found = new Set<EntityId>([id]);
    for (const one of found) {
      if (found.size >= mostMembers) break;
      const { catalog, joinRules } = this.#options;
      const { upstream, downstream } = catalog.neighbours(one);
      const same = [...upstream, ...downstream, ...joins(catalog, joinRules, one)].filter(
        ({ relation }) => relation === 'same',
      );
      for (const edge of same) found.add(edge.from === one ? edge.to : edge.from);
    }
    return [...found];
  }

  /** The node of the whole that one of these names is a part of; undefined when they stand for themselves. */
  #wholeOf(names: readonly EntityId[]): EntityId | undefined {
    for (const name of names) {
      const kind = kindOf(name);
      if (!parts.has(kind)) continue;
      const of = kind === 'run' ? (this.#options.catalog.run(name)?.of ?? []) : [];
      const whole =
        of.find((one) => !parts.has(kindOf(one))) ??
        of[0] ??
        this.#edges(name, 'upstream').find(({ relation }) => relation === 'contains')?.from;
      if (whole && !names.includes(whole)) return this.nodeOf(whole);
    }
    return undefined;
  }

  #contained(id: EntityId): readonly EntityId[] {
    return this.#edges(id, 'downstream')
      .filter(({ relation }) => relation === 'contains')
      .slice(0, mostMembers)
      .map(({ to }) => to);
  }

  #isFocusPart(edge: Edge): boolean {
    return edge.to === this.#focus || edge.from === this.#focus;
  }
}

/** Tests of dbt read every table; as nodes they would hide the lineage. */
function isTest(id: EntityId): boolean {
  return id.startsWith('task:dbt:');
}

/** Also of `code:` ids. */
export function kindOf(id: EntityId): string {
  return id.startsWith('code:') ? (id.split(':')[1] ?? '') : id.slice(0, id.indexOf(':'));
}

function byTool(one: EntityId, other: EntityId): number {
  return rank(one) - rank(other) || (one < other ? -1 : 1);
}

function rank(id: EntityId): number {
  const place = toolOrder.indexOf(parseEntityId(id)?.tool ?? '');
  return place < 0 ? toolOrder.length : place;
}
