// Ids: how a Ray head's things are named in the catalog, and the addresses of its pages; pure.
import { type EntityId, entityId } from '../../catalog/entity.ts';

/** Where a driver's run stands: Ray counts them anew whenever it is started, so the session is a part of the name. */
export type JobPlace = { readonly submission: string } | { readonly session: string; readonly driver: string };

export interface Ids {
  /** `tool://instance`, as it begins ids. */
  readonly scope: string;
  /** What is submitted again and again under this name. */
  job(name: string): EntityId;
  run(place: JobPlace): EntityId;
  /** Task ids are the same in every session, so they are told apart by the run that they belong to. */
  task(run: EntityId, task: string, attempt: number): EntityId;
  application(name: string): EntityId;
  deployment(application: string, name: string): EntityId;
  /** One deployment of an application; `at`: epoch ms. */
  deployed(application: string, at: number): EntityId;
}

export function idsOf(instance: string): Ids {
  const id = (kind: 'job' | 'run' | 'endpoint', ...segments: readonly string[]) =>
    entityId(kind, 'ray', instance, ...segments);
  return {
    scope: id('job').replace(/^job:/, '').replace(/\/$/, ''),
    job: (name) => id('job', name),
    run: (place) => ('submission' in place ? id('run', place.submission) : id('run', place.session, place.driver)),
    task: (run, task, attempt) => `${run}/${[task, ...(attempt > 0 ? [String(attempt)] : [])].map(encoded).join('/')}`,
    application: (name) => id('endpoint', name),
    deployment: (application, name) => id('endpoint', application, name),
    deployed: (application, at) => id('run', 'serve', application, String(at)),
  };
}

function encoded(segment: string): string {
  return entityId('run', 'ray', '', segment).slice('run:ray:///'.length);
}

/** Routes of the dashboard's own pages (App.tsx of 2.60.0, read 2026-11). `url` is the connection's. */
export interface Pages {
  readonly jobs: string;
  job(id: string): string;
  task(job: string, task: string): string;
  application(name: string): string;
  deployment(application: string, name: string): string;
}

export function pagesOf(url: string): Pages {
  const base = `${url.replace(/\/+$/, '')}/#`;
  const at = (...segments: readonly string[]) =>
    `${base}/${segments.map((segment) => encodeURIComponent(segment.toWellFormed())).join('/')}`;
  return {
    jobs: at('jobs'),
    job: (id) => at('jobs', id),
    task: (job, task) => at('jobs', job, 'tasks', task),
    application: (name) => at('serve', 'applications', name),
    deployment: (application, name) => at('serve', 'applications', application, name),
  };
}
