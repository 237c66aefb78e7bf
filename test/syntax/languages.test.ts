// The language of a text: by the editor's word, else by the name of the file.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { languageOf } from '../../server/syntax/languages.ts';

test("the editor's word counts before the name of the file", () => {
  assert.equal(languageOf('python', 'untitled:Untitled-1'), 'python');
  assert.equal(languageOf('sql', 'file:///a/query.py'), 'sql');
});

test('where its word says nothing to us, the name of the file does', () => {
  assert.equal(languageOf('plaintext', 'file:///a/monitors/churn.tf'), 'terraform');
  assert.equal(languageOf('plaintext', 'file:///a/.env.prod'), 'env');
  assert.equal(languageOf('properties', 'file:///a/.env'), 'env');
  assert.equal(languageOf('azure-pipelines', 'file:///a/ci.yml'), 'yaml');
  assert.equal(languageOf('helm', 'file:///a/values.yaml'), 'yaml');
});

test('other texts lie silent, cells of text too', () => {
  assert.equal(languageOf('markdown', 'file:///a/README.md'), 'none');
  assert.equal(languageOf('plaintext', 'untitled:Untitled-1'), 'none');
  assert.equal(languageOf('markdown', 'vscode-notebook-cell:/a/explore.ipynb#W0sZmlsZQ'), 'none');
});
