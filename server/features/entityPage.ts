// Entity page: all that is known of one entity, as a read-only text with links; where what lives outside is opened.
import { type Entity, type EntityId, parseEntityId } from '../catalog/entity.ts';
import type { PageResult } from '../protocol/lsp.ts';
import type { FeatureContext } from './context.ts';
import { runTable, when } from './hovers/runTable.ts';
import { saidBy } from './hovers/subject.ts';
import { placeLink, sameThings } from './hovers/usage.ts';
import { code, table, text, visible } from './markdown.ts';
import { entityLink, factTable, runTables } from './pages/factTables.ts';
import { age, instant, kindWords, reasonWords, status } from './words.ts';

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
    ...things.flatMap(({ id: one }) => context.catalog.factsBySource(one).map((said) => factTable(context, one, said))),
    run && runTables(context, run),
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
  const [, kind, name] = /^code:([a-z]+):(.*)$/s.exec(id) ?? [];
  if (name !== undefined) {
    return `# ${code(name)}\n\nA ${code(kind ?? 'name')} that is named in the code, and that no tool knows. A hover over it there says why.\n`;
  }
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
  const lines = placed.map((one) => `- ${one.reference.role} in ${placeLink(one)}`);
  return `## In this workspace\n\n${[...new Set(lines)].join('\n')}`;
}

function history({ catalog }: FeatureContext, id: EntityId): string | undefined {
  const entries = catalog.history(id).slice(-mostHistory).reverse();
  if (entries.length === 0) return undefined;
  const rows = entries.map(({ field, value, seenFrom, seenUntil, evidence }) => [
    code(field),
    code(value.replaceAll('\n', ', ')),
    instant(seenFrom),
    evidence !== undefined ? `exactly then: ${text(evidence)}` : seenUntil === undefined ? 'still' : instant(seenUntil),
  ]);
  return `## History, as far as we watched\n\n${table(['field', 'value', 'seen from', 'seen until'], rows)}`;
}
