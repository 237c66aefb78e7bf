// Facets: what was said of a thing, each facet by itself: the newest event that holds it counts, in whatever order events arrive.
import { isRecord, list, oneLine, record, text } from '../../json.ts';
import type { Facets, LineageEvent } from './events.ts';

/** When an event was; `rank` orders the events of one instant: a start before what follows, an ending after all. */
export interface When {
  /** Epoch ms. */
  readonly at: number;
  readonly rank: number;
}

const ranks: Readonly<Record<string, number>> = { START: 0, RUNNING: 1, OTHER: 1, COMPLETE: 2, ABORT: 3, FAIL: 4 };

export function whenOf({ at, type }: Pick<LineageEvent, 'at' | 'type'>): When {
  return { at, rank: ranks[type ?? 'OTHER'] ?? 1 };
}

/** Negative: `a` is older. */
export function compareWhen(a: When, b: When): number {
  return a.at - b.at || a.rank - b.rank;
}

/** The last that was said of something. */
export interface Latest<Value> {
  readonly when: When;
  readonly value: Value;
}

/** Of two things said in one instant the same one is taken whichever comes first. */
export function later<Value>(known: Latest<Value> | undefined, when: When, value: Value): Latest<Value> {
  if (!known) return { when, value };
  const order = compareWhen(when, known.when);
  if (order > 0) return { when, value };
  if (order < 0) return known;
  return JSON.stringify(value) > JSON.stringify(known.value) ? { when, value } : known;
}

/** Facets worth keeping; the others (source code, which is mostly that of a function and so is no file that git has, environment, unknown ones) may be large and are not shown. */
export const keptFacets = {
  run: ['nominalTime', 'errorMessage', 'externalQuery', 'airflow', 'airflowDagRun', 'parent', 'test'],
  job: ['sourceCodeLocation', 'ownership', 'documentation', 'sql', 'jobType', 'tags', 'lineage'],
  dataset: ['schema', 'ownership', 'documentation', 'symlinks', 'version', 'columnLineage', 'lineage', 'tags'],
} as const;

export class FacetsInTime {
  readonly #latest = new Map<string, Latest<unknown>>();

  /** A facet that says it is deleted takes earlier ones back; later ones stay. */
  add(facets: Facets, of: keyof typeof keptFacets, when: When): void {
    for (const key of keptFacets[of]) {
      // Marquez gives back the facets that it knows and nobody sent as null (0.51, 2026-11-23).
      if (!isRecord(facets[key])) continue;
      const isDeleted = record(facets[key])._deleted === true;
      const value = isDeleted ? undefined : slim(key, facets[key]);
      this.#latest.set(key, later(this.#latest.get(key), when, value ?? null));
    }
  }

  /** Undefined when it was never said, or was taken back. */
  get(key: string): unknown {
    return this.#latest.get(key)?.value ?? undefined;
  }
}

/** The largest facets carry a whole DAG; what is read of them later is little. */
function slim(key: string, facet: unknown): unknown {
  if (key === 'sql') return { query: text(record(facet).query)?.slice(0, 20_000) };
  if (key === 'test') return { tests: list(record(facet).tests).slice(0, 200).map(slimTest) };
  if (key === 'airflow' || key === 'airflowDagRun') return slimAirflow(record(facet));
  if (key !== 'errorMessage') return facet;
  const { message, stackTrace } = record(facet);
  return { message: text(message)?.slice(0, 5_000), stackTrace: text(stackTrace)?.slice(0, 50_000) };
}

function slimTest(test: unknown): Facets {
  const { name, status, severity } = record(test);
  return { name: oneLine(name, 200), status: oneLine(status, 20), severity: oneLine(severity, 20) };
}

function slimAirflow(facet: Facets): Facets {
  const { map_index, try_number, pool, log_url } = record(facet.taskInstance);
  return {
    dag: { dag_id: record(facet.dag).dag_id },
    dagRun: { dag_id: record(facet.dagRun).dag_id, run_id: record(facet.dagRun).run_id },
    task: { task_id: record(facet.task).task_id },
    taskInstance: { map_index, try_number, pool, log_url },
  };
}

/** Fields of a `schema` facet, nested ones as `a.b`. */
export function fieldsOf(
  facet: unknown,
  prefix = '',
): readonly { readonly name: string; readonly type?: string; readonly description?: string }[] {
  return list(record(facet).fields).flatMap((value) => {
    const field = record(value);
    const name = text(field.name);
    if (!name) return [];
    const own = { name: `${prefix}${name}`, type: text(field.type), description: text(field.description) };
    return prefix.split('.').length > 5 ? [own] : [own, ...fieldsOf(field, `${prefix}${name}.`)];
  });
}

const mostTags = 50;

/** `key`, or `key: value`, or of a column `column key: value`. */
export function tagsOf(facet: unknown): readonly string[] {
  const tags = list(record(facet).tags).flatMap((value) => {
    const { key, value: said, field } = record(value);
    const name = text(key);
    if (name === undefined) return [];
    const whole = text(said) === undefined || said === 'true' ? name : `${name}: ${text(said)}`;
    return [(text(field) === undefined ? whole : `${text(field)} ${whole}`).slice(0, 200)];
  });
  return [...new Set(tags)].slice(0, mostTags);
}

/** A version-control commit in full, of a `sourceCodeLocation` facet: its version, or what its address names. */
export function commitOf(facet: unknown): string | undefined {
  const { version, url } = record(facet);
  const written = text(version) ?? /\/(?:blob|tree|raw|commit)\/([0-9a-f]{40})(?:\/|$)/i.exec(text(url) ?? '')?.[1];
  return written !== undefined && /^[0-9a-f]{40}$/i.test(written) ? written.toLowerCase() : undefined;
}
