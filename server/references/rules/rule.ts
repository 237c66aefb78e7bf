// Rule: one row of the tables that say which calls name what. A new API is a new row, no code.
import { createHash } from 'node:crypto';
import type { EntityKind } from '../../catalog/entity.ts';
import type { Role } from '../reference.ts';
import type { Opens } from '../summary.ts';

/**
 * Position or keyword; the first that is given counts. A dotted one goes on into dicts and lists:
 * `json.tasks[].task_key`, `0.Bucket`.
 */
export type ArgumentKey = number | string;

/**
 * How an argument becomes names.
 * `name`: a text, or each text of a list. `address`: an address by its scheme; a model's, a run's or a path.
 * `model`: a model URI, or else nothing. `keys`: the keys of a dict, or of each dict of a list.
 * `bucket`: a bucket, with the key beside it. `assets`: addresses and tables in lists, also inside constructors.
 * `filter`: the value of a field in a filter such as `name = 'churn'`. `metrics`: what follows `metrics.` in a filter.
 * `query`: the metrics that a query of Datadog reads. `dotted`: the texts of a list are the parts of one name.
 * `dataset`: OpenLineage's name in the namespace `key`. `segment`: what stands behind `field` in a URL, up to the next `/`.
 */
export type Reading =
  | 'name'
  | 'address'
  | 'model'
  | 'keys'
  | 'bucket'
  | 'assets'
  | 'filter'
  | 'metrics'
  | 'query'
  | 'dotted'
  | 'dataset'
  | 'segment';

/** Schemes that a bucket and its key are put together under. */
export type BucketScheme = 's3' | 'gs' | 'az' | 'wasb';

export interface Take {
  readonly from: readonly ArgumentKey[];
  readonly kind: EntityKind;
  readonly role: Role;
  readonly read?: Reading;
  readonly version?: readonly ArgumentKey[];
  readonly alias?: readonly ArgumentKey[];
  readonly stage?: readonly ArgumentKey[];
  /** What the name stands in: the DAG of a task. */
  readonly container?: readonly ArgumentKey[];
  /** Of a bucket; of a dataset, its namespace. */
  readonly key?: readonly ArgumentKey[];
  /** `s3` where absent. Of an address: what stands in front of a text without a scheme. */
  readonly scheme?: BucketScheme;
  /** The bucket is what the owner was made with: `Bucket("b").Object("k")`. */
  readonly ownerBucket?: boolean;
  /** All arguments are those of the call of this name that the method hangs on: `Object("b", "k").put()`. */
  readonly ofOwner?: string;
  /** Dotted in front of a table's name where given. */
  readonly qualify?: readonly (readonly ArgumentKey[])[];
  /** Joined by `_` in front of a metric's name, and behind it unless it ends so, where given. */
  readonly joined?: { readonly before: readonly (readonly ArgumentKey[])[]; readonly after: readonly ArgumentKey[] };
  /** The decorated function's name, where the argument is not given. */
  readonly orFunction?: boolean;
  /** Of a filter; `name` where absent. Of a URL, what the name stands behind. */
  readonly field?: string;
  /** Nothing is taken when one of these is given. */
  readonly unless?: readonly ArgumentKey[];
  /** Nothing is taken unless one of these is given. */
  readonly when?: readonly ArgumentKey[];
  /** Nothing is taken unless this argument is this text: `.option("dbtable", "sales.orders")`. */
  readonly where?: readonly [ArgumentKey, string];
  /** Only where a method of that name was given one of these texts in the chain before: `.format("iceberg")`. */
  readonly chain?: readonly [string, readonly string[]];
  /** Nothing is taken unless the URL that is asked has this in it. */
  readonly url?: string;
  /** Nothing is taken unless the arguments are a monitor's: by its type, or by a query of metrics. */
  readonly ofMonitor?: true;
  /** The mode of `open`: with `w`, `a` or `x` in it, the role is `writes`. */
  readonly mode?: readonly ArgumentKey[];
}

export interface Rule {
  /** `tool.call`, shown as `via`. */
  readonly id: string;
  readonly tool: string;
  /**
   * `mlflow.load_model`: this function anywhere in the package `mlflow`; `ray.serve.run`: only within its `serve`. `MlflowClient#get_run`: a method of what that
   * class makes; `boto3.client#get_object` likewise. `client:get_run`: a method of something that nothing is known of
   * but that it is called client, or `…_client`. `read>parquet`: with `read` somewhere in the chain before it. `#saveAsTable`:
   * a method of whatever it is. `*DeploymentClient#predict`: a method of any class whose name ends so. `airflow.task.*`:
   * also what hangs below it. `=registered_model_name`: any call that is given this keyword, whatever it is of.
   * `~Monitor`: a class of this name, whoever wrote it. `{name,type,query}`: a dict that is written with these keys.
   */
  readonly calls: readonly string[];
  readonly takes: readonly Take[];
  /** The code under a `with` or decorator of this call stands in this job, task or group. */
  readonly opens?: Opens;
  /** Names are prefixed by this argument of the owner's constructor: `DogStatsd(namespace="churn")`. */
  readonly prefix?: readonly ArgumentKey[];
  /** A team's own row: it also knows the functions that the workspace itself defines. */
  readonly own?: true;
}

export interface Pattern {
  readonly rule: Rule;
  readonly sort: 'function' | 'method' | 'hint' | 'chain' | 'any' | 'below' | 'class';
  /** First and last part of the owner's path; either may be open. */
  readonly root?: string;
  readonly owner?: string;
  /** Parts that stand between root and last. */
  readonly within?: readonly string[];
}

export interface DictShape {
  readonly keys: readonly string[];
  readonly rule: Rule;
}

export interface RuleSet {
  readonly hash: string;
  readonly names: ReadonlySet<string>;
  readonly sqlNames: ReadonlySet<string>;
  /** Rules of any call that is given a keyword, by that. */
  readonly keywords: ReadonlyMap<string, readonly Rule[]>;
  /** Rules of a dict that is written with certain keys. */
  readonly shapes: readonly DictShape[];
  /** Packages that functions and classes are known in. */
  readonly roots: ReadonlySet<string>;
  /** By the last name of the callee. */
  readonly patterns: ReadonlyMap<string, readonly Pattern[]>;
}

/** Part of the hash; grows when the meaning of summaries changes. */
const engineVersion = 10;

/** `others`: tables that are read by the readers of their own language; they count in the hash alone. */
export function ruleSet(rules: readonly Rule[], sqlNames: readonly string[], ...others: readonly unknown[]): RuleSet {
  const patterns = new Map<string, Pattern[]>();
  const keywords = new Map<string, Rule[]>();
  const shapes: DictShape[] = [];
  for (const rule of rules) {
    for (const call of rule.calls) {
      if (call.startsWith('{')) {
        shapes.push({ keys: call.slice(1, -1).split(','), rule });
        continue;
      }
      if (call.startsWith('=')) {
        keywords.set(call.slice(1), [...(keywords.get(call.slice(1)) ?? []), rule]);
        continue;
      }
      const { last, ...pattern } = parsePattern(call);
      const known = patterns.get(last) ?? [];
      known.push({ rule, ...pattern });
      patterns.set(last, known);
    }
  }
  const hash = createHash('sha256')
    .update(JSON.stringify([engineVersion, rules, sqlNames, others]))
    .digest('hex')
    .slice(0, 12);
  const roots = new Set(
    [...patterns.values()].flatMap((all) => all.flatMap(({ root, rule }) => (root && !rule.own ? [root] : []))),
  );
  return { hash, names: new Set(patterns.keys()), sqlNames: new Set(sqlNames), keywords, shapes, roots, patterns };
}

function parsePattern(call: string): Omit<Pattern, 'rule'> & { last: string } {
  const [, owner, method] = /^([^#]*)#(\w+)$/.exec(call) ?? [];
  if (method !== undefined) {
    if (!owner) return { sort: 'any', last: method };
    const parts = owner.split('.');
    return parts.length > 1
      ? { sort: 'method', root: parts[0], owner: parts.at(-1), last: method }
      : { sort: 'method', owner, last: method };
  }
  if (call.startsWith('~')) return { sort: 'class', last: call.slice(1) };
  const [, hint, hinted] = /^(\w+):(\w+)$/.exec(call) ?? [];
  if (hint && hinted) return { sort: 'hint', owner: hint, last: hinted };
  const [, link, linked] = /^(\w+)>(\w+)$/.exec(call) ?? [];
  if (link && linked) return { sort: 'chain', owner: link, last: linked };
  const parts = call.split('.');
  if (parts.at(-1) === '*') return { sort: 'below', root: parts[0], last: parts.at(-2) ?? '' };
  const within = parts.slice(1, -1);
  const root = parts.length > 1 ? parts[0] : undefined;
  return { sort: 'function', root, last: parts.at(-1) ?? call, ...(within.length > 0 ? { within } : {}) };
}
