// Alerts in an explanation: what fired, what its authors say to do, and the run of the job, table or model that it may be about.
import type { AlertLink } from '../../catalog/alert.ts';
import { type EntityId, parseEntityId } from '../../catalog/entity.ts';
import type { Run } from '../../catalog/run.ts';
import type { Evidence, Incident } from '../../protocol/incident.ts';
import type { ExplainContext } from '../explain.ts';
import { alertIncidentId, mutedWords, toldAlerts } from '../trouble/alerts.ts';
import { utc } from '../trouble/missedRuns.ts';
import { nameOf } from '../trouble/runs.ts';
import { missingHop, sourceOf } from './hops.ts';

export interface AlertStart {
  readonly evidence: readonly Evidence[];
  readonly run?: Run;
}

const mostLinks = 4;
/** From a monitor over its metric to what the metric measures. */
const mostMetrics = 10;

/** `runOf` answers which run of an entity matters most now. */
export function ofAlert(
  incident: Incident,
  context: ExplainContext,
  runOf: (id: EntityId) => Run | undefined,
): AlertStart {
  const { catalog } = context;
  const source = sourceOf(catalog, incident.entity);
  const told = toldAlerts(catalog).find(({ monitor, alert }) => alertIncidentId(monitor.id, alert) === incident.id);
  const query = catalog.facts(incident.entity).query;
  const first: Evidence = {
    status: 'found',
    title: `${incident.title}: ${incident.summary}`,
    reason: `It began ${utc(incident.since)}${query === undefined ? '' : `; its rule asks ${query}`}`,
    ...{ source, at: incident.since, about: incident.entity },
  };
  const hops: Evidence[] = [first];
  if (told?.alert.muted)
    hops.push({ ...first, title: mutedWords(told.alert.muted), reason: 'So nobody is paged for it' });
  if (told?.alert.origin !== undefined)
    hops.push({ ...first, title: told.alert.origin, reason: 'It is where the value of the alert comes from' });
  const links = told?.alert.links ?? catalog.facts(incident.entity).links ?? [];
  hops.push(...links.slice(0, mostLinks).map((link) => linkHop(link, source)));
  const subjects = subjectsOf(incident.entity, context);
  for (const { id, evidence, by } of subjects) {
    const run = runOf(id);
    if (!run) continue;
    const about: Evidence = {
      status: 'found',
      title: `It may be about ${nameOf(catalog, id)}`,
      ...{ reason: evidence, source: by, about: id },
    };
    return { evidence: [...hops, about], run };
  }
  const [known] = subjects;
  // What a monitor of logs counts are the logs that explain it.
  const counted = runOf(incident.entity);
  if (counted) return { evidence: hops, run: counted };
  const title = known ? `No run of ${nameOf(catalog, known.id)} is known` : 'What it is about is not known';
  const reason = known ? known.evidence : 'None of its labels names a job, table or model that a source knows';
  const advice =
    'Give the rule a label dag_id, table or model, or join it under joins: in plumbline.yaml to what it watches';
  return { evidence: [...hops, missingHop(title, reason, advice)] };
}

function linkHop({ title, url }: AlertLink, source: string): Evidence {
  return { status: 'found', title, reason: 'Its authors, or the tool, link to it', source, url };
}

interface SubjectOfAlert {
  readonly id: EntityId;
  readonly evidence: string;
  readonly by: string;
}

/** What a monitor measures: jobs and tasks before tables, those before models; then what its metrics measure. */
function subjectsOf(monitor: EntityId, { catalog, sameAs = () => [] }: ExplainContext): readonly SubjectOfAlert[] {
  const measured = (id: EntityId): readonly SubjectOfAlert[] => [
    ...catalog
      .neighbours(id)
      .upstream.filter(({ relation }) => relation === 'measures')
      .map(({ from, evidence, source }) => ({ id: from, evidence, by: source })),
    ...sameAs(id).map((other) => ({ id: other, evidence: 'joined by a rule', by: 'plumbline.yaml' })),
  ];
  const own = measured(monitor);
  const metrics = own.filter(({ id }) => id.startsWith('metric:')).slice(0, mostMetrics);
  const all = [...own, ...metrics.flatMap(({ id }) => measured(id))].filter(({ id }) => rank(id) < order.length);
  return [...new Map(all.map((one) => [one.id, one])).values()].sort((a, b) => rank(a.id) - rank(b.id));
}

const order = ['task', 'job', 'table', 'path', 'version', 'model', 'experiment', 'endpoint'];

function rank(id: EntityId): number {
  const at = order.indexOf(parseEntityId(id)?.kind ?? '');
  return at < 0 ? order.length : at;
}
