// Entities: jobs and their tasks as entities with their edges; pure.
import { CronExpressionParser } from 'cron-parser';
import type { SeenEntity } from '../../../catalog/change.ts';
import type { Edge } from '../../../catalog/edge.ts';
import type { EntityId } from '../../../catalog/entity.ts';
import type { Facts } from '../../../catalog/facts.ts';
import { said } from '../../json.ts';
import { idsOf, type Place } from '../ids.ts';
import { bundleTag, type DeployedBundle } from './bundle.ts';
import type { StoredJob, StoredTask } from './shapes.ts';

export interface Jobs {
  readonly entities: readonly SeenEntity[];
  readonly edges: readonly Edge[];
}

export interface JobContext {
  readonly place: Place;
  /** What deployments wrote down, by the path of that file; of those that were not read now we keep what we knew. */
  readonly bundles: ReadonlyMap<string, DeployedBundle>;
  readonly known: (
    id: EntityId,
  ) => { readonly aliases: readonly string[]; readonly tags: readonly string[] } | undefined;
}

export function jobsOf(jobs: readonly StoredJob[], context: JobContext): Jobs {
  const entities: SeenEntity[] = [];
  const edges: Edge[] = [];
  for (const job of jobs) {
    const one = jobOf(job, context);
    entities.push(...one.entities);
    edges.push(...one.edges);
  }
  return { entities, edges };
}

function jobOf(job: StoredJob, { place, bundles, known }: JobContext): Jobs {
  const ids = idsOf(place);
  const id = ids.job(job.job);
  const bundle = job.bundleFile === undefined ? undefined : bundles.get(job.bundleFile);
  const before = job.bundleFile === undefined || bundle ? undefined : known(id);
  const name = job.name ?? `job ${job.job}`;
  const bundled = bundle?.jobs.get(job.job);
  const plain = plainName(name);
  const others = [...new Set([job.job, plain, ...(bundled ? [bundled.key] : (before?.aliases ?? []))])];
  const url = `${place.url}/jobs/${job.job}`;
  const kept = before?.tags.filter((tag) => /^bundle(-\w+)?:/.test(tag)) ?? [];
  const tags = [...tagsOf(job, bundle, bundled?.file), ...kept];
  const entity: SeenEntity = {
    id,
    kind: 'job',
    name,
    aliases: others.filter((alias) => alias !== name),
    facts: said<Facts>({
      ...scheduleOf(job),
      description: job.description,
      owner: job.runAs ?? job.creator,
      url,
      tags: tags.length > 0 ? tags : undefined,
      createdAt: job.createdAt,
      paused: job.paused,
    }),
  };
  const tasks = job.tasks.map((task) => taskOf(task, job.job, [name, ...others], place));
  return { entities: [entity, ...tasks.map((task) => task.entity)], edges: tasks.flatMap((task) => task.edges) };
}

/** In development a bundle deploys `train` as `[dev ana] train`. */
function plainName(name: string): string {
  return name.replace(/^\[dev [^\]]{1,100}\] /, '');
}

function tagsOf(job: StoredJob, bundle: DeployedBundle | undefined, file: string | undefined): readonly string[] {
  const { git } = job;
  const source = git?.url === undefined ? undefined : `git:${git.url}${git.branch ? `@${git.branch}` : ''}`;
  const own = bundle && bundleTag(bundle);
  const commit = bundle?.commit && `bundle-commit:${bundle.commit}`;
  return [...job.tags, source, own, commit, file && `bundle-file:${file}`].filter((tag) => typeof tag === 'string');
}

/** `names` are all that the job is called by. */
export function taskOf(task: StoredTask, job: string, names: readonly string[], place: Place) {
  const ids = idsOf(place);
  const [name = job, ...others] = names;
  const id = ids.task(job, task.key);
  const entity: SeenEntity = {
    id,
    kind: 'task',
    name: `${name}.${task.key}`,
    aliases: [...others.map((other) => `${other}.${task.key}`), task.key],
    facts: said<Facts>({
      description: task.description,
      operator: task.type,
      pool: task.cluster ?? task.warehouse,
      url: `${place.url}/jobs/${job}/tasks/${encodeURIComponent(task.key)}`,
    }),
  };
  const edge = (from: string, to: string, relation: Edge['relation'], evidence: string): Edge => ({
    ...{ from, to, relation, evidence },
    origin: 'reported',
  });
  const edges = [
    edge(ids.job(job), id, 'contains', `tasks of Databricks job ${job}`),
    ...task.needs.map((need) => edge(ids.task(job, need), id, 'runs', `depends_on of Databricks job ${job}`)),
    ...(task.startsJob === undefined
      ? []
      : [edge(id, ids.job(task.startsJob), 'runs', `run_job_task of Databricks job ${job}`)]),
  ];
  return { entity, edges };
}

function scheduleOf({ cron, zone, trigger, periodMs }: StoredJob): Pick<Facts, 'schedule' | 'periodMs'> {
  if (cron === undefined) return said({ schedule: trigger, periodMs });
  return said({ schedule: zone === undefined ? cron : `${cron} (${zone})`, periodMs: quartzPeriod(cron) });
}

/** The longest of the next waits in ms; undefined when it cannot be read, or is so irregular that no wait is late. */
export function quartzPeriod(cron: string): number | undefined {
  const fields = cron.trim().split(/\s+/);
  // `2026` as the seventh: it ends some day.
  if (fields.length < 6 || fields.length > 7 || (fields[6] !== undefined && fields[6] !== '*')) return undefined;
  // Quartz counts days of the week from 1, which is Sunday; cron from 0.
  const weekday = (fields[5] ?? '*').replace(/(?<![/#\d])\d(?!\d)/g, (digit) => String((Number(digit) + 6) % 7));
  const plain = [...fields.slice(0, 5), weekday].map((field) => (field === '?' ? '*' : field)).join(' ');
  try {
    const expression = CronExpressionParser.parse(plain, { currentDate: new Date(0), tz: 'UTC' });
    const times = Array.from({ length: 8 }, () => expression.next().getTime());
    const waits = times.slice(1).map((time, index) => time - (times[index] ?? time));
    const [least, most] = [Math.min(...waits), Math.max(...waits)];
    return most > 0 && most <= least * 8 ? most : undefined;
  } catch {
    return undefined;
  }
}
