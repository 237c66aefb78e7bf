// Hover of a table or a path: what is known of it, its columns and their last change, its writers and readers.
import type { Entity } from '../../catalog/entity.ts';
import type { Column, Facts } from '../../catalog/facts.ts';
import type { Run } from '../../catalog/run.ts';
import { sourcesOf } from '../columnFlows.ts';
import { contentLine } from '../contentWords.ts';
import type { FeatureContext } from '../context.ts';
import { code, text } from '../markdown.ts';
import { age, bytes, count, kindWords, status } from '../words.ts';
import { changeLines } from './changes.ts';
import { codeOfLast } from './hoverModel.ts';
import { took, when } from './runTable.ts';
import { actions, descriptionLine, goneLine, ownerLine, type Paragraphs, type Subject, saidBy } from './subject.ts';
import { codeLine, sameThings, userLines, users } from './usage.ts';

const mostColumns = 12;
const mostFlows = 8;
const mostOfOne = 3;

export function hoverTable(subject: Subject): Paragraphs {
  const { context, entity } = subject;
  const things = sameThings(context, entity);
  const facts: Facts = Object.assign({}, ...[...things].reverse().map(({ id }) => context.catalog.facts(id)));
  const runs = runsOfData(context, things);
  const used = userLines(users(context, things));
  const ids = things.map(({ id }) => id);
  const [last] = runs;
  const content = last?.commit ? {} : contentLine(context, ids);
  return [
    `**${kindWords[entity.kind]}** ${code(entity.name)}`,
    goneLine(subject),
    descriptionLine(subject),
    factsLine(facts, context.now),
    columnsLine(facts.columns),
    flowsLine(context, things),
    ...changeLines(context, ids, (field) => field === 'columns' || field === 'owner'),
    runs[0] && lastRunLine(context, runs),
    last?.commit ? codeOfLast(subject, last) : content.words,
    used.length > 0 ? used.join('  \n') : 'No writer or reader of it is recorded.',
    ownerLine(subject),
    codeLine(things.flatMap(({ id }) => context.referencesTo(id))),
    actions(subject, { logs: runs, commit: last, content: content.id }),
    saidBy(context, ids, runs),
  ];
}

function factsLine({ materialized, rows, bytes: size, updatedAt, freshness }: Facts, now: number): string | undefined {
  const parts = [
    materialized && `Built as ${text(materialized)}`,
    rows === undefined ? undefined : count(rows, 'row'),
    size === undefined ? undefined : bytes(size),
    updatedAt === undefined ? undefined : `changed ${age(updatedAt, now)}`,
    freshness && freshness !== 'pass' ? `**freshness: ${freshness}**` : freshness && 'fresh',
  ];
  const said = parts.filter((part) => part !== undefined && part !== '');
  return said.length > 0 ? said.join(' · ') : undefined;
}

function columnsLine(columns: readonly Column[] | undefined): string | undefined {
  if (!columns || columns.length === 0) return undefined;
  const shown = columns.slice(0, mostColumns).map(({ name, type }) => `${code(name)}${type ? ` ${text(type)}` : ''}`);
  const more = columns.length > mostColumns ? ` and ${columns.length - mostColumns} more` : '';
  return `${count(columns.length, 'column')}: ${shown.join(', ')}${more}`;
}

/** What its columns are made of, as SQL says. */
function flowsLine(context: FeatureContext, things: readonly Entity[]): string | undefined {
  const flows = context.columnsInto(things);
  if (!flows) return 'Where its columns come from is being read off its SQL; hover again.';
  if (flows.length === 0) return undefined;
  const shown = flows.slice(0, mostFlows).map((flow) => {
    const sources = sourcesOf(flow);
    const more = sources.length > mostOfOne ? ` and ${sources.length - mostOfOne} more` : '';
    const how = flow.change === 'aggregation' || flow.change === 'cast' ? ` (${flow.change})` : '';
    return `${code(flow.to.column)} ← ${sources.slice(0, mostOfOne).map(code).join(', ')}${more}${how}`;
  });
  const more = flows.length > mostFlows ? ` and ${count(flows.length - mostFlows, 'more column')}` : '';
  return `By its SQL: ${shown.join(' · ')}${more}`;
}

/** Newest first: runs of the table itself (dbt), else runs that wrote it. */
export function runsOfData({ catalog }: FeatureContext, things: readonly Entity[]): readonly Run[] {
  const own = things.flatMap(({ id }) => catalog.runs(id, { limit: 5 }));
  const runs = own.length > 0 ? own : things.flatMap(({ id }) => catalog.runsUsing(id, 'writes', 5));
  return [...runs].sort((a, b) => (b.startedAt ?? b.endedAt ?? 0) - (a.startedAt ?? a.endedAt ?? 0));
}

function lastRunLine({ now }: FeatureContext, [last]: readonly Run[]): string | undefined {
  if (!last) return undefined;
  const length = took(last);
  const why = last.status === 'failed' && last.message ? `: ${text(last.message)}` : '';
  return `Last run ${code(last.name)} ${status(last.status)} ${when(last, now)}${length ? `, took ${length}` : ''}${why}`;
}
