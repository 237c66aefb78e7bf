// Hover of a metric: its last values, what it measures, and the way to the log behind a value.
import type { Entity } from '../../catalog/entity.ts';
import type { MetricPoint } from '../../catalog/run.ts';
import type { FeatureContext } from '../context.ts';
import { code, commandLink, table } from '../markdown.ts';
import { age, changed, kindWords, words } from '../words.ts';
import { descriptionLine, goneLine, ownerLine, type Paragraphs, type Subject, saidBy } from './subject.ts';
import { codeLine, listed } from './usage.ts';

const shownPoints = 6;

export type MetricValue = MetricPoint & { readonly run: string };

export function hoverMetric(subject: Subject): Paragraphs {
  const { context, entity } = subject;
  const values = lastValues(context, entity);
  const measured = context.catalog
    .neighbours(entity.id)
    .upstream.filter(({ relation }) => relation === 'measures' || relation === 'same')
    .map(({ from }) => context.catalog.get(from))
    .map((one) => (one ? `${kindWords[one.kind].toLowerCase()} ${code(one.name)}` : undefined))
    .filter((name) => name !== undefined);
  return [
    `**${kindWords[entity.kind]}** ${code(entity.name)}`,
    goneLine(subject),
    descriptionLine(subject),
    valueTable(context, values),
    measured.length > 0 ? `Measures ${listed([...new Set(measured)])}` : undefined,
    ownerLine(subject),
    codeLine(context.referencesTo(entity.id)),
    [
      commandLink(words.jumpToLogs, 'jumpToLogs', entity.id),
      commandLink(words.openLineage, 'openLineage', entity.id),
      commandLink(words.openFacts, 'openEntity', entity.id),
    ].join(' · '),
    saidBy(context, [entity.id]),
  ];
}

/** The last value of each run, oldest first. */
export function lastValues({ catalog }: FeatureContext, { id }: Entity): readonly MetricValue[] {
  const byRun = new Map<string, MetricValue>();
  for (const point of catalog.series(id, { limit: 500 })) byRun.set(point.run, point);
  return [...byRun.values()].sort((a, b) => a.at - b.at);
}

function valueTable({ catalog, now }: FeatureContext, values: readonly MetricValue[]): string {
  // Of some tools they are read only while somebody looks: nothing here is no word on what the tool has.
  if (values.length === 0) return 'No value of it is known here so far.';
  const rows = values.map((point, index) => [
    changed(point.value, values[index - 1]?.value),
    age(point.at, now),
    code(catalog.run(point.run)?.name ?? point.run),
  ]);
  return table(['value', 'when', 'run'], rows.slice(-shownPoints).reverse());
}
