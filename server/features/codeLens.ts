// Code lens: above what code defines, writes or starts: the last run, when, the trend, and the way to its log.
import type { CodeLens, Range } from 'vscode-languageserver-types';
import type { Entity, EntityId } from '../catalog/entity.ts';
import type { Run } from '../catalog/run.ts';
import { commandNames } from '../protocol/lsp.ts';
import type { Reference } from '../references/reference.ts';
import type { FeatureContext, FeatureDocument } from './context.ts';
import { failedPart } from './hovers/hoverJob.ts';
import { lastValues } from './hovers/hoverMetric.ts';
import { runsOfModel } from './hovers/hoverModel.ts';
import { modelAt } from './hovers/hoverPath.ts';
import { runsOfData } from './hovers/hoverTable.ts';
import { keyMetrics, metricOf, when } from './hovers/runTable.ts';
import { runWithLog } from './hovers/subject.ts';
import { sameThings } from './hovers/usage.ts';
import { visible } from './markdown.ts';
import { age, changed, marks, status, words } from './words.ts';

const trendRuns = 8;

export function codeLens(context: FeatureContext, document: FeatureDocument): CodeLens[] {
  const seen = new Set<string>();
  return context.references(document.uri).flatMap((reference) => {
    const entity = isLensed(reference) ? entityOf(context, reference) : undefined;
    const place = `${reference.range.start.line} ${entity?.id}`;
    if (!entity || seen.has(place)) return [];
    seen.add(place);
    return entity.kind === 'metric'
      ? metricLenses(context, reference.range, entity)
      : runLenses(context, reference.range, entity);
  });
}

/** Reads would put a lens on every other line; a model that is loaded is worth one. */
function isLensed({ role, kind }: Reference): boolean {
  return role === 'defines' || role === 'writes' || role === 'runs' || (kind === 'model' && role === 'reads');
}

function entityOf(context: FeatureContext, reference: Reference): Entity | undefined {
  const model = modelAt(context, reference);
  if (model) return model;
  const resolution = context.resolve(reference);
  return resolution.status === 'resolved' ? resolution.entity : undefined;
}

function runLenses(context: FeatureContext, range: Range, entity: Entity): CodeLens[] {
  const runs = runsOf(context, entity);
  const [last] = runs;
  if (!last) return [];
  const [metric] = keyMetrics(runs);
  const trend = runs.slice(0, trendRuns).map((run) => marks[run.status]);
  const values = metric === undefined ? [] : runs.flatMap((run) => metricOf(run, metric) ?? []);
  const [value, before] = values;
  const parts = [
    `${visible(entity.name)}: ${status(last.status)} ${when(last, context.now)}`,
    trend.length > 1 ? trend.reverse().join('') : undefined,
    metric !== undefined && value !== undefined ? `${visible(metric)} ${changed(value, before)}` : undefined,
    asOf(context, entity),
  ];
  const title = parts.filter((part) => part !== undefined).join(' · ');
  const logged = runWithLog(context, failedPart(context, last) ?? last);
  return [
    lens(range, title, 'openEntity', entity.id),
    logged
      ? lens(range, words.showLogs, 'showLogs', logged.id)
      : lens(range, words.jumpToLogs, 'jumpToLogs', entity.id),
  ];
}

function runsOf(context: FeatureContext, entity: Entity): readonly Run[] {
  if (entity.kind === 'model') return runsOfModel(context, entity);
  if (entity.kind === 'table' || entity.kind === 'path') return runsOfData(context, sameThings(context, entity));
  return context.catalog.runs(entity.id, { limit: trendRuns });
}

function metricLenses(context: FeatureContext, range: Range, entity: Entity): CodeLens[] {
  const values = lastValues(context, entity);
  const last = values.at(-1);
  if (!last) return [];
  const parts = [
    `${visible(entity.name)} ${changed(last.value, values.at(-2)?.value)}`,
    age(last.at, context.now),
    asOf(context, entity),
  ];
  const title = parts.filter((part) => part !== undefined).join(' · ');
  return [lens(range, title, 'openEntity', entity.id), lens(range, words.jumpToLogs, 'jumpToLogs', entity.id)];
}

function asOf({ catalog, now }: FeatureContext, entity: Entity): string | undefined {
  const newest = catalog.factsBySource(entity.id).at(-1);
  return newest && `as of ${age(newest.asOf, now)}`;
}

/** `$(name)` would be drawn as an icon in a lens. */
function lens(range: Range, title: string, command: keyof typeof commandNames, id: EntityId): CodeLens {
  const plain = title.replaceAll('$(', '$ (');
  return { range, command: { title: plain, command: commandNames[command], arguments: [id] } };
}
