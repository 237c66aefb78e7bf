// Versions: those of a model, which one the code uses, and how both are said.
import { type Entity, type EntityId, parseEntityId } from '../../catalog/entity.ts';
import type { Facts } from '../../catalog/facts.ts';
import type { Reference } from '../../references/reference.ts';
import type { FeatureContext } from '../context.ts';
import { code, text } from '../markdown.ts';
import { count } from '../words.ts';

const shownVersions = 5;
/** Aliases that serve, when the code names none. */
const servingAliases = ['champion', 'production', 'prod', 'live'];

export interface Version {
  readonly id: EntityId;
  readonly version: string;
}

/** Newest first. */
export function versionsOf({ catalog }: FeatureContext, { id }: Entity): readonly Version[] {
  const ids = catalog
    .neighbours(id)
    .downstream.filter(({ relation, to }) => relation === 'contains' && to.startsWith('version:'))
    .map(({ to }) => to);
  return [...new Set(ids)]
    .map((one) => ({ id: one, version: parseEntityId(one)?.segments.at(-1) ?? '' }))
    .sort((a, b) => compareVersions(b.version, a.version));
}

function compareVersions(a: string, b: string): number {
  const difference = Number(a) - Number(b);
  if (Number.isFinite(difference) && difference !== 0) return difference;
  return a < b ? -1 : a > b ? 1 : 0;
}

export interface UsedVersion extends Version {
  /** Why this one, in markdown: an alias, `named in the code`, `newest`. */
  readonly why: string;
}

/** The one the code names; else the one an alias serves; else the newest. */
export function versionInUse(
  { catalog }: FeatureContext,
  versions: readonly Version[],
  facts: Facts,
  { kind, detail }: Reference,
): UsedVersion | undefined {
  const at = (version: string | undefined, why: string): UsedVersion | undefined => {
    const found = versions.find((candidate) => candidate.version === version);
    return found && { ...found, why };
  };
  const aliased = (alias: string) => facts.modelAliases?.find((one) => one.alias === alias)?.version;
  if (kind === 'model' && detail.version) return at(detail.version, 'named in the code');
  if (kind === 'model' && detail.alias) return at(aliased(detail.alias), code(detail.alias));
  if (kind === 'model' && detail.stage) {
    const stage = detail.stage.toLowerCase();
    const staged = versions.find(({ id }) => catalog.facts(id).stage?.toLowerCase() === stage);
    return staged && { ...staged, why: `stage ${code(detail.stage)}` };
  }
  const serving = servingAliases.find((alias) => aliased(alias) !== undefined);
  if (serving) return at(aliased(serving), code(serving));
  return at(facts.latestVersion ?? versions[0]?.version, 'newest');
}

/** `Versions: 7 challenger · 6 champion (12 versions in all) — in use here: 6 (champion)`. */
export function versionLine(versions: readonly Version[], facts: Facts, used: UsedVersion | undefined): string {
  const aliases = facts.modelAliases ?? [];
  if (versions.length === 0) {
    return facts.latestVersion ? `Newest version: ${text(facts.latestVersion)}` : 'No version of it is recorded.';
  }
  const named = (version: string) =>
    [text(version), ...aliases.filter((one) => one.version === version).map(({ alias }) => code(alias))].join(' ');
  const shown = versions.slice(0, shownVersions).map(({ version }) => version);
  const pointedTo = new Set(aliases.map(({ version }) => version).filter((version) => !shown.includes(version)));
  const said = [...shown, ...pointedTo].map(named);
  const more = versions.length > said.length ? ` (${count(versions.length, 'version')} in all)` : '';
  const inUse = used ? ` — in use here: ${text(used.version)} (${used.why})` : '';
  return `Versions: ${said.join(' · ')}${more}${inUse}`;
}
