// Hover of a column: its type and description, whose table it is of, and which columns it is made from.
import type { Hover } from 'vscode-languageserver-types';
import type { ParsedDocument } from '../../syntax/document.ts';
import type { Position } from '../../syntax/text.ts';
import { columnAt } from '../columnAt.ts';
import { sourcesOf } from '../columnFlows.ts';
import type { FeatureContext } from '../context.ts';
import { code, text } from '../markdown.ts';
import { actions, ownerLine, saidBy } from './subject.ts';

const mostSources = 6;

/** Undefined where no column stands whose table is certain. The last paragraph says who was asked and when. */
export function hoverColumn(context: FeatureContext, document: ParsedDocument, at: Position): Hover | undefined {
  const found = columnAt(context, document, at);
  if (!found) return undefined;
  const { column, entity, things, reference, range } = found;
  const subject = { context, uri: document.uri, reference, entity };
  const paragraphs = [
    `**Column** ${code(column.name)}${column.type ? ` ${text(column.type)}` : ''} of table ${code(entity.name)}`,
    column.description?.trim() ? text(column.description) : undefined,
    madeFrom(context, things, column.name),
    ownerLine(subject),
    actions(subject),
    saidBy(
      context,
      things.map(({ id }) => id),
    ),
  ];
  const value = paragraphs.filter((part) => part !== undefined && part !== '').join('\n\n');
  return { contents: { kind: 'markdown', value }, range };
}

function madeFrom(context: FeatureContext, things: Parameters<FeatureContext['columnsInto']>[0], name: string) {
  const flows = context.columnsInto(things);
  if (!flows) return 'What it is made from is being read off the SQL of its table; hover again.';
  const flow = flows.find(({ to }) => to.column.toLowerCase() === name.toLowerCase());
  if (!flow) return undefined;
  const sources = sourcesOf(flow);
  const more = sources.length > mostSources ? ` and ${sources.length - mostSources} more` : '';
  const how = flow.change === 'aggregation' || flow.change === 'cast' ? ` (${flow.change})` : '';
  return `By the SQL of its table made from ${sources.slice(0, mostSources).map(code).join(', ')}${more}${how}`;
}
