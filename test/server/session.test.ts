// The server as an editor speaks to it, on the sample: the whole of a session, edits, cancellation, closed documents.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import type { CodeLens, DocumentLink, Location, LocationLink } from 'vscode-languageserver/node';
import type * as protocol from '../../server/protocol/lsp.ts';
import { memoryServer, placeOf, type Served } from '../support/server.ts';
import { freshSample, type Sample } from '../vscode/support/sample.ts';

let sample: Sample;
let server: Served;
const at = (relative: string): string => path.join(sample.folder, relative);
const read = (relative: string): string => readFileSync(at(relative), 'utf8');
const open = (relative: string): Promise<string> => server.open(at(relative), read(relative));

before(async () => {
  sample = await freshSample();
  server = memoryServer();
  await server.start([sample.folder], { storeFolder: path.join(sample.folder, '..', 'store') });
  await server.ready();
});
after(async () => {
  await server.client.close();
  await sample.remove();
});

test('a hover on the model says its versions, runs and metrics, and who says so', async () => {
  const hover = await server.hover(await open('churn/settings.py'), placeOf(read('churn/settings.py'), 'MODEL_NAME}'));
  for (const words of ['champion', 'auc', '0.7146 (-0.1526)', 'train-', 'growth-ml', 'Said by mlflow '])
    assert.ok(hover.includes(words), `"${words}" in ${hover}`);
  assert.match(hover, /at commit `[0-9a-f]{7}`/);
});

test('a hover on the failing job shows the line that matters', async () => {
  const hover = await server.hover(
    await open('dags/validate_churn.py'),
    placeOf(read('dags/validate_churn.py'), 'validate_{'),
  );
  assert.match(hover, /KeyError: 'churned'/);
  assert.match(hover, /growth-analytics/);
});

test('definition, references, links and lenses lead to real places', async () => {
  const uri = await open('churn/scoring.py');
  const textDocument = { uri };
  const position = placeOf(read('churn/scoring.py'), 'settings.MODEL_NAME');
  const targets = await server.ask<LocationLink[]>('textDocument/definition', { textDocument, position });
  assert.deepEqual([...new Set(targets.map(({ targetUri }) => path.basename(targetUri)))], ['publish.py']);
  const context = { includeDeclaration: true };
  const found = await server.ask<Location[]>('textDocument/references', { textDocument, position, context });
  const files = new Set(found.map((place) => place.uri.split('/').slice(-2).join('/')));
  for (const file of ['churn/publish.py', 'churn/settings.py', 'dags/score_churn.py']) assert.ok(files.has(file), file);
  const lenses = await server.ask<CodeLens[]>('textDocument/codeLens', { textDocument });
  assert.ok(lenses.some(({ command }) => /churn: ✓ succeeded .* ago .*auc 0\.7146/.test(command?.title ?? '')));
  assert.ok(lenses.some(({ command }) => command?.title === 'Show logs' && command.arguments?.[0].startsWith('run:')));
  const links = await server.ask<DocumentLink[]>('textDocument/documentLink', { textDocument });
  assert.ok(links.some(({ target }) => target?.startsWith('plumbline:/entity/')));
});

test('diagnostics prove what is missing, keep their id while nothing changes, and see edits', async () => {
  const uri = await server.open(at('churn/new.py'), 'import mlflow\nmlflow.pyfunc.load_model("models:/chrn/1")\n');
  const first = await server.diagnostics(uri);
  assert.ok(first.kind === 'full' && first.resultId);
  assert.match(
    String(first.items[0]?.message),
    /Model chrn does not exist: mlflow .* listed all models.*Did you mean churn\?/,
  );
  assert.deepEqual(await server.diagnostics(uri, first.resultId), { kind: 'unchanged', resultId: first.resultId });
  const range = { start: { line: 1, character: 36 }, end: { line: 1, character: 36 } };
  await server.change(uri, 2, [{ range, text: 'u' }]);
  const second = await server.diagnostics(uri, first.resultId);
  assert.deepEqual(second.kind === 'full' && second.items, []);
  assert.match(await server.hover(uri, { line: 1, character: 34 }), /Model\*\* `churn`/);
});

test('from what stands under the cursor to its lineage, details and places', async () => {
  const uri = await open('churn/settings.py');
  const point = { uri, ...placeOf(read('churn/settings.py'), 'MODEL_NAME}') };
  const entity = await server.ask<protocol.EntityAtResult>('plumbline/entityAt', point);
  assert.equal(entity?.name, 'churn');
  const id = entity?.id ?? '';
  const graph = await server.ask<protocol.LineageResult>('plumbline/lineage', { id, expanded: [], collapsed: [] });
  const labels = graph?.nodes.map(({ kind, label }) => `${kind} ${label}`) ?? [];
  for (const label of ['model churn', 'job train_churn', 'metric auc']) assert.ok(labels.includes(label), label);
  const details = await server.ask<protocol.DetailsResult>('plumbline/details', { id });
  assert.match(JSON.stringify(details), /@acme\/growth-ml/);
  const places = await server.ask<protocol.SourcePlacesResult>('plumbline/sourcePlaces', { id });
  assert.equal(places[0]?.file, at('churn/publish.py'));
  const [facts, sees] = [
    await server.ask<protocol.PageResult>('plumbline/page', { page: 'entity', id }),
    await server.ask<protocol.PageResult>('plumbline/page', { page: 'sees', uri }),
  ];
  assert.match(facts.text, /champion/);
  assert.match(sees.text, /mlflow\.address/);
});

test('from an incident to the line of the log that explains it', async () => {
  const incidents = await server.incidents("KeyError: 'churned'");
  const failed = incidents.find(({ title }) => title === 'validate_churn failed');
  const fell = incidents.find(({ title }) => title === 'churn AUC fell');
  assert.match(failed?.summary ?? '', /KeyError: 'churned'/);
  assert.equal(fell?.owner, '@acme/growth-ml');
  const chain = await server.ask<protocol.ExplainResult>('plumbline/explain', { id: failed?.id });
  assert.equal(chain.log?.root?.text, "KeyError: 'churned'");
  const log = await server.ask<protocol.LogResult>('plumbline/log', { run: chain.run, file: chain.log?.file });
  assert.ok('text' in log);
  assert.match(log.text.split('\n')[log.reveal ?? -1] ?? '', /KeyError: 'churned'/);
  assert.ok(log.frames.some(({ local }) => local?.file === at('churn/validation.py')));
  const why = await server.ask<protocol.ExplainResult>('plumbline/explain', { id: fell?.id });
  assert.match(why.log?.root?.text ?? '', /no column 'churned'/);
  const other = await server.ask<protocol.LogResult>('plumbline/log', { run: chain.run, file: '/etc/passwd' });
  assert.ok('problem' in other);
});

test('the comparison of two runs, the diagnostics report without names, and a look at everything anew', async () => {
  const incidents = await server.incidents("KeyError: 'churned'");
  const run = incidents.find(({ title }) => title === 'churn AUC fell')?.run ?? '';
  const compared = await server.ask<protocol.PageResult>('plumbline/page', { page: 'compare', run });
  assert.match(compared.text, /`auc` \| 0\.7146/);
  const report = await server.ask<protocol.PageResult>('plumbline/page', { page: 'diagnostics' });
  assert.match(report.text, /mlflow: fresh/);
  assert.doesNotMatch(report.text, /churn|\/tmp/);
  assert.equal(await server.ask('plumbline/sync', {}), true);
});

test('a rule that cannot be tried is a warning at its line; a mistake is an error', async () => {
  const text = `${read('plumbline.yaml').replace('metrics:', 'metrics:\n  - model: churn\n    metric: auk\n    below: 0.5')}ownrs: []\n`;
  const uri = await server.open(at('plumbline.yaml'), text, 'yaml');
  const report = await server.diagnostics(uri);
  const items = report.kind === 'full' ? report.items : [];
  assert.deepEqual(
    items.map(({ severity, range, message }) => [severity, range.start.line, String(message)]),
    [
      [1, text.split('\n').indexOf('ownrs: []'), 'this file: "ownrs" is not known. Did you mean "owners"?'],
      [2, 3, '"auk of churn: below 0.5": no run of the model churn logged a metric called auk.'],
    ],
  );
});

test('a cancelled request says so, and the next one is answered', async () => {
  const uri = await open('churn/scoring.py');
  const params = { textDocument: { uri }, position: placeOf(read('churn/scoring.py'), 'settings.MODEL_NAME') };
  const { connection } = server.client;
  const { CancellationTokenSource } = await import('vscode-languageserver/node');
  const source = new CancellationTokenSource();
  const asked = connection.sendRequest('textDocument/hover', params, source.token);
  source.cancel();
  await assert.rejects(asked, { code: -32800 });
  assert.match(await server.hover(uri, params.position), /champion/);
});

test('a closed or unknown document is answered with nothing, and its file counts again', async () => {
  const uri = await open('churn/publish.py');
  await server.client.connection.sendNotification('textDocument/didClose', { textDocument: { uri } });
  const textDocument = { uri };
  const position = { line: 21, character: 63 };
  assert.equal(await server.hover(uri, position), '');
  assert.deepEqual(await server.ask('textDocument/definition', { textDocument, position }), []);
  assert.deepEqual(await server.ask('textDocument/codeLens', { textDocument }), []);
  assert.deepEqual(await server.ask('textDocument/diagnostic', { textDocument }), { kind: 'full', items: [] });
  assert.equal(await server.hover('untitled:nothing', position), '');
  await open('churn/publish.py');
  assert.match(await server.hover(uri, position), /champion/);
});

test('a hundred random edits with hovers between, and the server agrees with a fresh reading of the text', async () => {
  const chance = random(20261123);
  let text = read('churn/publish.py');
  const uri = await server.open(at('churn/edited.py'), text);
  const pieces = ['"', "'''", '(', ')\n', 'f"{', '\r\n', '  ', 'model', 's3://a/b', '# é😀\n', 'import churn\n', ''];
  for (let edit = 0; edit < 100; edit++) {
    const start = Math.floor(chance() * text.length);
    const end = Math.min(text.length, start + Math.floor(chance() * 12));
    const piece = pieces[Math.floor(chance() * pieces.length)] ?? '';
    const range = { start: positionAt(text, start), end: positionAt(text, end) };
    await server.change(uri, edit + 2, [{ range, text: piece }]);
    text = text.slice(0, start) + piece + text.slice(end);
    await server.hover(uri, positionAt(text, Math.floor(chance() * text.length)));
    if (edit % 10 === 0) await server.ask('textDocument/codeLens', { textDocument: { uri } });
  }
  const same = await server.open(at('churn/fresh.py'), text);
  const sees = async (which: string): Promise<string> =>
    (await server.ask<protocol.PageResult>('plumbline/page', { page: 'sees', uri: which })).text
      .split('\n')
      .slice(1)
      .join('\n');
  assert.equal(await sees(uri), await sees(same));
});

test('nothing of all this was logged as an error', () => {
  assert.deepEqual(server.errors, []);
});

/** A small generator with a seed, so that a failure comes again. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** As an editor counts: `\r\n`, `\n` and `\r` each end a line. */
function positionAt(text: string, offset: number): { line: number; character: number } {
  const before = text.slice(0, offset);
  const ends = [...before.matchAll(/\r\n|\n|\r/g)];
  const last = ends.at(-1);
  return { line: ends.length, character: last ? offset - (last.index + last[0].length) : offset };
}
