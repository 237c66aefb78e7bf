// Hover of a model: versions and aliases, the last runs, the run behind the version in use, and its data.
import { type Entity, type EntityId, parseEntityId } from '../../catalog/entity.ts';
import type { Facts } from '../../catalog/facts.ts';
import type { DataUse, Run } from '../../catalog/run.ts';
import type { Reference } from '../../references/reference.ts';
import type { FeatureContext } from '../context.ts';
import { code, text } from '../markdown.ts';
import { count, words } from '../words.ts';
import { runTable, when } from './runTable.ts';
import { actions, descriptionLine, goneLine, ownerLine, type Paragraphs, type Subject, saidBy } from './subject.ts';
import { codeLine, listed, userLines, users } from './usage.ts';

const readRuns = 12;

export function hoverModel(subject: Subject): Paragraphs {
  const { context, entity } = subject;
  const { kind } = subject.reference;
  const facts = context.catalog.facts(entity.id);
  const runs = runsOfModel(context, entity);
  const used = versionInUse(context, entity, facts, subject.reference);
  const maker = used && context.catalog.facts(used.id).madeBy;
  const made = maker ? context.catalog.run(maker) : undefined;
  return [
    `**${isInStore(entity) ? 'Model in a store' : 'Model'}** ${code(entity.name)}`,
    goneLine(subject),
    descriptionLine(subject),
    versionLine(context, entity, facts, used),
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
    actions(subject, { logs: runs, compare: runs.length > 1 ? runs[0] : undefined }),
    saidBy(context, [entity.id], runs),
  ];
}

/** A model without a registry: its name is the place where it is kept. */
function isInStore({ id }: Entity): boolean {
  return ['s3', 'gs', 'abfss'].includes(parseEntityId(id)?.tool ?? '');
}

/** Newest first. Also runs of the experiment that the newest version came from, so that failed trainings show. */
export function runsOfModel({ catalog }: FeatureContext, entity: Entity): readonly Run[] {
  const own = catalog.runs(entity.id, { limit: readRuns });
  const versions = versionsOf(catalog, entity);
  const maker = versions[0] && catalog.facts(versions[0]).madeBy;
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

/** Ids, newest first. */
export function versionsOf(catalog: FeatureContext['catalog'], entity: Entity): readonly EntityId[] {
  const ids = catalog
    .neighbours(entity.id)
    .downstream.filter(({ relation, to }) => relation === 'contains' && to.startsWith('version:'))
    .map(({ to }) => to);
  return [...new Set(ids)].sort((a, b) => compareVersions(versionName(b), versionName(a)));
}

export function versionName(id: EntityId): string {
  return parseEntityId(id)?.segments.at(-1) ?? '';
}

function compareVersions(a: string, b: string): number {
  const difference = Number(a) - Number(b);
  if (Number.isFinite(difference) && difference !== 0) return difference;
  return a < b ? -1 : a > b ? 1 : 0;
}

interface UsedVersion {
  readonly id: EntityId;
  readonly version: string;
  /** Why this one: `champion`, `named in the code`, `newest`. */
  readonly why: string;
}

/** The one the code names; else the one an alias serves; else the newest. */
function versionInUse(
  { catalog }: FeatureContext,
  entity: Entity,
  facts: Facts,
  { kind, detail }: Reference,
): UsedVersion | undefined {
  const ids = versionsOf(catalog, entity);
  const at = (version: string | undefined, why: string): UsedVersion | undefined => {
    const id = version === undefined ? undefined : ids.find((candidate) => versionName(candidate) === version);
    return id && version !== undefined ? { id, version, why } : undefined;
  };
  const aliased = (alias: string) => facts.modelAliases?.find((one) => one.alias === alias)?.version;
  const staged = (stage: string) => ids.find((id) => catalog.facts(id).stage?.toLowerCase() === stage.toLowerCase());
  if (kind === 'model' && detail.version) return at(detail.version, 'named in the code');
  if (kind === 'model' && detail.alias) return at(aliased(detail.alias), code(detail.alias));
  if (kind === 'model' && detail.stage) {
    const id = staged(detail.stage);
    return id ? { id, version: versionName(id), why: `stage ${code(detail.stage)}` } : undefined;
  }
  const serving = ['champion', 'production', 'prod', 'live'].find((alias) => aliased(alias) !== undefined);
  if (serving) return at(aliased(serving), code(serving));
  return at(facts.latestVersion ?? (ids[0] && versionName(ids[0])), 'newest');
}

function versionLine({ catalog }: FeatureContext, entity: Entity, facts: Facts, used?: UsedVersion): string {
  const ids = versionsOf(catalog, entity);
  const aliases = facts.modelAliases ?? [];
  const shown = ids.slice(0, 5).map((id) => {
    const version = versionName(id);
    const names = aliases.filter((one) => one.version === version).map(({ alias }) => code(alias));
    return [text(version), ...names].join(' ');
  });
  const pointing = aliases.filter(({ version }) => !ids.slice(0, 5).some((id) => versionName(id) === version));
  const others = pointing.map(({ alias, version }) => `${text(version)} ${code(alias)}`);
  if (ids.length === 0) {
    return facts.latestVersion ? `Newest version: ${text(facts.latestVersion)}` : 'No version of it is recorded.';
  }
  const hidden = ids.length - Math.min(5, ids.length);
  const more = hidden > others.length ? ` (${count(ids.length, 'version')} in all)` : '';
  const inUse = used ? ` — in use here: ${text(used.version)} (${used.why})` : '';
  return `Versions: ${[...shown, ...others].join(' · ')}${more}${inUse}`;
}

function madeLine({ context, uri }: Subject, used: UsedVersion, run: Run): string {
  const who = run.user ? ` by ${text(run.user)}` : '';
  const which = `Version ${text(used.version)} was made ${when(run, context.now)}${who} in run ${code(run.name)}`;
  return `${which}${commitWords(context, uri, run)}`;
}

/** `, at commit 5be1f0a; this file has changed since`. Empty when the run does not know its commit. */
export function commitWords(context: FeatureContext, uri: string, run: Run): string {
  if (!run.commit) return '; the run does not say its commit';
  const { changed, summary } = context.fileChange(uri, run.commit);
  const commit = summary ? text(summary) : code(run.commit.slice(0, 7));
  if (changed === undefined) return `, at commit ${commit}; whether this file has changed since is not known`;
  return `, at commit ${commit}; this file ${changed ? '**has changed** since' : 'is the same since'}`;
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
