// Hover: what stands under the cursor, as its tools say it and as of when.
import type { Hover } from 'vscode-languageserver-types';
import type { Entity } from '../catalog/entity.ts';
import type { Reference } from '../references/reference.ts';
import type { Position } from '../syntax/text.ts';
import type { FeatureContext, FeatureDocument } from './context.ts';
import { hoverAbsent } from './hovers/hoverAbsent.ts';
import { hoverJob } from './hovers/hoverJob.ts';
import { hoverMetric } from './hovers/hoverMetric.ts';
import { hoverModel } from './hovers/hoverModel.ts';
import { hoverMonitor } from './hovers/hoverMonitor.ts';
import { hoverOther } from './hovers/hoverOther.ts';
import { hoverMatches, modelAt } from './hovers/hoverPath.ts';
import { hoverRun } from './hovers/hoverRun.ts';
import { hoverTable } from './hovers/hoverTable.ts';
import type { Paragraphs, Subject } from './hovers/subject.ts';
import { code } from './markdown.ts';
import { referenceAt } from './referenceAt.ts';

/** Undefined only where no name stands. The last paragraph says who was asked and when. */
export function hover(context: FeatureContext, document: FeatureDocument, at: Position): Hover | undefined {
  const reference = referenceAt(context, document, at);
  if (!reference) return undefined;
  const [first, ...rest] = about(context, document.uri, reference);
  const all = [first, filledLine(reference), ...rest];
  const paragraphs = all.filter((part) => part !== undefined && part !== '');
  return { contents: { kind: 'markdown', value: paragraphs.join('\n\n') }, range: reference.range };
}

/** What stands in a template with what the workspace fills it with: said as the guess that it is. */
function filledLine({ name, detail: { filled } }: Reference): string | undefined {
  if (filled === undefined || filled === name) return undefined;
  return `${code(name)} is ${code(filled)} with the values that this workspace gives its parameters; whoever starts it may give others.`;
}

function about(context: FeatureContext, uri: string, reference: Reference): Paragraphs {
  const model = modelAt(context, reference);
  if (model) return hoverModel({ context, uri, reference, entity: model });
  const resolution = context.resolve(reference);
  switch (resolution.status) {
    case 'resolved':
    case 'gone':
      return hoverEntity({ context, uri, reference, entity: resolution.entity });
    case 'matches': {
      const [only] = resolution.entities;
      return only &&
        resolution.entities.length === 1 &&
        resolution.pattern !== `${reference.name.replace(/\/+$/, '')}/*`
        ? hoverEntity({ context, uri, reference, entity: only })
        : hoverMatches(context, reference, resolution);
    }
    default:
      return hoverAbsent(context, reference, resolution);
  }
}

const byKind: Readonly<Partial<Record<Entity['kind'], (subject: Subject) => Paragraphs>>> = {
  model: hoverModel,
  job: hoverJob,
  task: hoverJob,
  table: hoverTable,
  path: hoverTable,
  metric: hoverMetric,
  monitor: hoverMonitor,
  run: hoverRun,
};

function hoverEntity(subject: Subject): Paragraphs {
  return (byKind[subject.entity.kind] ?? hoverOther)(subject);
}
