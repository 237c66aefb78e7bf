// Requests: the route table; one line per question the editor can ask.
import {
  type CompletionList,
  type Connection,
  type DocumentDiagnosticReport,
  LSPErrorCodes,
  ResponseError,
} from 'vscode-languageserver/node';
import * as answers from '../answers.ts';
import type { EntityId } from '../catalog/entity.ts';
import { fileAt } from '../commitFile.ts';
import { codeLensSteps } from '../features/codeLens.ts';
import type { FeatureContext } from '../features/context.ts';
import { columnDefinition, definition } from '../features/definition.ts';
import { documentLinks } from '../features/documentLinks.ts';
import { codeActions } from '../features/editing/codeActions.ts';
import { completion } from '../features/editing/completion.ts';
import { inlayHints } from '../features/editing/inlayHints.ts';
import { prepareRename, type Refusal, rename } from '../features/editing/rename.ts';
import { hover } from '../features/hover.ts';
import { hoverColumn } from '../features/hovers/hoverColumn.ts';
import { findReferences } from '../features/references.ts';
import { incoming, outgoing, prepareCallHierarchy } from '../features/structure/callHierarchy.ts';
import { documentSymbols } from '../features/structure/documentSymbols.ts';
import { highlights } from '../features/structure/highlights.ts';
import { workspaceSymbols } from '../features/structure/workspaceSymbols.ts';
import * as protocol from '../protocol/lsp.ts';
import type { Session } from '../session.ts';
import type { ParsedDocument } from '../syntax/document.ts';
import type { Documents } from './documents.ts';
import { type Guard, sweep } from './guard.ts';
import { pastLifetime } from './pastLifetime.ts';
import { report } from './results.ts';
import type { Settings } from './settings.ts';
import { shareSweeps } from './shared.ts';
import { sweepFile } from './snapshots.ts';

/** Nobody waits longer for a hover because of a server. */
const hoverWaitMs = 250;

export interface RequestContext {
  readonly connection: Connection;
  readonly session: Session;
  readonly documents: Documents;
  readonly guard: Guard;
  readonly settings: () => Settings;
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
  /** Everything is looked at anew. */
  readonly rescan: () => Promise<void>;
  /** What servers say of these now; gives up at the deadline, and never fails. */
  readonly pauseIndexing: (paused: boolean) => void;
  readonly freshen: (ids: readonly EntityId[], deadlineMs: number) => Promise<void>;
}

interface InDocument {
  readonly textDocument: { readonly uri: string };
}

export function routeRequests(context: RequestContext): void {
  const { connection, session, documents, guard, settings, now } = context;
  /** One point request: the document of now, one snapshot, a pure feature. */
  const at = <Result>(
    { textDocument }: InDocument,
    none: Result,
    feature: (context: FeatureContext, document: ParsedDocument) => Result,
  ): Result => {
    const document = documents.get(textDocument.uri);
    return document ? session.read((snapshot) => feature(snapshot, document)) : none;
  };

  const shared = shareSweeps(now);

  connection.onHover(
    guard('hover', null, async (p) => {
      // The one wait of a point request; document and snapshot are taken anew after it.
      const live = session.live.snapshot().sources();
      const old = at<readonly EntityId[]>(p, [], (c, d) => pastLifetime(c, d, p.position, live));
      if (old.length > 0) await context.freshen(old, hoverWaitMs);
      return at(p, null, (c, d) => hover(c, d, p.position) ?? hoverColumn(c, d, p.position) ?? null);
    }),
  );
  connection.onDefinition(
    guard('definition', [], (p) =>
      at(p, [], (c, d) => {
        const found = definition(c, d, p.position);
        return found.length > 0 ? found : columnDefinition(c, d, p.position);
      }),
    ),
  );
  connection.onCodeLens(
    guard('codeLens', [], ({ textDocument }, token) => {
      const document = settings().codeLens ? documents.get(textDocument.uri) : undefined;
      if (!document) return [];
      return shared('codeLens', document, revisionOf(session), token, (ending) =>
        sweepFile(session, (c) => codeLensSteps(c, document), ending, now),
      );
    }),
  );
  connection.onDocumentHighlight(guard('highlights', [], (p) => at(p, [], (c, d) => highlights(c, d, p.position))));
  connection.onDocumentSymbol(guard('documentSymbols', [], (p) => at(p, [], documentSymbols)));
  connection.onCompletion(guard('completion', noItems, (p) => at(p, noItems, (c, d) => completion(c, d, p.position))));
  connection.languages.inlayHint.on(guard('inlayHints', [], (p) => at(p, [], (c, d) => inlayHints(c, d, p.range))));
  connection.onCodeAction(
    guard('codeActions', [], (p) => at(p, [], (c, d) => codeActions(c, d, p.range, p.context.diagnostics))),
  );
  connection.onDocumentLinks(guard('documentLinks', [], (p) => at(p, [], documentLinks)));
  connection.languages.diagnostics.on(
    guard('diagnostics', nothingFound, async ({ textDocument, previousResultId }, token) => {
      const document = documents.get(textDocument.uri);
      if (!document) return nothingFound;
      const { severity } = settings();
      const steps = (c: FeatureContext) => answers.documentDiagnosticSteps(c, document, severity);
      const found = await shared('diagnostics', document, `${revisionOf(session)} ${severity}`, token, (ending) =>
        sweepFile(session, steps, ending, now),
      );
      return report(found, previousResultId);
    }),
  );
  connection.onReferences(
    guard('references', [], (p, token) => {
      const document = documents.get(p.textDocument.uri);
      if (!document) return [];
      return session.readLong((c) =>
        sweep(findReferences(c, document, p.position, p.context.includeDeclaration), token, now),
      );
    }),
  );
  connection.onWorkspaceSymbol(
    guard('workspaceSymbols', [], ({ query }, token) =>
      session.readLong((c) => sweep(workspaceSymbols(c, query), token, now)),
    ),
  );
  routeRename(context, at);
  routeCallHierarchy(context, at);
  routeOurs(context);
}

/** What a sweep over a file depends on besides its text. */
function revisionOf(session: Session): string {
  return `${session.index.revision} ${session.readCatalog(({ revision }) => revision)} ${session.environment ?? ''}`;
}

type At = <Result>(
  params: InDocument,
  none: Result,
  feature: (context: FeatureContext, document: ParsedDocument) => Result,
) => Result;

/** A refusal is an error to the editor: it shows its words at the cursor. */
function routeRename({ connection, guard }: RequestContext, at: At): void {
  const orRefuse = <Result extends object>(result: Result | Refusal | undefined): Result | ResponseError | null => {
    if (!result) return null;
    return 'refusal' in result ? new ResponseError(LSPErrorCodes.RequestFailed, result.refusal) : result;
  };
  connection.onPrepareRename(
    guard('prepareRename', null, (p) => orRefuse(at(p, undefined, (c, d) => prepareRename(c, d, p.position)))),
  );
  connection.onRenameRequest(
    guard('rename', null, (p) => orRefuse(at(p, undefined, (c, d) => rename(c, d, p.position, p.newName)))),
  );
}

function routeCallHierarchy({ connection, session, guard }: RequestContext, at: At): void {
  const { callHierarchy } = connection.languages;
  callHierarchy.onPrepare(
    guard('callHierarchy', null, (p) => at(p, [], (c, d) => prepareCallHierarchy(c, d, p.position))),
  );
  callHierarchy.onIncomingCalls(
    guard('incomingCalls', [], ({ item }) => session.read((c) => incoming(c, session.lineageParts(c), item))),
  );
  callHierarchy.onOutgoingCalls(
    guard('outgoingCalls', [], ({ item }) => session.read((c) => outgoing(c, session.lineageParts(c), item))),
  );
}

/** The questions beyond LSP. */
function routeOurs({ connection, session, guard, rescan, pauseIndexing }: RequestContext): void {
  const route = <Params, Result>(
    method: string,
    fallback: Result,
    answer: (params: Params) => Result | Promise<Result>,
  ) => {
    const guarded = guard<Params, Result>(method, fallback, answer);
    connection.onRequest<unknown, never>(method, guarded);
  };
  route<protocol.LineageParams, protocol.LineageResult>(protocol.lineageRequest, undefined, (p) =>
    answers.lineage(session, p),
  );
  route<protocol.TextPoint, protocol.EntityAtResult>(protocol.entityAtRequest, undefined, (p) =>
    answers.entityAt(session, p),
  );
  route<protocol.IdParams, protocol.DetailsResult>(protocol.detailsRequest, undefined, (p) =>
    answers.entityDetails(session, p.id),
  );
  route<protocol.SeriesParams, protocol.SeriesResult>(protocol.seriesRequest, undefined, (p) =>
    answers.series(session, p),
  );
  route<protocol.IdParams, protocol.SourcePlacesResult>(protocol.sourcePlacesRequest, [], (p) =>
    answers.sourcePlaces(session, p.id),
  );
  route<protocol.PageParams, protocol.PageResult>(protocol.pageRequest, failedPage, (p) => answers.page(session, p));
  route<object, protocol.IncidentsResult>(protocol.incidentsRequest, [], () =>
    session.read((c) => session.incidents(c)),
  );
  route<protocol.ExplainParams, protocol.ExplainResult>(protocol.explainRequest, failedChain, (p) =>
    answers.explainIncident(session, p.id),
  );
  route<protocol.LogParams, protocol.LogResult>(protocol.logRequest, failedLog, (p) => answers.log(session, p));
  route<protocol.RunCommitParams, protocol.RunCommitResult>(protocol.runCommitRequest, failedLog, (p) =>
    answers.runCommitOf(session, p),
  );
  route<protocol.FileAtParams, protocol.FileAtResult>(protocol.fileAtRequest, failedLog, (p) => fileAt(session, p));
  route<object, boolean>(protocol.syncRequest, false, () => rescan().then(() => true));
  route<protocol.PauseIndexingParams, boolean>(protocol.pauseIndexingRequest, false, ({ paused }) => {
    pauseIndexing(paused);
    return true;
  });
}

const noItems: CompletionList = { isIncomplete: false, items: [] };
const nothingFound: DocumentDiagnosticReport = { kind: 'full', items: [] };
const seeOutput = 'The server failed to answer; the Plumbline output channel says why.';
const failedPage: protocol.PageResult = { title: 'Plumbline', text: seeOutput };
const failedChain: protocol.ExplainResult = { title: seeOutput, evidence: [] };
const failedLog = { problem: seeOutput };
