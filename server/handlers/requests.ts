// Requests: the route table; one line per question the editor can ask.
import type { Connection, DocumentDiagnosticReport } from 'vscode-languageserver/node';
import { codeLens } from '../features/codeLens.ts';
import { definition } from '../features/definition.ts';
import { diagnostics } from '../features/diagnostics.ts';
import { documentLinks } from '../features/documentLinks.ts';
import { hover } from '../features/hover.ts';
import { findReferences } from '../features/references.ts';
import * as protocol from '../protocol/lsp.ts';
import type { Session } from '../session.ts';
import { fileDiagnostics } from '../workspace/fileDiagnostics.ts';
import type { Documents } from './documents.ts';
import { type Guard, sweep } from './guard.ts';
import { report } from './results.ts';
import type { Settings } from './settings.ts';

export interface RequestContext {
  readonly connection: Connection;
  readonly session: Session;
  readonly documents: Documents;
  readonly guard: Guard;
  readonly settings: () => Settings;
  readonly now: () => number;
}

interface At {
  readonly textDocument: { readonly uri: string };
  readonly position: { readonly line: number; readonly character: number };
}

export function routeRequests({ connection, session, documents, guard, settings, now }: RequestContext): void {
  const at = <Result>(params: At, feature: (context: Parameters<typeof hover>[0], document: Parameters<typeof hover>[1]) => Result) => {
    const document = documents.get(params.textDocument.uri);
    return document ? session.read((context) => feature(context, document)) : undefined;
  };

  connection.onHover(guard('hover', null, (p) => at(p, (context, document) => hover(context, document, p.position)) ?? null));
  connection.onDefinition(
    guard('definition', [], (p) => at(p, (context, document) => definition(context, document, p.position)) ?? []),
  );
  connection.onReferences(
    guard('references', [], (p, token) => {
      const document = documents.get(p.textDocument.uri);
      if (!document) return [];
      return session.readLong((context) => sweep(findReferences(context, document, p.position), token, now));
    }),
  );
  connection.onCodeLens(
    guard('codeLens', [], (p) => {
      const document = documents.get(p.textDocument.uri);
      if (!document || !settings().codeLens) return [];
      return session.read((context) => codeLens(context, document));
    }),
  );
  connection.onDocumentLinks(
    guard('documentLinks', [], (p) => {
      const document = documents.get(p.textDocument.uri);
      return document ? session.read((context) => documentLinks(context, document)) : [];
    }),
  );
  connection.languages.diagnostics.on(
    guard('diagnostics', { kind: 'full', items: [] } as DocumentDiagnosticReport, (p) => {
      const document = documents.get(p.textDocument.uri);
      if (!document) return report([], p.previousResultId);
      const items = fileDiagnostics(document.uri, document.text) ??
        session.read((context) => diagnostics(context, document, settings().severity));
      return report(items, p.previousResultId);
    }),
  );

  const ask = <Params, Result>(method: string, fallback: Result, answer: (params: Params) => Result | Promise<Result>) =>
    connection.onRequest(method, guard<Params, Result>(method, fallback, answer));

  ask<protocol.LineageParams, protocol.LineageResult>(protocol.lineageRequest, undefined, (p) => session.lineage(p));
  ask<protocol.TextPoint, protocol.EntityAtResult>(protocol.entityAtRequest, undefined, (p) => session.entityAt(p));
  ask<protocol.IdParams, protocol.DetailsResult>(protocol.detailsRequest, undefined, (p) => session.details(p.id));
  ask<protocol.IdParams, protocol.SourcePlacesResult>(protocol.sourcePlacesRequest, [], (p) => session.sourcePlaces(p.id));
  ask<protocol.PageParams, protocol.PageResult>(protocol.pageRequest, failedPage, (p) => session.page(p));
  ask<object, protocol.IncidentsResult>(protocol.incidentsRequest, [], () => session.incidents());
  ask<protocol.ExplainParams, protocol.ExplainResult>(protocol.explainRequest, failedChain, (p) => session.explain(p.id));
  ask<protocol.LogParams, protocol.LogResult>(protocol.logRequest, failedLog, (p) => session.log(p));
  ask<object, boolean>(protocol.syncRequest, false, () => session.syncNow());
}

const seeOutput = 'The server failed to answer; the Plumbline output channel says why.';
const failedPage: protocol.PageResult = { title: 'Plumbline', text: seeOutput };
const failedChain: protocol.ExplainResult = { title: seeOutput, evidence: [] };
const failedLog: protocol.LogResult = { problem: seeOutput };
