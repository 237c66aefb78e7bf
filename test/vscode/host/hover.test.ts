// A hover in real VS Code: it shows the model's runs, and stands beside another extension's.
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { hovers, open, place } from '../support/editor.ts';
import { hostTest, until } from '../support/host.ts';

const model = 'f"models:/{MODEL_$0NAME}@champion"';

hostTest('the hover of a model shows versions, runs and their metrics, with source and age', async () => {
  const { document } = await open('churn/settings.py');
  const text = await until('the hover speaks of the champion', async () => {
    const all = (await hovers(document, place(document, model))).join('\n');
    return all.includes('champion') ? all : undefined;
  });
  assert.match(text, /\bauc\b/i);
  assert.match(text, /train-20\d\d-\d\d-\d\d/);
  assert.match(text, /mlflow/i);
  assert.match(text, /\bago\b|just now/);
});

hostTest('another hover provider keeps its place, and ours is there once', async () => {
  const { document } = await open('churn/settings.py');
  const other = vscode.languages.registerHoverProvider('python', {
    provideHover: () => new vscode.Hover('what another extension says'),
  });
  try {
    const all = await hovers(document, place(document, model));
    assert.equal(all.filter((text) => text === 'what another extension says').length, 1);
    assert.equal(all.filter((text) => text.includes('champion')).length, 1);
  } finally {
    other.dispose();
  }
});

hostTest('where no name of a tool stands, nothing is added', async () => {
  const { document } = await open('churn/settings.py');
  assert.deepEqual(await hovers(document, place(document, 'from datetime imp$0ort timedelta')), []);
});
