// Hover of a run: how it went, where and by whom, with what code and data.
import type { Run } from '../../catalog/run.ts';
import { contentLine } from '../contentWords.ts';
import type { FeatureContext } from '../context.ts';
import { code, table, text } from '../markdown.ts';
import { changed, duration, number, status } from '../words.ts';
import { commitWords, dataLine } from './hoverModel.ts';
import { metricOf, took, when } from './runTable.ts';
import { actions, type Paragraphs, type Subject, saidBy } from './subject.ts';

const mostMetrics = 8;
const mostParams = 8;

export function hoverRun(subject: Subject): Paragraphs {
  const { context, entity } = subject;
  const run = context.catalog.run(entity.id);
  if (!run) return [`**Run** ${code(entity.name)}`, 'Nothing more of it is known.', saidBy(context, [entity.id])];
  const before = runBefore(context, run);
  const content = run.commit ? {} : contentLine(context, [run.id]);
  return [
    `**Run** ${code(run.name)} ${status(run.status)}`,
    ofLine(context, run),
    whereLine(context, run),
    run.message ? `Says: ${text(run.message)}` : undefined,
    run.metrics.length > 0 ? metricTable(run, before) : undefined,
    run.params.length > 0 ? paramLine(run) : undefined,
    run.commit ? `Code${commitWords(context, subject.uri, run).replace(/^, at/, ':')}` : content.words,
    dataLine('Read', run.inputs),
    dataLine('Wrote', run.outputs),
    actions(subject, { logs: [run], compare: before && run, commit: run, content: content.id }),
    saidBy(context, [entity.id], [run]),
  ];
}

/** The run before it of the same things, the narrowest first; undefined for the first. */
export function runBefore({ catalog }: FeatureContext, run: Run): Run | undefined {
  const at = run.startedAt ?? run.scheduledFor ?? run.endedAt;
  if (at === undefined) return undefined;
  const narrow = (id: string) => (id.startsWith('experiment:') ? 0 : id.startsWith('version:') ? 2 : 1);
  for (const id of [...run.of].sort((a, b) => narrow(a) - narrow(b))) {
    const before = catalog
      .runs(id, { until: at, limit: 20 })
      .find((candidate) => candidate.id !== run.id && (candidate.parent === undefined) === (run.parent === undefined));
    if (before) return before;
  }
  return undefined;
}

function ofLine({ catalog }: FeatureContext, run: Run): string | undefined {
  const names = run.of
    .map((id) => catalog.get(id))
    .flatMap((entity) => (entity ? `${entity.kind} ${code(entity.name)}` : []));
  return names.length > 0 ? `Of ${names.slice(0, 4).join(', ')}` : undefined;
}

function whereLine({ now }: FeatureContext, run: Run): string {
  const length = took(run);
  const late =
    run.scheduledFor !== undefined && run.startedAt !== undefined && run.startedAt - run.scheduledFor > 60_000
      ? `${duration(run.startedAt - run.scheduledFor)} after its time`
      : undefined;
  const parts = [
    when(run, now),
    length && `took ${length}`,
    late,
    run.attempt && run.attempt > 1 ? `try ${run.attempt}` : undefined,
    run.where && `on ${code(run.where)}`,
    run.environment && `environment ${code(run.environment)}`,
    run.user && `by ${text(run.user)}`,
    run.entryPoint && `ran ${code(run.entryPoint)}`,
  ];
  return parts.filter((part) => part).join(' · ');
}

function metricTable(run: Run, before: Run | undefined): string {
  const rows = run.metrics
    .slice(0, mostMetrics)
    .map(({ name, value }) => [code(name), before ? changed(value, metricOf(before, name)) : number(value)]);
  return table(['metric', before ? 'value (against the run before)' : 'value'], rows);
}

function paramLine({ params }: Run): string {
  const shown = params.slice(0, mostParams).map(({ name, value }) => `${code(name)} = ${code(value)}`);
  const more = params.length > mostParams ? ` and ${params.length - mostParams} more` : '';
  return `Parameters: ${shown.join(', ')}${more}`;
}
