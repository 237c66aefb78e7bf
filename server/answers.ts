// Answers: what the panel, the pages, the incidents view and the command line ask of a session.
import path from 'node:path';
import type { Diagnostic } from 'vscode-languageserver-types';
import type { Catalog } from './catalog/catalog.ts';
import { type EntityId, entityKinds } from './catalog/entity.ts';
import { runCommit } from './commitFile.ts';
import { pathOf } from './context.ts';
import { columnSources } from './features/columnFlows.ts';
import { comparePage } from './features/comparePage.ts';
import type { FeatureContext } from './features/context.ts';
import { details } from './features/details.ts';
import { diagnosticSteps, type SeverityName } from './features/diagnostics.ts';
import { entityPage } from './features/entityPage.ts';
import { fileDiagnostics } from './features/fileDiagnostics.ts';
import { referenceAt } from './features/referenceAt.ts';
import { seesPage } from './features/seesPage.ts';
import { chartPlan, chartRange, seriesChart } from './features/seriesChart.ts';
import { finish } from './features/steps.ts';
import { type Ask, explainWithLogs, type JumpWorld, logWindow } from './incidents/jump.ts';
import { untriedRules } from './incidents/trouble/metricRules.ts';
import { codeId, nodeOf } from './lineage/codeEdges.ts';
import { placed, unplaced } from './lineage/graph.ts';
import { type NeighbourhoodOptions, neighbourhood } from './lineage/neighbourhood.ts';
import { Nodes } from './lineage/nodes.ts';
import { graphAsOf, partsAsOf } from './lineage/past.ts';
import { type WayStep, wayBetween } from './lineage/way.ts';
import type * as protocol from './protocol/lsp.ts';
import type { PlacedReference } from './references/reference.ts';
import type { Session } from './session.ts';
import type { MetricRule } from './workspace/plumblineFile.ts';

interface DiagnosedDocument {
  readonly uri: string;
  readonly version: number;
  readonly text: string;
}

/** What is wrong in a document: names that do not exist; of a plumbline.yaml its mistakes and the rules nothing can be said of. */
export function documentDiagnostics(
  context: FeatureContext,
  document: DiagnosedDocument,
  severity?: SeverityName,
): readonly Diagnostic[] {
  return finish(documentDiagnosticSteps(context, document, severity));
}

/** The same in steps, for whoever must let others through in between. */
export function* documentDiagnosticSteps(
  context: FeatureContext,
  document: DiagnosedDocument,
  severity?: SeverityName,
): Generator<undefined, readonly Diagnostic[]> {
  const { catalog } = context;
  const isRead = (): boolean => catalog.sources().every(({ health }) => health !== 'never');
  // Before the first reading ended, what is not known yet would be blamed.
  const untried = (rules: readonly MetricRule[]) => (isRead() ? untriedRules(catalog, rules) : []);
  return fileDiagnostics(document.uri, document.text, untried) ?? (yield* diagnosticSteps(context, document, severity));
}

export function entityAt(session: Session, { uri, line, character }: protocol.TextPoint): protocol.EntityAtResult {
  return session.read((context) => {
    const reference = referenceAt(context, { uri, version: 0 }, { line, character });
    if (!reference) return undefined;
    return { id: nodeOf(reference, context.resolve(reference)), name: reference.name, kind: reference.kind };
  });
}

/** `bounds`: other ones than a panel has. */
export async function lineage(
  session: Session,
  params: protocol.LineageParams,
  bounds: Pick<NeighbourhoodOptions, 'depth' | 'limit'> = {},
): Promise<protocol.LineageResult> {
  const graph = session.read((context) => {
    const { asOf } = params;
    const now = session.lineageParts(context);
    const parts = asOf === undefined ? now : partsAsOf(now, asOf);
    const around = neighbourhood(params.id, { ...parts, ...params, ...bounds });
    const known = context.catalog.get(params.id) !== undefined || placesOf(session, context, [params.id]).length > 0;
    if (!known && around.edges.length === 0) return undefined;
    const graph = unplaced(parts.catalog, around, (members) => placesOf(session, context, members).length > 0);
    return asOf === undefined ? graph : graphAsOf(graph, context.catalog, asOf);
  });
  return graph && placed(graph, (input) => session.layout(input));
}

/** What stands around it in a panel: ids of all nodes and of what they are made of. */
export function idsAround(session: Session, id: EntityId): readonly EntityId[] {
  return session.read((context) => {
    const { nodes } = neighbourhood(id, { ...session.lineageParts(context), expanded: [], collapsed: [] });
    return [...new Set([id, ...nodes.flatMap(({ members }) => members)])];
  });
}

/** The shortest way; undefined when there is none. */
export function way(session: Session, from: EntityId, to: EntityId): readonly WayStep[] | undefined {
  return session.read((context) => wayBetween(from, to, session.lineageParts(context)));
}

/** The panel can wait for what its SQL says of the columns; a hover cannot. */
export async function entityDetails(session: Session, id: EntityId): Promise<protocol.DetailsResult> {
  const sources = session.read((context) => columnSources(context, membersOf(session, context, id)));
  await Promise.all(sources.map((source) => session.columns.ask(source)));
  return session.read((context) => details(context, id, membersOf(session, context, id)));
}

/** The values of a metric, or of those that a monitor watches: connections are asked now, and what fails is said in it. */
export async function series(session: Session, { id, hours }: protocol.SeriesParams): Promise<protocol.SeriesResult> {
  const plan = session.read((context) => {
    const nodes = new Nodes(id, session.lineageParts(context));
    const watched = nodes.steps(id, 'upstream').filter(({ edge }) => edge.relation === 'measures');
    const metrics = watched.flatMap(({ other }) => nodes.members(other));
    return chartPlan(context.catalog, id, nodes.members(id), metrics);
  });
  if (!plan) return undefined;
  const range = chartRange(hours, session.options.now());
  try {
    const answers = await Promise.all(plan.metrics.map((metric) => session.askSeries({ metric, ...range })));
    return seriesChart(plan, range, answers.flat());
  } catch (error) {
    // Nothing may be asked here: what runs recorded needs nobody.
    const problem = error instanceof Error ? error.message : String(error);
    return seriesChart(plan, range, plan.recorded.length > 0 ? [] : [{ source: '', series: [], problem }]);
  }
}

export function sourcePlaces(session: Session, id: EntityId): protocol.SourcePlacesResult {
  return session.read((context) => placesOf(session, context, membersOf(session, context, id)));
}

export function page(session: Session, params: protocol.PageParams): protocol.PageResult {
  return session.read((context) => {
    switch (params.page) {
      case 'entity':
        return entityPage(context, params.id);
      case 'compare':
        return comparePage(context, params.run);
      case 'sees':
        return seesPage(context, params.uri, session.index.cells(params.uri));
      case 'diagnostics':
        return diagnosticsPage(session, context.catalog);
    }
  });
}

/** The run, or the newest run of an entity, that says its commit; and the file that is open or that defines it. */
export function runCommitOf(session: Session, params: protocol.RunCommitParams): Promise<protocol.RunCommitResult> {
  const { id } = params;
  const parts = session.read((context) => {
    const run = context.catalog.run(id);
    const members = run ? [id] : membersOf(session, context, id);
    const about = run ? run.of : members;
    const definedIn = about.flatMap((one) => placesOf(session, context, membersOf(session, context, one)));
    const name = run?.name ?? context.catalog.get(id)?.name ?? id.slice(id.lastIndexOf(':') + 1);
    return { members, definedIn: definedIn.map(({ file }) => file), name };
  });
  return runCommit(session, params, parts);
}

/** From an incident, a metric, a model, a job or a run to the log that explains it. */
export function explainIncident(session: Session, id: string): Promise<protocol.ExplainResult> {
  return explainWithLogs(id, asker(session), jumpWorld(session));
}

export function log(session: Session, params: protocol.LogParams): Promise<protocol.LogResult> {
  return logWindow(params, asker(session), jumpWorld(session));
}

/** An id as people write it: whole, or `kind:name`. Undefined when nothing has it. */
export function idOf(session: Session, subject: string): EntityId | undefined {
  return session.read(({ catalog }) => {
    if (catalog.get(subject)) return subject;
    const colon = subject.indexOf(':');
    const kind = entityKinds.find((candidate) => candidate === subject.slice(0, colon));
    const found = kind ? catalog.find(kind, subject.slice(colon + 1))[0] : undefined;
    const inCode = session.allReferences().find(({ reference }) => `${reference.kind}:${reference.name}` === subject);
    return found?.id ?? (inCode && codeId(inCode.reference));
  });
}

function asker(session: Session): Ask {
  return (work) =>
    session.read((context) => {
      const parts = session.lineageParts(context);
      return work({
        catalog: context.catalog,
        config: session.folders.config(),
        now: context.now,
        incidents: session.incidents(context),
        ownerOf: context.owner,
        sameAs: (id) => new Nodes(id, parts).sameAs(id),
      });
    });
}

function jumpWorld({ index, git, logReader, folders }: Session): JumpWorld {
  const inFolder = (folder: string): string => path.join(folder, 'plumbline.yaml');
  return {
    files: index.files().flatMap((uri) => pathOf(uri) ?? []),
    repositoryOf: (file) => git.repositoryOf(file),
    reader: logReader,
    async repositories() {
      const found = await Promise.all(folders.roots.map((folder) => git.repositoryOf(inFolder(folder))));
      return found.filter((repository) => repository !== undefined);
    },
  };
}

function membersOf(session: Session, context: FeatureContext, id: EntityId): readonly EntityId[] {
  return new Nodes(id, session.lineageParts(context)).members(id);
}

/** Definitions first, else a tool's own word for where it is defined, else the places that write it. */
function placesOf(
  session: Session,
  context: FeatureContext,
  members: readonly EntityId[],
): protocol.SourcePlacesResult {
  const references = members.flatMap((id) => referencesOf(session, context, id));
  const inCode = (role: string) =>
    references.flatMap(({ uri, reference: { role: own, range }, cell }) => {
      const file = own === role ? pathOf(uri) : undefined;
      const line = range.start.line - (cell?.line ?? 0) + 1;
      return file ? [{ file, line, ...(cell && { cell: cell.index }) }] : [];
    });
  const declared = members.flatMap((id) => {
    const place = context.catalog.facts(id).definedAt;
    return place ? [{ file: place.path, line: place.line }] : [];
  });
  return [inCode('defines'), declared, inCode('writes'), inCode('reads')].find((places) => places.length > 0) ?? [];
}

function referencesOf(session: Session, context: FeatureContext, id: EntityId): readonly PlacedReference[] {
  if (!id.startsWith('code:')) return context.referencesTo(id);
  return session.allReferences().filter(({ reference }) => codeId(reference) === id);
}

/** Versions, sources and sizes; no names of entities, no paths, no contents. */
function diagnosticsPage(session: Session, catalog: Catalog): protocol.PageResult {
  const sources = catalog.sources().map(({ tool, health, scannedAt, kinds }) => {
    const read =
      scannedAt === undefined ? 'never read' : `read ${Math.round((session.options.now() - scannedAt) / 1000)} s ago`;
    return `- ${tool}: ${health}, ${read}, knows ${kinds.join(', ')}`;
  });
  const lines = [
    `server: Node ${process.version}, ${Math.round(process.memoryUsage().rss / 1e6)} MB, up ${Math.round(process.uptime())} s`,
    `workspace: ${session.folders.roots.length} folders, trusted: ${session.options.trusted}`,
    `references: ${session.index.files().length} files, revision ${session.index.revision}`,
    `catalog: revision ${catalog.revision}, ${catalog.sources().length} sources`,
    ...sources,
  ];
  return { title: 'Plumbline diagnostics', text: `${lines.join('\n')}\n` };
}
