// Hover of the kinds without one of their own: experiments, versions, monitors, endpoints, hosts.
import { code, text } from '../markdown.ts';
import { age, kindWords, words } from '../words.ts';
import { commitWords, dataLine } from './hoverModel.ts';
import { runTable, when } from './runTable.ts';
import { actions, descriptionLine, goneLine, ownerLine, type Paragraphs, type Subject, saidBy } from './subject.ts';
import { codeLine } from './usage.ts';

export function hoverOther(subject: Subject): Paragraphs {
  const { context, entity } = subject;
  const { createdAt, modelAliases, stage, madeBy, artifactUri, broken } = context.catalog.facts(entity.id);
  const runs = context.catalog.runs(entity.id, { limit: 12 });
  const made = madeBy ? context.catalog.run(madeBy) : undefined;
  const facts = [
    modelAliases && modelAliases.length > 0 ? modelAliases.map(({ alias }) => code(alias)).join(' ') : undefined,
    stage ? `stage ${text(stage)}` : undefined,
    createdAt === undefined ? undefined : `made ${age(createdAt, context.now)}`,
    artifactUri ? `kept in ${code(artifactUri)}` : undefined,
  ].filter((part) => part !== undefined);
  return [
    `**${kindWords[entity.kind]}** ${code(entity.name)}`,
    goneLine(subject),
    descriptionLine(subject),
    broken ? `**Cannot be used:** ${text(broken)}` : undefined,
    facts.length > 0 ? facts.join(' · ') : undefined,
    made
      ? `Made ${when(made, context.now)}${made.user ? ` by ${text(made.user)}` : ''} in run ${code(made.name)}${commitWords(context, subject.uri, made)}`
      : undefined,
    made ? dataLine('Trained on', made.inputs) : undefined,
    runTable(context, runs) ?? (made ? undefined : words.noRuns),
    ownerLine(subject),
    codeLine(context.referencesTo(entity.id)),
    actions(subject, {
      logs: runs.length > 0 ? runs : made ? [made] : [],
      compare: runs.length > 1 ? runs[0] : undefined,
      commit: made,
    }),
    saidBy(context, [entity.id], runs),
  ];
}
