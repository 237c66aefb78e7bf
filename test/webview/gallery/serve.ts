// Serves the gallery: the bundled panel under its real content security policy, and real answers of lineage/ to what it asks.
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import path from 'node:path';
import { build } from 'esbuild';
import { lineagePage } from '../../../extension/lineagePage.ts';
import type { FeatureContext } from '../../../server/features/context.ts';
import { details } from '../../../server/features/details.ts';
import { chartPlan, chartRange, seriesChart } from '../../../server/features/seriesChart.ts';
import { indexEdges } from '../../../server/lineage/edgeIndex.ts';
import { placed, unplaced } from '../../../server/lineage/graph.ts';
import { layout } from '../../../server/lineage/layout.ts';
import { neighbourhood } from '../../../server/lineage/neighbourhood.ts';
import { Nodes } from '../../../server/lineage/nodes.ts';
import { graphAsOf, partsAsOf } from '../../../server/lineage/past.ts';
import type { LineageParams } from '../../../server/protocol/lsp.ts';
import type { SeriesParams } from '../../../server/protocol/series.ts';
import { feature } from '../../support/feature.ts';
import { themes } from './themes.ts';
import { worlds } from './worlds.ts';

/** What VS Code puts into a webview before the page's own policy holds. */
const api = `globalThis.acquireVsCodeApi = () => ({
  postMessage: (message) => parent.postMessage(message, '*'),
  getState: () => JSON.parse(sessionStorage.getItem('panel') ?? 'null') ?? undefined,
  setState: (state) => sessionStorage.setItem('panel', JSON.stringify(state)),
});
globalThis.violations = [];
document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI, sample }) =>
  globalThis.violations.push(violatedDirective + ' ' + blockedURI + ' ' + sample));`;

export interface Gallery {
  readonly url: string;
  close(): void;
}

/** `port` 0: any that is free. */
export async function openGallery(port = 0): Promise<Gallery> {
  const bundle = await build({
    entryPoints: { webview: path.join(import.meta.dirname, '../../../webview/main.ts') },
    bundle: true,
    write: false,
    outdir: '/',
    target: 'es2022',
    format: 'iife',
    sourcemap: 'inline',
  });
  const files = new Map(bundle.outputFiles.map((file) => [path.basename(file.path), file.text]));
  const server = createServer((request, response) => {
    answer(request, files)
      .then(({ type, body }) => response.setHeader('content-type', `${type}; charset=utf-8`).end(body))
      .catch((error) => failed(response, error));
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const address = server.address();
  const chosen = typeof address === 'object' && address ? address.port : port;
  return {
    url: `http://127.0.0.1:${chosen}/`,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

interface Answer {
  readonly type: string;
  readonly body: string;
}

async function answer(request: IncomingMessage, files: ReadonlyMap<string, string>): Promise<Answer> {
  const url = new URL(request.url ?? '/', `http://${request.headers.host}`);
  const json = (value: unknown): Answer => ({ type: 'application/json', body: JSON.stringify(value ?? null) });
  switch (url.pathname) {
    case '/':
      return { type: 'text/html', body: await readFile(path.join(import.meta.dirname, 'gallery.html'), 'utf8') };
    case '/panel':
      return { type: 'text/html', body: panelPage(url.origin) };
    case '/api.js':
      return { type: 'text/javascript', body: api };
    case '/webview.js':
      return { type: 'text/javascript', body: files.get('webview.js') ?? '' };
    case '/webview.css':
      return { type: 'text/css', body: files.get('webview.css') ?? '' };
    case '/lists':
      return json({ worlds, themes });
    case '/lineage':
      return json(await lineage(contextOf(url), await bodyOf<LineageParams>(request)));
    case '/details': {
      const { id } = await bodyOf<{ id: string }>(request);
      const context = contextOf(url);
      const found = details(context, id, new Nodes(id, partsOf(context)).members(id));
      return json(found && { ...found, id });
    }
    case '/series':
      return json(series(url, await bodyOf<SeriesParams>(request)));
    default:
      return { type: 'text/plain', body: '' };
  }
}

function panelPage(origin: string): string {
  const sources = { origin, script: '/webview.js', style: '/webview.css', nonce: 'gallery', title: 'Lineage' };
  return lineagePage(sources).replace('<head>', '<head><script src="/api.js"></script>');
}

const contexts = new Map<string, FeatureContext>();

function contextOf(url: URL): FeatureContext {
  const name = url.searchParams.get('world') ?? '';
  const known = contexts.get(name) ?? feature(worlds[name]?.catalog ?? '', 'a.py:1 reads model churn mlflow').context;
  contexts.set(name, known);
  return known;
}

const noEdges = indexEdges([]);
function partsOf({ catalog }: FeatureContext) {
  return { catalog, codeEdges: noEdges, joinRules: [] };
}

async function lineage(context: FeatureContext, params: LineageParams) {
  const { catalog } = context;
  const { asOf } = params;
  // The panel reckons from the clock, fixtures play at a fixed time.
  const time = asOf === undefined ? undefined : asOf - Date.now() + context.now;
  const parts = time === undefined ? partsOf(context) : partsAsOf(partsOf(context), time);
  const around = neighbourhood(params.id, { ...parts, ...params });
  if (!catalog.get(params.id) && around.edges.length === 0) return undefined;
  const hasSource = (members: readonly string[]): boolean => members.some((id) => catalog.facts(id).definedAt);
  const graph = unplaced(parts.catalog, around, hasSource);
  return placed(time === undefined ? graph : graphAsOf(graph, catalog, time), layout);
}

/** As the server answers; `waits` while connections do not. */
function series(url: URL, { id, hours }: SeriesParams) {
  const context = contextOf(url);
  const nodes = new Nodes(id, partsOf(context));
  const watched = nodes.steps(id, 'upstream').flatMap(({ other }) => nodes.members(other));
  const plan = chartPlan(context.catalog, id, nodes.members(id), watched);
  if (!plan) return undefined;
  const range = chartRange(hours, context.now);
  const ask = worlds[url.searchParams.get('world') ?? '']?.series;
  const answers = plan.metrics.map((metric) => (ask ? ask({ metric, ...range }) : []));
  return answers.includes(undefined)
    ? 'waits'
    : seriesChart(
        plan,
        range,
        answers.flatMap((one) => one ?? []),
      );
}

async function bodyOf<Body>(request: IncomingMessage): Promise<Body> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return JSON.parse(Buffer.concat(chunks).toString('utf8')) as Body;
}

function failed(response: ServerResponse, error: unknown): void {
  response.statusCode = 500;
  response.end(error instanceof Error ? error.stack : String(error));
}

if (import.meta.main)
  console.log(`Gallery: ${(await openGallery(Number(process.argv[2] ?? 0))).url}  (Ctrl+C ends it)`);
