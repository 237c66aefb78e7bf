// Starts: where an explanation begins: the datapoint, run or table that an incident or an entity stands for.
import type { Catalog } from '../../catalog/catalog.ts';
import { type EntityId, parseEntityId } from '../../catalog/entity.ts';
import type { Run } from '../../catalog/run.ts';
import type { Evidence, Incident } from '../../protocol/incident.ts';
import { matchesEntity } from '../../workspace/owners.ts';
import type { ExplainContext } from '../explain.ts';
import { type Datapoint, metricOf, modelExperiments, pointsOf, short } from '../trouble/metricRules.ts';
import { othersAlive, utc } from '../trouble/missedRuns.ts';
import { nameOf } from '../trouble/runs.ts';
import { ofAlert } from './alerts.ts';
import { writersOf } from './data.ts';
import { missingHop, runHop, runTitle, sourceOf } from './hops.ts';
import { columnHops } from './tableChanges.ts';

export interface Start {
  readonly title: string;
  readonly evidence: readonly Evidence[];
  readonly incident?: Incident;
  /** The run from which the walk up begins; absent when there is none. */
  readonly run?: Run;
  /** The entity that is explained. */
  readonly about?: EntityId;
  readonly lastGood?: Run;
  /** Epoch ms since when it is bad. */
  readonly since?: number;
}

export function startOfExplanation(id: string, context: ExplainContext): Start {
  const incident = context.incidents.find((one) => one.id === id) ?? context.incidents.find((one) => one.entity === id);
  if (incident) return ofIncident(incident, context);
  if (id.startsWith('incident:'))
    return ended('This incident is over', 'Nothing that is failing now has this id', 'Refresh the list of incidents');
  return ofEntity(id, context) ?? joined(id, context) ?? unknown(id);
}

function ended(title: string, reason: string, advice: string): Start {
  return { title, evidence: [missingHop(title, reason, advice)] };
}

function unknown(id: string): Start {
  const advice =
    'Check that the tool which runs it is among the sources in the status item, and that its last scan went well';
  return ended(`Nothing is known of ${id}`, 'No source has it, and no run used it', advice);
}

// region Incidents
function ofIncident(incident: Incident, context: ExplainContext): Start {
  const { catalog } = context;
  const base = { title: incident.title, incident, about: incident.entity, since: incident.since };
  const run = incident.run === undefined ? undefined : catalog.run(incident.run);
  switch (incident.kind) {
    case 'metricRule':
      return { ...base, ...brokenRule(incident, run, context) };
    case 'missedRun':
      return { ...base, evidence: missedHops(incident, run, catalog) };
    case 'alert': {
      const runFor = (id: EntityId) => runOf(id, parseEntityId(id)?.kind ?? '', context);
      return { ...base, ...ofAlert(incident, context, runFor) };
    }
    case 'staleTable':
      return { ...base, ...staleTable(incident, context) };
    default: {
      const tested = incident.kind === 'failedTest' ? (run?.inputs ?? []).flatMap(({ id }) => id ?? []) : [];
      const tables = [...tested, ...(incident.entity.startsWith('table:') ? [incident.entity] : [])];
      const first = run ? [runHop(catalog, run, `Failing since ${utc(incident.since)}`)] : [];
      return { ...base, run, evidence: [...first, ...tables.flatMap((table) => columnHops(catalog, table))] };
    }
  }
}

function brokenRule(
  incident: Incident,
  run: Run | undefined,
  { catalog, config }: ExplainContext,
): Omit<Start, 'title'> {
  const rule = config.metrics.find(({ name }) =>
    incident.id.startsWith(`incident:metricRule:${encodeURIComponent(name)}:`),
  );
  const points = rule ? (pointsOf(catalog, rule).find(({ of }) => of === incident.entity)?.points ?? []) : [];
  const good = points.findLast(({ at }) => at < incident.since);
  const lastGood = good === undefined ? undefined : catalog.run(good.run);
  const evidence: Evidence = {
    status: 'found',
    title: incident.summary,
    reason: `The rule "${incident.title}" in plumbline.yaml, on the newest datapoint${run ? `, logged by ${runTitle(catalog, run)}` : ''}`,
    source: incident.run === undefined ? 'plumbline.yaml' : sourceOf(catalog, incident.run),
    at: incident.lastSeen,
    about: incident.run,
  };
  return { evidence: [evidence, ...(good ? [goodHop(catalog, good)] : [])], run, lastGood };
}

function goodHop(catalog: Catalog, good: Datapoint): Evidence {
  const run = catalog.run(good.run);
  return {
    status: 'found',
    title: `It was ${short(good.value)} when it was last good`,
    reason: `The last datapoint before it began${run ? `, logged by ${runTitle(catalog, run)}` : ''}`,
    source: sourceOf(catalog, good.run),
    at: good.at,
    about: good.run,
  };
}

function missedHops(incident: Incident, last: Run | undefined, catalog: Catalog): readonly Evidence[] {
  const facts = catalog.facts(incident.entity);
  const job = catalog.get(incident.entity);
  const others = job && othersAlive(catalog, job);
  const source = sourceOf(catalog, incident.entity);
  const schedule = facts.schedule === undefined ? 'Its schedule' : `Its schedule (${facts.schedule})`;
  const reason = `${schedule}, and when its earlier runs started`;
  const first: Evidence = {
    status: 'found',
    title: incident.summary,
    reason,
    source,
    at: incident.since,
    about: incident.entity,
  };
  const hops = [first];
  if (last) hops.push(runHop(catalog, last, 'It is the last run that was seen'));
  if (facts.broken)
    hops.push({
      status: 'found',
      title: facts.broken,
      reason: 'A definition that cannot be loaded is not scheduled',
      source,
    });
  const silent = others === undefined || others.at < incident.since;
  if (others)
    hops.push({
      status: 'found',
      title: silent
        ? `No other job ran since either; the last one was ${others.name}, ${utc(others.at)}`
        : `Other jobs ran: ${others.name}, ${utc(others.at)}`,
      reason: silent
        ? 'The scheduler is down, or its logs go elsewhere'
        : 'So the scheduler works, and its logs arrive',
      source,
      at: others.at,
    });
  const advice = silent
    ? 'Look whether the scheduler is up, and whether this folder still receives its logs'
    : `Look at the page of ${job?.name ?? 'the job'} in Airflow: is it paused, is its pool full, does it wait for another job?`;
  return [...hops, missingHop('Whether it is paused is not known', 'The logs do not say it', advice)];
}

function staleTable(incident: Incident, { catalog, sameAs = () => [] }: ExplainContext): Omit<Start, 'title'> {
  const source = sourceOf(catalog, incident.entity);
  const reason = 'dbt source freshness, when it last ran';
  const first: Evidence = {
    status: 'found',
    title: incident.summary,
    reason,
    source,
    at: incident.lastSeen,
    about: incident.entity,
  };
  const writer = writersOf(catalog, incident.entity, sameAs).find(({ run }) => run.status !== 'skipped')?.run;
  if (writer)
    return { evidence: [first, runHop(catalog, writer, 'It is the newest run known to have written it')], run: writer };
  const advice =
    'Let the job that loads it report its outputs (OpenLineage), or join its names under joins: in plumbline.yaml';
  return {
    evidence: [
      first,
      missingHop(
        `Who loads ${nameOf(catalog, incident.entity)} is not known`,
        'No run has it among its outputs',
        advice,
      ),
    ],
  };
}
// endregion

// region Entities
function ofEntity(id: EntityId, context: ExplainContext): Start | undefined {
  const { catalog } = context;
  const kind = parseEntityId(id)?.kind;
  if (kind === 'metric') return ofMetric(id, context);
  const run = kind === undefined ? undefined : runOf(id, kind, context);
  if (run) {
    const reason =
      run.id === id
        ? 'It is the run that was asked about'
        : `It is the run of ${nameOf(catalog, id)} that matters most now`;
    return { title: runTitle(catalog, run), evidence: [runHop(catalog, run, reason)], run, about: id };
  }
  if (!catalog.get(id)) return undefined;
  const title = `${nameOf(catalog, id)} has no run`;
  const advice = 'Connect the tool that makes it: an MLflow store, Airflow logs, dbt artifacts or OpenLineage events';
  return { title, evidence: [missingHop(title, 'No source knows a run of it', advice)], about: id };
}

/** Of a job the newest failure that is not made good, else its newest run; of a table or path who wrote it last. */
function runOf(id: EntityId, kind: string, { catalog, sameAs = () => [] }: ExplainContext): Run | undefined {
  if (kind === 'run') return catalog.run(id);
  if (kind === 'version') {
    const { madeBy } = catalog.facts(id);
    return (madeBy === undefined ? undefined : catalog.run(madeBy)) ?? catalog.runs(id, { limit: 1 })[0];
  }
  const newest = catalog.runs(id, { limit: 20 }).find(({ status }) => status !== 'skipped');
  if (newest) return newest;
  if (kind === 'model') {
    const [experiment] = modelExperiments(catalog, id);
    return experiment === undefined ? undefined : catalog.runs(experiment, { limit: 1 })[0];
  }
  return kind === 'table' || kind === 'path' ? writersOf(catalog, id, sameAs)[0]?.run : undefined;
}

function ofMetric(id: EntityId, { catalog, incidents }: ExplainContext): Start | undefined {
  const newest = catalog.series(id).at(-1);
  if (!newest) return undefined;
  const run = catalog.run(newest.run);
  const rule = incidents.find((incident) => incident.kind === 'metricRule' && incident.run === newest.run);
  const evidence: Evidence = {
    status: 'found',
    title: `${newest.name} is ${short(newest.value)}${rule ? `: ${rule.title}` : ''}`,
    reason: `The newest datapoint${run ? `, logged by ${runTitle(catalog, run)}` : ''}`,
    source: sourceOf(catalog, newest.run),
    at: newest.at,
    about: newest.run,
  };
  return {
    title: `${newest.name} of ${run ? runTitle(catalog, run) : nameOf(catalog, id)}`,
    evidence: [evidence],
    run,
    about: id,
  };
}

/** A name that no tool here knows (a statsd metric in code), joined in plumbline.yaml to one that is known. */
function joined(id: string, context: ExplainContext): Start | undefined {
  const { catalog, config } = context;
  const match = /^(?:code:)?([a-z]+):(?:[a-z0-9+.-]+:\/\/[^/]*\/)?(.+)$/s.exec(id);
  const written = match ? `${match[1]}:${match[2]}` : id;
  for (const { from, to, range } of config.joins) {
    if (from !== written && from !== id) continue;
    const kind = to.slice(0, to.indexOf(':'));
    const target = parseEntityId(to) ? to : entityNamed(catalog, to);
    if (target === undefined || range === undefined) continue;
    const metric = written.split(/[.:]/).at(-1) ?? '';
    const exact = kind === 'model' ? newestMetric(catalog, target, metric) : undefined;
    const start = startOfExplanation(incidentFor(context, target, metric) ?? exact ?? target, context);
    const reason = 'joins: in plumbline.yaml';
    const hop: Evidence = {
      status: 'found',
      title: `${from} measures ${to}`,
      reason,
      source: 'plumbline.yaml',
      about: target,
    };
    return { ...start, evidence: [hop, ...start.evidence] };
  }
  return undefined;
}

function entityNamed(catalog: Catalog, name: string): EntityId | undefined {
  const kind = parseEntityId(`${name.slice(0, name.indexOf(':'))}:x://y/z`)?.kind;
  const found = kind ? catalog.find(kind, name.slice(kind.length + 1)) : [];
  return found.find((entity) => matchesEntity(name, entity))?.id ?? found[0]?.id;
}

function newestMetric(catalog: Catalog, model: EntityId, metric: string): EntityId | undefined {
  const ids = modelExperiments(catalog, model).flatMap((experiment) => metricOf(experiment, metric) ?? []);
  return ids.find((id) => catalog.series(id, { limit: 1 }).length > 0);
}

/** The incident of this very metric of the model, when there is one. */
function incidentFor({ incidents, config }: ExplainContext, model: EntityId, metric: string): string | undefined {
  return incidents.find(({ kind, entity, title }) => {
    if (kind !== 'metricRule' || entity !== model) return false;
    const subject = config.metrics.find(({ name }) => name === title)?.subject;
    return subject !== undefined && subject.by !== 'id' && subject.metric === metric;
  })?.id;
}
// endregion
