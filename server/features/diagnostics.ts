// Diagnostics: names that are proven not to exist, with the listing that proves it; never what is only unknown.
import { type Diagnostic, DiagnosticSeverity } from 'vscode-languageserver-types';
import type { Entity, EntityKind } from '../catalog/entity.ts';
import type { Reference } from '../references/reference.ts';
import type { FeatureContext, FeatureDocument } from './context.ts';
import { listed } from './hovers/usage.ts';
import { versionsOf } from './hovers/versions.ts';
import { visible } from './markdown.ts';
import { finish } from './steps.ts';
import { age, kindWords, plural } from './words.ts';

export type SeverityName = 'error' | 'warning' | 'information' | 'hint' | 'off';

const severities: Readonly<Record<Exclude<SeverityName, 'off'>, DiagnosticSeverity>> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  information: DiagnosticSeverity.Information,
  hint: DiagnosticSeverity.Hint,
};

/** A sweep over the names of a file. */
export function* diagnosticSteps(
  context: FeatureContext,
  document: FeatureDocument,
  severity: SeverityName = 'information',
): Generator<undefined, Diagnostic[]> {
  const diagnostics: Diagnostic[] = [];
  if (severity === 'off') return diagnostics;
  for (const reference of context.references(document.uri)) {
    yield undefined;
    const found = finding(context, reference);
    if (!found) continue;
    const isSure = reference.confidence === 'literal' || reference.confidence === 'constant';
    diagnostics.push({
      range: reference.range,
      severity: isSure ? severities[severity] : DiagnosticSeverity.Hint,
      code: found.code,
      source: 'plumbline',
      message: found.message,
    });
  }
  return diagnostics;
}

export function diagnostics(
  context: FeatureContext,
  document: FeatureDocument,
  severity: SeverityName = 'information',
): Diagnostic[] {
  return finish(diagnosticSteps(context, document, severity));
}

interface Finding {
  readonly code: 'missing' | 'gone';
  readonly message: string;
}

function finding(context: FeatureContext, reference: Reference): Finding | undefined {
  if (reference.confidence === 'partial' || isMadeHere(context, reference)) return undefined;
  const resolution = context.resolve(reference);
  const named = `${kindWords[reference.kind]} ${visible(reference.name)}`;
  switch (resolution.status) {
    case 'missing': {
      const proof = `${listers(context, reference)} listed all ${plural(reference.kind)} ${age(resolution.asOf, context.now)}.`;
      return { code: 'missing', message: `${named} does not exist: ${proof}${suggestion(resolution.near)}` };
    }
    case 'gone': {
      const proof = `the listing of ${listers(context, reference)} no longer held it ${age(resolution.until, context.now)}.`;
      return { code: 'gone', message: `${named} is gone: ${proof}` };
    }
    case 'resolved':
      return versionFinding(context, reference, resolution.entity);
    default:
      return undefined;
  }
}

/** What code creates cannot be expected to be there before it ran. */
function isMadeHere(context: FeatureContext, reference: Reference): boolean {
  const makes = ({ role }: Reference) => role === 'defines' || role === 'writes';
  return makes(reference) || context.referencesNamed(reference).some((placed) => makes(placed.reference));
}

/** A model that exists, asked for by an alias or a version that it has not. */
function versionFinding(context: FeatureContext, reference: Reference, entity: Entity): Finding | undefined {
  const { alias, version } = reference.detail;
  if (reference.kind !== 'model' || (alias === undefined && version === undefined)) return undefined;
  const asked: EntityKind = alias === undefined ? 'version' : 'model';
  const coverage = context.catalog.covers(asked, reference.tool);
  if (!coverage.covered) return undefined;
  const aliases = context.catalog.facts(entity.id).modelAliases ?? [];
  const versions = versionsOf(context, entity).map((one) => one.version);
  const has = alias === undefined ? versions.includes(version ?? '') : aliases.some((one) => one.alias === alias);
  if (has) return undefined;
  const known = alias === undefined ? versions : aliases.map((one) => one.alias);
  const what = alias === undefined ? `version ${visible(version ?? '')}` : `alias ${visible(alias)}`;
  const others = known.length > 0 ? ` It has ${listed(known.map((name) => visible(name)))}.` : '';
  const proof = `${listers(context, reference)} listed all ${plural(asked)} ${age(coverage.asOf, context.now)}.`;
  return { code: 'missing', message: `Model ${visible(entity.name)} has no ${what}: ${proof}${others}` };
}

function listers({ catalog }: FeatureContext, { kind, tool }: Reference): string {
  const names = catalog
    .sources()
    .filter((source) => source.tool === tool && source.kinds.includes(kind))
    .map(({ name }) => visible(name));
  return names.length > 0 ? listed(names, 3) : 'a source that could know it';
}

function suggestion(near: readonly Entity[]): string {
  return near.length > 0 ? ` Did you mean ${near.map(({ name }) => visible(name)).join(' or ')}?` : '';
}
