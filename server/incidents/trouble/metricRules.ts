// Metric rules: what plumbline.yaml says of metrics, tried on the datapoints that runs logged.
import type { Catalog } from '../../catalog/catalog.ts';
import { type Entity, type EntityId, entityId, parseEntityId } from '../../catalog/entity.ts';
import type { MetricPoint } from '../../catalog/run.ts';
import type { Incident } from '../../protocol/incident.ts';
import type { MetricCondition, MetricRule } from '../../workspace/plumblineFile.ts';
import type { FileProblem } from '../../workspace/yamlShape.ts';
import { endOf, toolOf } from './runs.ts';

/** The last value that one run logged. */
export interface Datapoint {
  readonly value: number;
  /** Epoch ms. */
  readonly at: number;
  readonly run: EntityId;
}

/** A metric's values over runs, oldest first, and whose metric it is. */
export interface Points {
  /** The model or table; the metric itself for a rule by id. */
  readonly of: EntityId;
  readonly metric: string;
  readonly points: readonly Datapoint[];
}

const mostPoints = 200;
const mostRuns = 200;

export function brokenRules(catalog: Catalog, rules: readonly MetricRule[]): readonly Incident[] {
  return rules.flatMap((rule) =>
    pointsOf(catalog, rule).flatMap((points) => {
      const incident = incidentOf(rule, points);
      return incident ? [incident] : [];
    }),
  );
}

/** Rules that cannot be tried, each with what is missing, at its place in plumbline.yaml. */
export function untriedRules(catalog: Catalog, rules: readonly MetricRule[]): readonly FileProblem[] {
  return rules.flatMap(({ name, subject, range, ...rule }) => {
    if (pointsOf(catalog, { name, subject, range, ...rule }).some(({ points }) => points.length > 0)) return [];
    if (subject.by === 'id') return [{ range, message: `"${name}": no source knows datapoints of ${subject.id}.` }];
    if (subject.by === 'query')
      return [
        {
          range,
          message: `"${name}": the query of ${subject.metric} has not been run: it is not allowed yet, or no warehouse was awake.`,
        },
      ];
    const known = catalog.find(subject.by, subject.name).length > 0;
    const message = known
      ? `"${name}": no run of the ${subject.by} ${subject.name} logged a metric called ${subject.metric}.`
      : `"${name}": no source knows a ${subject.by} called ${subject.name}.`;
    return [{ range, message }];
  });
}

/** One series for each thing that the rule's subject names (the same model in two registries is two). */
export function pointsOf(catalog: Catalog, { subject }: MetricRule): readonly Points[] {
  if (subject.by === 'id') return [seriesOf(catalog, subject.id)];
  if (subject.by === 'query') {
    const measured = catalog.find('metric', subject.metric).filter(({ goneAt }) => goneAt === undefined);
    return measured.map(({ id }) => ({ ...seriesOf(catalog, id), metric: subject.metric }));
  }
  return catalog
    .find(subject.by, subject.name)
    .filter(({ goneAt }) => goneAt === undefined)
    .map((entity) =>
      subject.by === 'model' ? ofModel(catalog, entity, subject.metric) : ofTable(catalog, entity, subject.metric),
    );
}

function seriesOf(catalog: Catalog, metric: EntityId): Points {
  const name = parseEntityId(metric)?.segments.at(-1) ?? metric;
  return { of: metric, metric: name, points: lastOfEachRun(catalog.series(metric)) };
}

/** Of the experiments whose runs made it; runs nested in others (trials of a search) do not count unless they made it. */
export function ofModel(catalog: Catalog, model: Entity, metric: string): Points {
  const made = new Set(catalog.runs(model.id, { limit: mostRuns }).map(({ id }) => id));
  const points = modelExperiments(catalog, model.id).flatMap((experiment) => {
    const id = metricOf(experiment, metric);
    const all = id ? lastOfEachRun(catalog.series(id)).slice(-mostPoints) : [];
    return all.filter(({ run }) => made.has(run) || !isNested(catalog, run));
  });
  const found = points.length > 0 ? points : lastValues(catalog, model.id, metric);
  return { of: model.id, metric, points: found.toSorted((a, b) => a.at - b.at) };
}

function isNested(catalog: Catalog, run: EntityId): boolean {
  const parent = catalog.run(run)?.parent;
  return parent !== undefined && toolOf(parent) === toolOf(run);
}

/** Experiments whose runs made the model or one of its versions. */
export function modelExperiments(catalog: Catalog, model: EntityId): readonly EntityId[] {
  const versions = catalog.neighbours(model).downstream.filter(({ relation }) => relation === 'contains');
  const makers = versions.flatMap(({ to }) => {
    const { madeBy } = catalog.facts(to);
    const run = madeBy === undefined ? undefined : catalog.run(madeBy);
    return run ? [run] : [];
  });
  const runs = [...catalog.runs(model, { limit: mostRuns }), ...makers];
  return [...new Set(runs.flatMap(({ of }) => of).filter((id) => id.startsWith('experiment:')))];
}

/** The metric of an experiment: `metric:tool://instance/<experiment>/<name>`. */
export function metricOf(experiment: EntityId, name: string): EntityId | undefined {
  const parts = parseEntityId(experiment);
  return parts && entityId('metric', parts.tool, parts.instance, ...parts.segments, name);
}

/** What the runs themselves say they logged last, where no series is kept. */
function lastValues(catalog: Catalog, of: EntityId, metric: string): Datapoint[] {
  return catalog.runs(of, { limit: mostRuns }).flatMap(({ id, metrics }) => {
    const point = metrics.find(({ name }) => name === metric);
    return point ? [{ value: point.value, at: point.at, run: id }] : [];
  });
}

/** `rows` of a table are those of its writes; any other metric is one that its edges say measures it, or that its runs logged. */
function ofTable(catalog: Catalog, table: Entity, metric: string): Points {
  const measuring = catalog
    .neighbours(table.id)
    .downstream.filter(({ relation }) => relation === 'measures')
    .map(({ to }) => to)
    .filter((id) => parseEntityId(id)?.segments.at(-1) === metric);
  const measured = measuring.flatMap((id) => lastOfEachRun(catalog.series(id)));
  const written = metric === 'rows' ? rowsWritten(catalog, table.id) : lastValues(catalog, table.id, metric);
  return { of: table.id, metric, points: [...measured, ...written].sort((a, b) => a.at - b.at) };
}

function rowsWritten(catalog: Catalog, table: EntityId): Datapoint[] {
  return catalog.runsUsing(table, 'writes', mostRuns).flatMap((run) => {
    const rows = run.outputs.find(({ id }) => id === table)?.rows;
    return rows === undefined ? [] : [{ value: rows, at: endOf(run), run: run.id }];
  });
}

function lastOfEachRun(points: readonly (MetricPoint & { readonly run: EntityId })[]): Datapoint[] {
  const last = new Map<EntityId, MetricPoint & { readonly run: EntityId }>();
  for (const point of points) {
    // Of a metric that is watched every point counts.
    if (!point.run.startsWith('run:')) {
      last.set(`${point.run} ${point.at}`, point);
      continue;
    }
    const before = last.get(point.run);
    const later =
      before === undefined ||
      (point.step ?? 0) > (before.step ?? 0) ||
      ((point.step ?? 0) === (before.step ?? 0) && point.at >= before.at);
    if (later) last.set(point.run, point);
  }
  return [...last.values()].map(({ value, at, run }) => ({ value, at, run })).sort((a, b) => a.at - b.at);
}

function incidentOf(rule: MetricRule, { of, metric, points }: Points): Incident | undefined {
  const newest = points.at(-1);
  const broken = rule.conditions.find((condition) => failing(condition, points, points.length - 1));
  if (!newest || !broken) return undefined;
  let first = points.length - 1;
  while (first > 0 && rule.conditions.some((condition) => failing(condition, points, first - 1))) first--;
  return {
    id: `incident:metricRule:${encodeURIComponent(rule.name)}:${of}`,
    kind: 'metricRule',
    title: rule.name,
    entity: of,
    ...(newest.run.startsWith('run:') ? { run: newest.run } : {}),
    since: points[first]?.at ?? newest.at,
    lastSeen: newest.at,
    summary: summaryOf(broken, metric, points),
  };
}

/** A value that is not a number fails every rule; a change needs at least one value before it. */
function failing(condition: MetricCondition, points: readonly Datapoint[], at: number): boolean {
  const value = points[at]?.value;
  if (value === undefined) return false;
  if (Number.isNaN(value)) return true;
  if (condition.test === 'below') return value < condition.value;
  if (condition.test === 'above') return value > condition.value;
  if (!changes(condition)) return false;
  const mean = meanBefore(points, at, condition.last);
  const change = mean === undefined ? 0 : condition.test === 'drop' ? mean - value : value - mean;
  return change >= condition.value - 1e-12;
}

function changes(condition: MetricCondition): condition is MetricCondition & { readonly last: number } {
  return condition.test === 'drop' || condition.test === 'rise';
}

function meanBefore(points: readonly Datapoint[], at: number, last: number): number | undefined {
  const before = points.slice(Math.max(0, at - last), at).filter(({ value }) => Number.isFinite(value));
  return before.length === 0 ? undefined : before.reduce((sum, { value }) => sum + value, 0) / before.length;
}

function summaryOf(condition: MetricCondition, metric: string, points: readonly Datapoint[]): string {
  const value = points.at(-1)?.value ?? Number.NaN;
  if (Number.isNaN(value)) return `${metric} is not a number (NaN)`;
  const said = `${metric} ${short(value)} is`;
  if (!changes(condition)) return `${said} ${condition.test} ${short(condition.value)}`;
  const mean = meanBefore(points, points.length - 1, condition.last) ?? value;
  const count = Math.min(condition.last, points.length - 1);
  const before = count === 1 ? 'the one before it' : `the mean of the ${count} before it`;
  return `${said} ${short(Math.abs(mean - value))} ${condition.test === 'drop' ? 'lower' : 'higher'} than ${short(mean)}, ${before}`;
}

/** At most four digits that say something. */
export function short(value: number): string {
  return String(Number(value.toPrecision(4)));
}
