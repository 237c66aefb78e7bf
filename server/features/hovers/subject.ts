// Subject: what a hover is about, and the parts all hovers share: sources with ages, owner, actions.
import type { Source } from '../../catalog/catalog.ts';
import type { Entity, EntityId } from '../../catalog/entity.ts';
import type { Run } from '../../catalog/run.ts';
import type { Reference } from '../../references/reference.ts';
import type { FeatureContext } from '../context.ts';
import { commandLink, text, webLink } from '../markdown.ts';
import { age, words } from '../words.ts';

export interface Subject {
  readonly context: FeatureContext;
  /** The open file. */
  readonly uri: string;
  readonly reference: Reference;
  readonly entity: Entity;
}

/** Markdown paragraphs; nothing stands for a part that has nothing to say. */
export type Paragraphs = readonly (string | undefined)[];

/** `Said by mlflow (…), as of 5 min ago.` and, when a source is in trouble, that too. Always the last paragraph. */
export function saidBy({ catalog, now }: FeatureContext, ids: readonly EntityId[], runs: readonly Run[] = []): string {
  const health = new Map(catalog.sources().map((source) => [source.name, source]));
  const newest = new Map<string, number>();
  for (const { source, asOf } of ids.flatMap((id) => catalog.factsBySource(id))) {
    newest.set(source, Math.max(asOf, newest.get(source) ?? asOf));
  }
  if (newest.size === 0)
    for (const source of sourcesOfRuns(runs, [...health.values()])) newest.set(source.name, source.scannedAt ?? now);
  const said = [...newest].map(
    ([name, asOf]) => `${text(name)}, as of ${age(asOf, now)}${trouble(health.get(name), now)}`,
  );
  return said.length === 0 ? 'No tool says anything of it.' : `Said by ${said.join('; ')}.`;
}

function sourcesOfRuns(runs: readonly Run[], sources: readonly Source[]): readonly Source[] {
  return sources.filter(({ scope }) => runs.some(({ id }) => id.startsWith(`run:${scope}/`)));
}

function trouble(source: Source | undefined, now: number): string {
  if (source?.health !== 'failing' && source?.health !== 'forbidden') return '';
  const since = source.scannedAt === undefined ? '' : `, last read ${age(source.scannedAt, now)}`;
  return ` (cannot be read now${since}: ${text(source.reason ?? 'it does not say why')})`;
}

export function ownerLine({ context, entity }: Subject): string | undefined {
  const owner = context.owner(entity.id) ?? context.catalog.facts(entity.id).owner;
  if (owner) return `Owner: ${text(owner)}`;
  const author = context.author(entity.id);
  return author ? `Nobody is named as its owner; ask ${text(author)}` : undefined;
}

export function descriptionLine({ context, entity }: Subject): string | undefined {
  const { description } = context.catalog.facts(entity.id);
  return description?.trim() ? text(description) : undefined;
}

export function goneLine({ context, entity }: Subject): string | undefined {
  if (entity.goneAt === undefined) return undefined;
  return `**Gone:** its tool no longer listed it ${age(entity.goneAt, context.now)}. What follows was known before.`;
}

export interface Actions {
  /** Runs whose log is offered, the one wanted most first; the first that kept a log is taken. */
  readonly logs?: readonly Run[];
  /** The run that can be compared with the one before it. */
  readonly compare?: Run;
  /** The run whose commit the open file can be compared with. */
  readonly commit?: Run;
  /** What can be compared by its content, where no run says its commit. */
  readonly content?: EntityId;
}

export function actions({ context, entity }: Subject, { logs = [], compare, commit, content }: Actions = {}): string {
  const committed = commit?.commit ? commit.id : content;
  const links = [
    commandLink(words.openLineage, 'openLineage', entity.id),
    logLink(context, entity, logs),
    compare ? commandLink(words.compare, 'compareRuns', compare.id) : undefined,
    committed ? commandLink(words.compareCommit, 'compareWithCommit', committed) : undefined,
    commandLink(words.openFacts, 'openEntity', entity.id),
    webLink(words.inTool, context.catalog.facts(entity.id).url),
  ];
  return links.filter((link) => link !== undefined).join(' · ');
}

/** A log of an older run says whose it is; without any log the way to one is looked for when asked. */
function logLink(context: FeatureContext, entity: Entity, runs: readonly Run[]): string {
  for (const [index, run] of runs.slice(0, 5).entries()) {
    const logged = runWithLog(context, run);
    const label = index === 0 ? words.showLogs : `${words.showLogs} of ${run.name}`;
    if (logged) return commandLink(label, 'showLogs', logged.id);
  }
  return commandLink(words.jumpToLogs, 'jumpToLogs', entity.id);
}

/**
 * The run itself, one of its parts (the last that failed first), a run of another tool that it names, or what holds
 * for the run it is a part of.
 */
export function runWithLog(context: FeatureContext, run: Run): Run | undefined {
  const parent = run.parent ? context.catalog.run(run.parent) : undefined;
  return loggedByItself(context, run) ?? (parent && loggedByItself(context, parent));
}

function loggedByItself(context: FeatureContext, run: Run): Run | undefined {
  const own = loggedPart(context, run);
  if (own) return own;
  for (const id of run.linked.slice(0, 10)) {
    const linked = linkedRun(context, id);
    const logged = linked && loggedPart(context, linked);
    if (logged) return logged;
  }
  return undefined;
}

function loggedPart({ catalog }: FeatureContext, run: Run): Run | undefined {
  if (run.logs.length > 0) return run;
  const parts = catalog.childRuns(run.id).filter(({ logs }) => logs.length > 0);
  return parts.findLast(({ status }) => status === 'failed') ?? parts.at(-1);
}

/** A task instance of Airflow is named without map index and try: the last try is meant. */
function linkedRun({ catalog }: FeatureContext, id: EntityId): Run | undefined {
  const run = catalog.run(id);
  if (run) return run;
  const whole = id.slice(0, id.lastIndexOf('/'));
  return catalog.childRuns(whole).findLast((part) => part.id.startsWith(`${id}/`));
}
