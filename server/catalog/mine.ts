// Mine: ids of other tools' runs in free text (logs, tags, notes), read against the instances we know.
import { type EntityId, entityId } from './entity.ts';
import type { KnownInstances } from './mining/instances.ts';
import { type Mined, placesIn } from './mining/places.ts';

export {
  accountInHost,
  type KnownInstances,
  knownInstances,
  noInstances,
  workspaceInHost,
} from './mining/instances.ts';

const most = 50;
const uuid = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}';

interface Rule {
  readonly pattern: RegExp;
  readonly ids: (match: RegExpMatchArray, instances: KnownInstances) => readonly EntityId[];
}

const rules: readonly Rule[] = [
  // MLflow: `runs:/<id>`, `…/runs/<id>` of its UI, `run_id=<id>`, `'run_id': '<id>'`, `MLflow run <id>`.
  {
    pattern: /(?:runs:?\/|\bmlflow[ ._-]?run(?:[ ._-]?id)?\W{1,4}|\brun[ _-]?id\W{1,5})([0-9a-f]{32})\b/gi,
    ids: ([, run = ''], { mlflow }) => mlflow.map((instance) => entityId('run', 'mlflow', instance, run.toLowerCase())),
  },
  // Databricks: what Airflow's operators log when they have started one (providers-databricks, from memory).
  {
    pattern: /\b(?:submitted|started|triggered) with run_id:? {0,2}(\d{1,20})\b/gi,
    ids: ([, run = ''], { databricks }) => databricks.map((workspace) => entityId('run', 'databricks', workspace, run)),
  },
  // Snowflake: ids of queries begin with the time, now 01; Airflow logs `Snowflake query id: 01b2…`, the drivers `sfqid: …`.
  {
    pattern: new RegExp(`(?:query[ _-]?ids?|sfqid|queryId)\\W{1,6}(?=01)(${uuid})\\b`, 'gi'),
    ids: ([, query = ''], { snowflake }) =>
      snowflake.map((account) => entityId('run', 'snowflake', account, query.toLowerCase())),
  },
  // OpenLineage: what Airflow's provider writes after each event.
  {
    pattern: new RegExp(`OpenLineage[^\\n]{0,60}?\\b(${uuid})\\b`, 'gi'),
    ids: ([, run = ''], { openlineage }) =>
      openlineage.map((namespace) => entityId('run', 'openlineage', namespace, run.toLowerCase())),
  },
  // dbt: the id of a whole invocation.
  {
    pattern: new RegExp(`invocation[ _-]?id\\W{1,5}(${uuid})\\b`, 'gi'),
    ids: ([, run = ''], { dbt }) => dbt.map((project) => entityId('run', 'dbt', project, run.toLowerCase())),
  },
  // Ray: an id that it made itself; one that its command line says it submitted.
  {
    pattern: /\b(raysubmit_[A-Za-z0-9]{16})\b|\bJob '([\w.:-]{1,200})' submitted successfully/g,
    ids: ([, made, submitted], { ray }) =>
      ray.map((instance) => entityId('run', 'ray', instance, made ?? submitted ?? '')),
  },
  // Tune: `objective_3fa1c_00001`, a trial as it prints it and hands it to MLflow (2.60.0, seen 2026-11-23).
  {
    pattern: /\b[A-Za-z]\w{0,80}_([0-9a-f]{5,8}_\d{5})\b/g,
    ids: ([, trial = ''], { raySearches }) =>
      raySearches.map(([instance, search]) => entityId('run', 'ray', instance, search, trial)),
  },
];

/**
 * Ids of runs that a text names, in order of rules, without doubles, at most 50. A bare id is read once per instance
 * that could hold it; ids that no catalog knows are harmless. `run:dbt://<project>/<invocation>` is a prefix.
 */
export function mine(text: string, instances: KnownInstances): readonly EntityId[] {
  return firstOf(all(text, instances), (id) => id.startsWith('run:'));
}

/** The same of everything: also jobs, models, tables, metrics, monitors, paths and hosts whose page or address it writes. */
export function mineAll(text: string, instances: KnownInstances): readonly EntityId[] {
  return firstOf(all(text, instances), () => true);
}

/** The same with how each is written, without users, signatures and other parameters of an address. */
export function mineWritten(text: string, instances: KnownInstances): readonly Mined[] {
  const found = new Map<EntityId, Mined>();
  for (const one of all(text, instances)) {
    if (found.size >= most) break;
    if (!found.has(one.id)) found.set(one.id, one);
  }
  return [...found.values()];
}

function* all(text: string, instances: KnownInstances): Generator<Mined, void, void> {
  for (const { pattern, ids } of rules)
    for (const match of text.matchAll(pattern))
      for (const id of ids(match, instances)) yield { id, written: match[0].slice(0, 300) };
  yield* placesIn(text, instances);
}

function firstOf(mined: Iterable<Mined>, isMeant: (id: EntityId) => boolean): readonly EntityId[] {
  const found = new Set<EntityId>();
  for (const { id } of mined) {
    if (isMeant(id)) found.add(id);
    if (found.size >= most) break;
  }
  return [...found];
}
