// Fact tables: what each source says of an entity, and what a run recorded, as the tables of a facts page.

import type { Content } from '../../catalog/content.ts';
import type { EntityId } from '../../catalog/entity.ts';
import type { SourcedFacts } from '../../catalog/facts.ts';
import type { Run } from '../../catalog/run.ts';
import { contentName, contentWords } from '../contentWords.ts';
import type { FeatureContext } from '../context.ts';
import { entityPageUri } from '../entityPageUri.ts';
import { code, link, table, webLink } from '../markdown.ts';
import { age, bytes, count, duration, instant, number, status } from '../words.ts';

/** To the facts page of another entity. */
export function entityLink(name: string, id: EntityId): string {
  return link(name, entityPageUri(id));
}

/** What one source says. */
export function factTable(context: FeatureContext, id: EntityId, { source, asOf, facts }: SourcedFacts): string {
  const { catalog, now } = context;
  const named = (id: EntityId) => entityLink(catalog.run(id)?.name ?? catalog.get(id)?.name ?? id, id);
  const rows: readonly (readonly [string, string | undefined])[] = [
    ['description', facts.description && code(facts.description)],
    ['owner', facts.owner && code(facts.owner)],
    ['page', webLink('open', facts.url)],
    ['tags', facts.tags && facts.tags.length > 0 ? facts.tags.map(code).join(', ') : undefined],
    ['made', facts.createdAt === undefined ? undefined : instant(facts.createdAt)],
    ['changed', facts.updatedAt === undefined ? undefined : instant(facts.updatedAt)],
    ['defined in', facts.definedAt && `${code(facts.definedAt.path)} line ${facts.definedAt.line}`],
    ['content', facts.content && contentCell(context, id, facts.content)],
    ['aliases', facts.modelAliases?.map(({ alias, version }) => `${code(alias)} is ${code(version)}`).join(', ')],
    ['newest version', facts.latestVersion && code(facts.latestVersion)],
    ['stage', facts.stage && code(facts.stage)],
    ['made by', facts.madeBy && named(facts.madeBy)],
    ['kept in', facts.artifactUri && code(facts.artifactUri)],
    ['schedule', facts.schedule && code(facts.schedule)],
    ['every', facts.periodMs === undefined ? undefined : duration(facts.periodMs)],
    ['paused', facts.paused === undefined ? undefined : facts.paused ? 'yes' : 'no'],
    ['operator', facts.operator && code(facts.operator)],
    ['pool', facts.pool && code(facts.pool)],
    ['cannot be used', facts.broken && code(facts.broken)],
    ['materialized', facts.materialized && code(facts.materialized)],
    ['rows', facts.rows === undefined ? undefined : number(facts.rows)],
    ['size', facts.bytes === undefined ? undefined : bytes(facts.bytes)],
    ['freshness', facts.freshness],
    ['type', facts.metricType && code(facts.metricType)],
    ['unit', facts.unit && code(facts.unit)],
    ['state', facts.state],
    ['asks', facts.query?.split('\n').map(code).join(', ')],
    ...(facts.alerts ?? []).slice(0, 50).map(({ group, state, since, muted }) => {
      const says = `${state} since ${instant(since)}${muted ? `, muted: ${code(muted.why)}` : ''}`;
      return [group === '' ? 'alert' : `alert ${code(group)}`, says] as const;
    }),
    ...(facts.links ?? []).map(({ title, url }) => ['link', webLink(title, url)] as const),
  ];
  const said = rows.flatMap(([label, value]) => (value ? [[label, value]] : []));
  const heading = `## ${code(source)}, as of ${age(asOf, now)}`;
  const columns = facts.columns ?? [];
  const shown = columns.map(({ name, type, description }) => [
    code(name),
    type ? code(type) : '',
    description ? code(description) : '',
  ]);
  return [
    heading,
    said.length > 0 ? table(['fact', 'value'], said) : 'It says only that it exists.',
    ...(shown.length > 0
      ? [`### ${count(shown.length, 'column')}`, table(['name', 'type', 'description'], shown.slice(0, 300))]
      : []),
  ].join('\n\n');
}

/** Its file and hash as its tool gives them, and the commits that hold it, as far as git has answered. */
function contentCell(context: FeatureContext, of: EntityId, content: Content): string {
  const match = context.contentMatch(content, of);
  const words = match && contentWords(match, content, context.now);
  return [code(content.file), contentName(content), words ?? 'git was not asked, or has not answered yet'].join(', ');
}

export function runTables(context: FeatureContext, run: Run): string {
  const { catalog } = context;
  const rows: readonly (readonly [string, string | undefined])[] = [
    ['status', status(run.status)],
    ['says', run.message && code(run.message)],
    ['started', run.startedAt === undefined ? undefined : instant(run.startedAt)],
    ['ended', run.endedAt === undefined ? undefined : instant(run.endedAt)],
    ['meant for', run.scheduledFor === undefined ? undefined : instant(run.scheduledFor)],
    ['user', run.user && code(run.user)],
    ['commit', run.commit && code(run.commit)],
    ['content', run.content && contentCell(context, run.id, run.content)],
    ['ran', run.entryPoint && code(run.entryPoint)],
    ['where', run.where && code(run.where)],
    ['log', run.logs.map(({ file }) => code(file)).join(', ')],
    ['linked runs', run.linked.map((linked) => entityLink(catalog.run(linked)?.name ?? linked, linked)).join(', ')],
    ...run.metrics.map(({ name, value }) => [`metric ${code(name)}`, number(value)] as const),
    ...run.params.slice(0, 100).map(({ name, value }) => [`parameter ${code(name)}`, code(value)] as const),
    ...run.inputs.map(({ id: data, name }) => ['read', data ? entityLink(name, data) : code(name)] as const),
    ...run.outputs.map(({ id: data, name }) => ['wrote', data ? entityLink(name, data) : code(name)] as const),
  ];
  return `## The run\n\n${table(
    ['fact', 'value'],
    rows.flatMap(([label, value]) => (value ? [[label, value]] : [])),
  )}`;
}
