// Hover of a model: versions and aliases, the last runs, the run behind the version in use, and its data.
import { type Entity, parseEntityId } from '../../catalog/entity.ts';
import type { DataUse, Run } from '../../catalog/run.ts';
import type { CommitRelation, FeatureContext } from '../context.ts';
import { code, text } from '../markdown.ts';
import { count, words } from '../words.ts';
import { changeLines } from './changes.ts';
import { runTable, when } from './runTable.ts';
import { actions, descriptionLine, goneLine, ownerLine, type Paragraphs, type Subject, saidBy } from './subject.ts';
import { codeLine, listed, userLines, users } from './usage.ts';
import { type UsedVersion, type Version, versionInUse, versionLine, versionsOf } from './versions.ts';

const readRuns = 12;

export function hoverModel(subject: Subject): Paragraphs {
  const { context, entity } = subject;
  const { kind } = subject.reference;
  const facts = context.catalog.facts(entity.id);
  const versions = versionsOf(context, entity);
  const runs = runsOfModel(context, entity, versions);
  const used = versionInUse(context, versions, facts, subject.reference);
  const maker = used && context.catalog.facts(used.id).madeBy;
  const made = maker ? context.catalog.run(maker) : undefined;
  return [
    `**${isInStore(entity) ? 'Model in a store' : 'Model'}** ${code(entity.name)}`,
    goneLine(subject),
    descriptionLine(subject),
    versionLine(versions, facts, used),
    ...changeLines(context, [entity.id, ...(used ? [used.id] : [])], isOfModel),
    runTable(context, runs) ?? words.noRuns,
    used && made
      ? madeLine(subject, used, made)
      : used && !maker
        ? `No run is recorded for version ${text(used.version)}.`
        : undefined,
    made ? dataLine('Trained on', made.inputs) : undefined,
    ownerLine(subject),
    ...(isInStore(entity) ? userLines(users(context, [entity])) : []),
    codeLine([
      ...context.referencesTo(entity.id),
      ...(kind === 'path' ? context.referencesNamed(subject.reference) : []),
    ]),
    actions(subject, { logs: runs, compare: runs.length > 1 ? runs[0] : undefined, commit: made }),
    saidBy(context, [entity.id], runs),
  ];
}

/** An alias of a version is one of its model too; a newer version stands in the line of versions. */
const isOfModel = (field: string): boolean => field.startsWith('alias ') || field === 'stage' || field === 'owner';

/** A model without a registry: its name is the place where it is kept. */
function isInStore({ id }: Entity): boolean {
  return ['s3', 'gs', 'abfss'].includes(parseEntityId(id)?.tool ?? '');
}

/** Newest first. Also runs of the experiment that the newest version came from, so that failed trainings show. */
export function runsOfModel(
  context: FeatureContext,
  entity: Entity,
  versions: readonly Version[] = versionsOf(context, entity),
): readonly Run[] {
  const { catalog } = context;
  const own = catalog.runs(entity.id, { limit: readRuns });
  const maker = versions[0] && catalog.facts(versions[0].id).madeBy;
  const newest = (maker && catalog.run(maker)) || own[0];
  const experiments = newest?.of.filter((id) => id.startsWith('experiment:')) ?? [];
  const others = experiments.flatMap((id) => catalog.runs(id, { limit: readRuns }));
  const all = new Map([...own, ...others].map((run) => [run.id, run]));
  const time = (run: Run) => run.startedAt ?? run.scheduledFor ?? 0;
  const sorted = [...all.values()].sort((a, b) => time(b) - time(a));
  // The parts of a sweep would push out what people look for.
  const whole = sorted.filter(({ id, parent }) => parent === undefined || own.some((run) => run.id === id));
  return whole.length > 0 ? whole : sorted;
}

function madeLine({ context, uri }: Subject, used: UsedVersion, run: Run): string {
  const who = run.user ? ` by ${text(run.user)}` : '';
  const which = `Version ${text(used.version)} was made ${when(run, context.now)}${who} in run ${code(run.name)}`;
  return `${which}${commitWords(context, uri, run)}`;
}

/** `, at commit 5be1f0a; this file has changed since`. Empty when the run does not know its commit. */
export function commitWords(context: FeatureContext, uri: string, run: Run): string {
  if (!run.commit) return '; the run does not say its commit';
  const { changed, summary, relation, lines } = context.fileChange(uri, run.commit);
  const commit = `${summary ? text(summary) : code(run.commit.slice(0, 7))}${relationWords(relation)}`;
  if (changed === undefined) return `, at commit ${commit}; whether this file has changed since is not known`;
  const many = lines ? ` (+${lines.added} −${lines.removed} lines)` : '';
  return `, at commit ${commit}; this file ${changed ? `**has changed** since${many}` : 'is the same since'}`;
}

/** Of a job or a table: `Code of the last run: commit 5be1f0a; …`. */
export function codeOfLast({ context, uri }: Subject, last: Run): string {
  return `Code of the last run${commitWords(context, uri, last).replace(/^, at/, ':')}`;
}

/** `, 3 commits behind this checkout`; nothing while git has not answered. */
function relationWords(relation: CommitRelation | undefined): string {
  if (!relation) return '';
  const commits = (many: number): string =>
    `${relation.is !== 'unknown' && 'atLeast' in relation ? 'at least ' : ''}${count(many, 'commit')}`;
  switch (relation.is) {
    case 'same':
      return ', which is checked out';
    case 'behind':
      return `, ${commits(relation.by)} behind this checkout`;
    case 'ahead':
      return `, ${commits(relation.by)} ahead of this checkout`;
    case 'diverged':
      return `, which **diverged** from this checkout: ${commits(relation.ahead)} are only there, ${commits(relation.behind)} only here`;
    case 'unknown':
      return ` (${text(relation.reason)})`;
  }
}

export function dataLine(words: string, data: readonly DataUse[]): string | undefined {
  if (data.length === 0) return undefined;
  const names = data.map(({ name, rows, digest }) => {
    const more = [rows === undefined ? undefined : count(rows, 'row'), digest && `digest ${text(digest)}`];
    const said = more.filter((one) => one !== undefined && one !== '').join(', ');
    return said ? `${code(name)} (${said})` : code(name);
  });
  return `${words} ${listed(names)}`;
}
