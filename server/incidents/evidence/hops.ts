// Hops: the words of each step of an explanation, found or missing.
import type { Catalog } from '../../catalog/catalog.ts';
import type { EntityId } from '../../catalog/entity.ts';
import type { Run } from '../../catalog/run.ts';
import type { Evidence } from '../../protocol/incident.ts';
import { endOf, nameOf, startOf, toolOf } from '../trouble/runs.ts';
import type { AlsoFailing, UpstreamStep } from './upstream.ts';

/** Who says so: the source that told of it last, else the tool. */
export function sourceOf(catalog: Catalog, id: EntityId): string {
  const said = catalog.factsBySource(id).at(-1)?.source;
  if (said) return said;
  const tool = toolOf(id);
  const sources = catalog.sources().filter((source) => source.tool === tool);
  return sources.length === 1 ? (sources[0]?.name ?? tool) : tool;
}

/** `fit, try 2 of train_churn` for a task's try, else the run's own name with what it is a run of. */
export function runTitle(catalog: Catalog, run: Run): string {
  const of = run.of[0];
  const name = of === undefined ? run.name : nameOf(catalog, of);
  if (run.parent && toolOf(run.parent) === toolOf(run.id)) return run.attempt ? `${name}, try ${run.attempt}` : name;
  // `dbt build churn_labels`, `validate_churn/2026-11-21`: the run's name says what it is a run of.
  return run.name.includes(name.split('.').at(-1) ?? name) ? run.name : `${name}, run ${run.name}`;
}

const ended: Readonly<Record<Run['status'], string>> = {
  queued: 'is queued',
  running: 'is running',
  success: 'succeeded',
  failed: 'failed',
  skipped: 'was skipped',
  unknown: 'ended nobody knows how',
};

export function runHop(catalog: Catalog, run: Run, reason: string): Evidence {
  const message = run.status === 'failed' && run.message ? `: ${run.message}` : '';
  const times = { at: run.startedAt === undefined ? endOf(run) : startOf(run) };
  const title = `${runTitle(catalog, run)} ${ended[run.status]}${message}`;
  return { status: 'found', title, reason, source: sourceOf(catalog, run.id), about: run.id, ...times, url: run.url };
}

export function missingHop(title: string, reason: string, advice: string): Evidence {
  return { status: 'missing', title, reason, source: 'Plumbline', advice };
}

export function stepHop(catalog: Catalog, step: UpstreamStep): Evidence {
  const alike = step.because ? ` (${step.because})` : '';
  const reason = `It wrote ${nameOf(catalog, step.data)}${alike} before ${runTitle(catalog, step.reader)} read it`;
  return runHop(catalog, step.writer, reason);
}

export function alsoHop(catalog: Catalog, { run, data, because }: AlsoFailing, test: boolean): Evidence {
  const alike = because ? ` (${because})` : '';
  const reason = test
    ? `It tests ${nameOf(catalog, data)}${alike}, which was read on the way`
    : `It reads ${nameOf(catalog, data)}${alike} too`;
  return runHop(catalog, run, reason);
}
