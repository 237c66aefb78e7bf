// Hover of a job or a task: schedule, last runs, where it ran, the last good run, and the failure that matters.
import { type Entity, parseEntityId } from '../../catalog/entity.ts';
import type { Run } from '../../catalog/run.ts';
import { contentLine } from '../contentWords.ts';
import type { FeatureContext } from '../context.ts';
import { code, text } from '../markdown.ts';
import { duration, kindWords, markRow, status, words } from '../words.ts';
import { changeLines } from './changes.ts';
import { codeOfLast } from './hoverModel.ts';
import { took, when } from './runTable.ts';
import { actions, descriptionLine, goneLine, ownerLine, type Paragraphs, type Subject, saidBy } from './subject.ts';
import { codeLine, listed, sameThings, users } from './usage.ts';

const shownRuns = 10;
const mostParts = 30;
const changing = ['schedule', 'paused', 'owner'];

export function hoverJob(subject: Subject): Paragraphs {
  const { context, entity } = subject;
  const things = sameThings(context, entity);
  const runs = runsOfJob(context, things);
  const [last] = runs;
  const working = withParts(context, things);
  const data = users(context, working);
  const ids = things.map(({ id }) => id);
  const content = last?.commit ? {} : contentLine(context, ids);
  return [
    `**${kindWords[entity.kind]}** ${code(entity.name)}${parentWords(subject)}`,
    goneLine(subject),
    descriptionLine(subject),
    scheduleLine(subject),
    ...changeLines(context, ids, (field) => changing.includes(field)),
    last ? markRow(runs.slice(0, shownRuns).map((run) => run.status)) : words.noRuns,
    last && lastLine(context, last),
    last && lastGoodLine(context, runs),
    last?.status === 'failed' ? failureLine(context, last) : undefined,
    last?.commit ? codeOfLast(subject, last) : content.words,
    data.parents.length > 0 ? `Reads ${listed(data.parents)}` : undefined,
    ...outcomeLines(context, working),
    ownerLine(subject),
    codeLine(context.referencesTo(entity.id)),
    actions(subject, { logs: runs, compare: runs.length > 1 ? last : undefined, commit: last, content: content.id }),
    saidBy(context, ids, runs),
  ];
}

/** Newest first; of the tool that runs it when it has any, else of those that only report its data. */
function runsOfJob({ catalog }: FeatureContext, things: readonly Entity[]): readonly Run[] {
  for (const { id } of things) {
    const runs = catalog.runs(id, { limit: 50 });
    if (runs.length > 0) return runs;
  }
  return [];
}

/** A job reads and writes what its tasks do. */
function withParts(context: FeatureContext, things: readonly Entity[]): readonly Entity[] {
  const parts = things.flatMap(({ id }) =>
    context.catalog
      .neighbours(id)
      .downstream.filter(({ relation }) => relation === 'contains')
      .slice(0, mostParts)
      .flatMap(({ to }) => context.catalog.get(to) ?? []),
  );
  return [...things, ...parts.flatMap((part) => sameThings(context, part))];
}

function parentWords({ context, entity }: Subject): string {
  if (entity.kind !== 'task') return '';
  const parent = context.catalog.neighbours(entity.id).upstream.find(({ relation }) => relation === 'contains');
  const job = parent && context.catalog.get(parent.from);
  return job ? ` of ${kindWords[job.kind].toLowerCase()} ${code(job.name)}` : '';
}

function scheduleLine({ context, entity }: Subject): string | undefined {
  const { schedule, periodMs, paused, operator, pool, broken } = context.catalog.facts(entity.id);
  const every = periodMs === undefined ? '' : ` (every ${duration(periodMs)})`;
  const parts = [
    broken ? `**Cannot be loaded:** ${text(broken)}` : undefined,
    paused ? '**paused**' : undefined,
    schedule ? `Schedule: ${text(schedule)}${text(schedule).includes('every') ? '' : every}` : undefined,
    operator ? `operator ${code(operator)}` : undefined,
    pool ? `pool ${code(pool)}` : undefined,
  ].filter((part) => part !== undefined);
  return parts.length > 0 ? parts.join(' · ') : undefined;
}

function lastLine({ now }: FeatureContext, run: Run): string {
  const length = took(run);
  const parts = [
    `Last run ${status(run.status)} ${when(run, now)}`,
    length && `took ${length}`,
    run.attempt && run.attempt > 1 ? `try ${run.attempt}` : undefined,
    run.where && `on ${code(run.where)}`,
    run.environment && `environment ${code(run.environment)}`,
    run.user && `started by ${text(run.user)}`,
  ];
  return parts.filter((part) => part).join(' · ');
}

function lastGoodLine({ now }: FeatureContext, runs: readonly Run[]): string | undefined {
  if (runs[0]?.status === 'success') return undefined;
  const good = runs.find((run) => run.status === 'success');
  return good
    ? `Last good run ${when(good, now)}: ${code(good.name)}`
    : `No good run among the ${runs.length === 1 ? 'one' : runs.length} recorded`;
}

/** The task that failed last and the line that explains it. */
function failureLine(context: FeatureContext, run: Run): string | undefined {
  const part = failedPart(context, run);
  const task = part && taskName(part);
  const message = part?.message ?? run.message;
  if (!message) return task ? `Failed in task ${code(task)}; its log says why` : 'Failed; the tool gives no reason';
  return `Failed${task ? ` in task ${code(task)}` : ''}: ${text(message)}`;
}

/** Undefined when the run has no recorded parts, as a single try has none. */
export function failedPart({ catalog }: FeatureContext, run: Run): Run | undefined {
  return catalog.childRuns(run.id).findLast((child) => child.status === 'failed');
}

function taskName(run: Run): string {
  return parseEntityId(run.of[0] ?? '')?.segments.at(-1) ?? run.name;
}

/** `Writes a, b`, `Starts c`. */
function outcomeLines({ catalog }: FeatureContext, things: readonly Entity[]): readonly string[] {
  const written = new Set<string>();
  const started = new Set<string>();
  for (const { id } of things) {
    for (const { relation, to } of catalog.neighbours(id).downstream) {
      const name = () => code(catalog.get(to)?.name ?? to);
      if (relation === 'writes' || relation === 'made') written.add(name());
      else if (relation === 'runs') started.add(name());
    }
  }
  return [
    ...(written.size > 0 ? [`Writes ${listed([...written])}`] : []),
    ...(started.size > 0 ? [`Starts ${listed([...started])}`] : []),
  ];
}
