// Cancelled: a sweep that is cancelled at any of its steps ends there, leaves nothing behind, and can be asked again.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CancellationToken } from 'vscode-languageserver/node';
import { documentDiagnosticSteps } from '../../server/answers.ts';
import { codeLensSteps } from '../../server/features/codeLens.ts';
import type { FeatureContext } from '../../server/features/context.ts';
import { findReferences } from '../../server/features/references.ts';
import { workspaceSymbols } from '../../server/features/structure/workspaceSymbols.ts';
import { Cancelled, sweep } from '../../server/handlers/guard.ts';
import { sweepFile } from '../../server/handlers/snapshots.ts';
import { summarize } from '../../server/references/index.ts';
import { Session } from '../../server/session.ts';
import { parseDocument } from '../../server/syntax/document.ts';
import { memoryLog } from '../support/log.ts';

/** Cancelled when it is looked at once more than this. */
function cancelledAt(look: number): CancellationToken & { readonly looks: number } {
  let looks = 0;
  return {
    get looks() {
      return looks;
    },
    get isCancellationRequested() {
      return ++looks > look;
    },
    onCancellationRequested: () => ({ dispose: () => {} }),
  };
}

/** So late that each slice has one step. */
function slow(): () => number {
  let time = 0;
  return () => {
    time += 100;
    return time;
  };
}

const lines = Array.from({ length: 300 }, (_, at) => `mlflow.set_experiment("e${at % 40}")\n`);
const text = `import mlflow\n${lines.join('')}mlflow.register_model("runs:/x/m", "churn")\nDAG("train")\n`;

test('every sweep, cancelled at each of its steps', async (context) => {
  const session = new Session({
    storeFolder: ':memory:',
    folders: [],
    trusted: false,
    log: memoryLog(),
    now: () => 0,
    onNotice: () => {},
  });
  context.after(() => session.close());
  const documents = ['a.py', 'b.py'].map((name) =>
    parseDocument({ uri: `file:///w/${name}`, languageId: 'python', version: 1, text }),
  );
  for (const one of documents) session.index.upsert(summarize(one, session.index.rules));
  const [document] = documents;
  assert.ok(document);
  const at = { line: 3, character: 25 };
  type Sweep = (token: CancellationToken) => Promise<unknown>;
  const long =
    (steps: (context: FeatureContext) => Generator<unknown, unknown>): Sweep =>
    (token) =>
      session.readLong((snapshot) => sweep(steps(snapshot), token, slow()));
  const sweeps: Readonly<Record<string, Sweep>> = {
    references: long((snapshot) => findReferences(snapshot, document, at)),
    symbols: long((snapshot) => workspaceSymbols(snapshot, '')),
    lenses: (token) => sweepFile(session, (snapshot) => codeLensSteps(snapshot, document), token, slow()),
    diagnostics: (token) =>
      sweepFile(session, (snapshot) => documentDiagnosticSteps(snapshot, document), token, slow()),
  };
  for (const [name, ask] of Object.entries(sweeps)) {
    const whole = cancelledAt(Number.POSITIVE_INFINITY);
    const answer = await ask(whole);
    assert.ok(whole.looks > 0, `${name} lets others through`);
    for (let look = 0; look < whole.looks; look++) {
      const token = cancelledAt(look);
      await assert.rejects(ask(token), Cancelled, `${name} at ${look}`);
      assert.equal(token.looks, look + 1, `${name} goes no further`);
    }
    assert.deepEqual(await ask(cancelledAt(Number.POSITIVE_INFINITY)), answer, name);
  }
  session.store.writer().register({ name: 'x', tool: 'mlflow', scope: 'mlflow://x', kinds: [] });
  assert.equal(session.store.snapshot().sources().length, 1, 'no read transaction was left open');
});

test('a sweep that is cancelled cleans up behind itself', async () => {
  let open = true;
  function* work() {
    try {
      for (;;) yield;
    } finally {
      open = false;
    }
  }
  await assert.rejects(sweep(work(), cancelledAt(3), slow()), Cancelled);
  assert.equal(open, false);
});
