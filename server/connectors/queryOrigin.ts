// QueryOrigin: what one tool's marks in a query of a warehouse say of who sent it; handed to the warehouses by the registry.
import type { EntityId } from '../catalog/entity.ts';
import type { KnownInstances } from '../catalog/mine.ts';

export interface QueryOrigin {
  /** The tool whose mark it is: `dbt`. */
  readonly tool: string;
  /**
   * What that tool calls the thing the query builds or tests, `model.shop.churn`; its entities have it as an alias, so
   * `catalog.find(kind, node, tool)` names them. Absent: the query belongs to the tool but to no node (a hook, `show`).
   */
  readonly node?: string;
  /** Of the node's entity; absent for nodes that are no entity of ours. */
  readonly kind?: 'table' | 'task';
  /** The project that ran, where the mark says so; the node may be of a package of it. */
  readonly project?: string;
  /** One execution of the tool's command. */
  readonly invocation?: string;
  /** `prod`, as the tool's own settings call where it wrote to. */
  readonly target?: string;
  /** Runs that it was a part of, or may have been: a bare invocation is read once for each instance known. */
  readonly runs: readonly EntityId[];
  /** For an edge or a link: `dbt query comment: model.shop.churn, target prod`. */
  readonly evidence: string;
}

/**
 * Undefined when neither text bears the tool's mark. `tag` is what the session was tagged with (Snowflake's QUERY_TAG).
 * Pure; looks at the beginning and the end of the query only, so that its size does not matter.
 */
export type OriginOfQuery = (
  query: { readonly text?: string; readonly tag?: string },
  instances: KnownInstances,
) => QueryOrigin | undefined;
