// Entity page: all that is known of one entity, as a read-only text with links; where what lives outside is opened.
import { type Entity, type EntityId, parseEntityId } from '../catalog/entity.ts';
import type { Facts } from '../catalog/facts.ts';
import type { Run } from '../catalog/run.ts';
import type { PageResult } from '../protocol/lsp.ts';
import type { FeatureContext } from './context.ts';
import { entityPageUri } from './entityPageUri.ts';
import { runTable, when } from './hovers/runTable.ts';
import { saidBy } from './hovers/subject.ts';
import { sameThings, shortPath } from './hovers/usage.ts';
import { code, fileLink, link, table, visible, webLink } from './markdown.ts';
import { age, bytes, count, duration, instant, kindWords, number, reasonWords, status } from './words.ts';

const mostEdges = 100;
const mostHistory = 50;

export function entityPage(context: FeatureContext, id: EntityId): PageResult {
  const entity = context.catalog.get(id);
  if (!entity) return { title: 'Not known', text: notKnown(context, id) };
  const title = `${kindWords[entity.kind]} ${visible(entity.name)}`;
  const things = sameThings(context, entity);
  const run = context.catalog.run(id);
  const parts = [
    `# ${kindWords[entity.kind]} ${code(entity.name)}`,
    entity.goneAt === undefined
      ? undefined
      : `**Gone:** its tool no longer listed it ${age(entity.goneAt, context.now)}.`,
    identity(entity, things),
    ...things.flatMap(({ id: one }) =>
      context.catalog.factsBySource(one).map(({ source, asOf, facts }) => factsOf(context, source, asOf, facts)),
    ),
    run && runFacts(context, run),
    runs(context, entity),
    edges(context, id, 'upstream'),
    edges(context, id, 'downstream'),
    places(context, things),
    history(context, id),
    saidBy(
      context,
      things.map((one) => one.id),
      run ? [run] : [],
    ),
  ];
  return { title, text: `${parts.filter((part) => part !== undefined).join('\n\n')}\n` };
}

function notKnown({ catalog, now }: FeatureContext, id: EntityId): string {
  const parts = parseEntityId(id);
  const coverage = parts && catalog.covers(parts.kind, parts.tool);
  const why = !coverage
    ? 'That is not the id of anything.'
    : coverage.covered
      ? `A complete listing made ${age(coverage.asOf, now)} does not hold it.`
      : `Unknown, because ${reasonWords(coverage.reason, now, code)}.`;
  return `# ${code(id)}\n\nNo tool says anything of it. ${why}\n`;
}

function identity({ id, aliases }: Entity, things: readonly Entity[]): string {
  const others = things.filter((thing) => thing.id !== id).map((thing) => entityLink(thing.name, thing.id));
  return [
    `- id: ${code(id)}`,
    ...(aliases.length > 0 ? [`- also called: ${aliases.slice(0, 10).map(code).join(', ')}`] : []),
    ...(others.length > 0 ? [`- the same in other tools: ${others.join(', ')}`] : []),
  ].join('\n');
}

function entityLink(name: string, id: EntityId): string {
  return link(name, entityPageUri(id));
}

function factsOf({ catalog, now }: FeatureContext, source: string, asOf: number, facts: Facts): string {
  const named = (id: EntityId) => entityLink(catalog.run(id)?.name ?? catalog.get(id)?.name ?? id, id);
  const rows: readonly (readonly [string, string | undefined])[] = [
    ['description', facts.description && code(facts.description)],
    ['owner', facts.owner && code(facts.owner)],
    ['page', webLink('open', facts.url)],
    ['tags', facts.tags && facts.tags.length > 0 ? facts.tags.map(code).join(', ') : undefined],
    ['made', facts.createdAt === undefined ? undefined : instant(facts.createdAt)],
    ['changed', facts.updatedAt === undefined ? undefined : instant(facts.updatedAt)],
    ['defined in', facts.definedAt && `${code(facts.definedAt.path)} line ${facts.definedAt.line}`],
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

function runFacts({ catalog }: FeatureContext, run: Run): string {
  const rows: readonly (readonly [string, string | undefined])[] = [
    ['status', status(run.status)],
    ['says', run.message && code(run.message)],
    ['started', run.startedAt === undefined ? undefined : instant(run.startedAt)],
    ['ended', run.endedAt === undefined ? undefined : instant(run.endedAt)],
    ['meant for', run.scheduledFor === undefined ? undefined : instant(run.scheduledFor)],
    ['user', run.user && code(run.user)],
    ['commit', run.commit && code(run.commit)],
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

function runs(context: FeatureContext, { id }: Entity): string | undefined {
  const found = context.catalog.runs(id, { limit: 30 });
  if (found.length === 0) return undefined;
  const older = found
    .slice(5)
    .map((run) => `- ${entityLink(run.name, run.id)} ${status(run.status)} ${when(run, context.now)}`);
  const shown = runTable(context, found, ({ id: run, name }) => entityLink(name, run));
  return `## Runs\n\n${[shown, older.join('\n')].filter(Boolean).join('\n\n')}`;
}

function edges({ catalog, now }: FeatureContext, id: EntityId, side: 'upstream' | 'downstream'): string | undefined {
  const found = catalog.neighbours(id)[side];
  if (found.length === 0) return undefined;
  const rows = found.slice(0, mostEdges).map(({ from, to, relation, origin, evidence, asOf }) => {
    const other = side === 'upstream' ? from : to;
    return [entityLink(catalog.get(other)?.name ?? other, other), relation, origin, code(evidence), age(asOf, now)];
  });
  const more = found.length > mostEdges ? `\n\nand ${found.length - mostEdges} more` : '';
  const heading = side === 'upstream' ? 'Upstream' : 'Downstream';
  return `## ${heading}\n\n${table(['name', 'relation', 'origin', 'evidence', 'as of'], rows)}${more}`;
}

function places(context: FeatureContext, things: readonly Entity[]): string | undefined {
  const placed = things.flatMap(({ id }) => context.referencesTo(id)).slice(0, 100);
  if (placed.length === 0) return undefined;
  const lines = placed.map(({ uri, reference }) => {
    const { line } = reference.range.start;
    return `- ${reference.role} in ${fileLink(`${shortPath(uri)}:${line + 1}`, uri, line)}`;
  });
  return `## In this workspace\n\n${[...new Set(lines)].join('\n')}`;
}

function history({ catalog }: FeatureContext, id: EntityId): string | undefined {
  const entries = catalog.history(id).slice(-mostHistory).reverse();
  if (entries.length === 0) return undefined;
  const rows = entries.map(({ field, value, seenFrom, seenUntil }) => [
    code(field),
    code(value.replaceAll('\n', ', ')),
    instant(seenFrom),
    seenUntil === undefined ? 'still' : instant(seenUntil),
  ]);
  return `## History, as far as we watched\n\n${table(['field', 'value', 'seen from', 'seen until'], rows)}`;
}
