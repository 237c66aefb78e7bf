// Code lens: above what code defines, writes or starts: the last run, when, the trend, and the way to its log.
import type { CodeLens, Command } from 'vscode-languageserver-types';
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
import { finish } from './steps.ts';
import { age, changed, marks, status, words } from './words.ts';

const trendRuns = 8;

/** A sweep over the names of a file. */
export function* codeLensSteps(context: FeatureContext, document: FeatureDocument): Generator<undefined, CodeLens[]> {
  const seen = new Set<string>();
  const known = new Map<EntityId, readonly Command[]>();
  const found: CodeLens[] = [];
  for (const reference of context.references(document.uri)) {
    if (!isLensed(reference)) continue;
    yield undefined;
    const entity = entityOf(context, reference);
    const place = `${reference.range.start.line} ${entity?.id}`;
    if (!entity || seen.has(place)) continue;
    seen.add(place);
    const commands = known.get(entity.id) ?? commandsOf(context, entity);
    known.set(entity.id, commands);
    for (const command of commands) found.push({ range: reference.range, command });
  }
  return found;
}

export function codeLens(context: FeatureContext, document: FeatureDocument): CodeLens[] {
  return finish(codeLensSteps(context, document));
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

function commandsOf(context: FeatureContext, entity: Entity): readonly Command[] {
  return entity.kind === 'metric' ? metricCommands(context, entity) : runCommands(context, entity);
}

function runCommands(context: FeatureContext, entity: Entity): readonly Command[] {
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
    lens(title, 'openEntity', entity.id),
    logged ? lens(words.showLogs, 'showLogs', logged.id) : lens(words.jumpToLogs, 'jumpToLogs', entity.id),
  ];
}

function runsOf(context: FeatureContext, entity: Entity): readonly Run[] {
  if (entity.kind === 'model') return runsOfModel(context, entity);
  if (entity.kind === 'table' || entity.kind === 'path') return runsOfData(context, sameThings(context, entity));
  return context.catalog.runs(entity.id, { limit: trendRuns });
}

function metricCommands(context: FeatureContext, entity: Entity): readonly Command[] {
  const values = lastValues(context, entity);
  const last = values.at(-1);
  if (!last) return [];
  const parts = [
    `${visible(entity.name)} ${changed(last.value, values.at(-2)?.value)}`,
    age(last.at, context.now),
    asOf(context, entity),
  ];
  const title = parts.filter((part) => part !== undefined).join(' · ');
  return [lens(title, 'openEntity', entity.id), lens(words.jumpToLogs, 'jumpToLogs', entity.id)];
}

function asOf({ catalog, now }: FeatureContext, entity: Entity): string | undefined {
  const newest = catalog.factsBySource(entity.id).at(-1);
  return newest && `as of ${age(newest.asOf, now)}`;
}

/** `$(name)` would be drawn as an icon in a lens. */
function lens(title: string, command: keyof typeof commandNames, id: EntityId): Command {
  return { title: title.replaceAll('$(', '$ ('), command: commandNames[command], arguments: [id] };
}
