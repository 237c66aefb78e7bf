// Constants: hovering the constant is like hovering where it is used; other texts stay silent.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ReferenceIndex, summarize } from '../../../server/references/index.ts';
import { allRules } from '../../../server/references/rules/index.ts';
import { parseDocument } from '../../../server/syntax/document.ts';
import { languageIdOf } from '../../../server/syntax/languages.ts';

type Files = Readonly<Record<string, string>>;

function indexOf(files: Files): ReferenceIndex {
  const index = new ReferenceIndex();
  for (const [file, text] of Object.entries(files)) {
    const document = parseDocument({ uri: uriOf(file), languageId: languageIdOf(file), version: 1, text });
    index.upsert(summarize(document, allRules));
  }
  index.settle(Number.POSITIVE_INFINITY);
  return index;
}

function uriOf(file: string): string {
  return `file:///acme/${file}`;
}

/** Asks at `^` of the marked file: `kind name "what its range holds"`. */
function asked(marked: string, others: Files = {}): string | undefined {
  const offset = marked.indexOf('^');
  const text = marked.replace('^', '');
  const before = text.slice(0, offset).split('\n');
  const index = indexOf({ ...others, 'settings.py': text });
  const at = { line: before.length - 1, character: before.at(-1)?.length ?? 0 };
  const found = index.constantAt(uriOf('settings.py'), at);
  if (!found) return undefined;
  assert.equal(found.role, 'mentions');
  assert.ok(index.references(uriOf('settings.py')).every(({ range }) => range !== found.range));
  const line = text.split('\n')[found.range.start.line] ?? '';
  return `${found.kind} ${found.name} "${line.slice(found.range.start.character, found.range.end.character)}"`;
}

const inSameFile = 'import mlflow\nmodel = mlflow.pyfunc.load_model(f"models:/{MODEL_NAME}@champion")\n';

test('the name, both quotes and every character between them', () => {
  assert.equal(asked(`^MODEL_NAME = "churn"\n${inSameFile}`), 'model churn "MODEL_NAME"');
  assert.equal(asked(`MODEL_NAME^ = "churn"\n${inSameFile}`), 'model churn "MODEL_NAME"');
  assert.equal(asked(`MODEL_NAME = ^"churn"\n${inSameFile}`), 'model churn "churn"');
  assert.equal(asked(`MODEL_NAME = "ch^urn"\n${inSameFile}`), 'model churn "churn"');
  assert.equal(asked(`MODEL_NAME = "churn"^\n${inSameFile}`), 'model churn "churn"');
  assert.equal(asked(`MODEL_NAME: str = "ch^urn"\n${inSameFile}`), 'model churn "churn"');
  assert.equal(asked(`MODEL_NAME ^= "churn"\n${inSameFile}`), undefined);
});

test('what reads it in another file, under another name too', () => {
  const code = 'import mlflow\nfrom settings import NAME as chosen\nmlflow.set_experiment(chosen)\n';
  assert.equal(asked('N^AME = "churn"\n', { 'train.py': code }), 'experiment churn "NAME"');
  const whole = 'import mlflow\nimport settings\nmlflow.set_experiment(settings.NAME)\n';
  assert.equal(asked('N^AME = "churn"\n', { 'train.py': whole }), 'experiment churn "NAME"');
});

test('a constant made of others has its own value', () => {
  const code = 'import mlflow\nfrom settings import EXPERIMENT\nmlflow.set_experiment(EXPERIMENT)\n';
  const settings = 'TEAM = "acme"\nEXP^ERIMENT = f"{TEAM}-churn"\n';
  assert.equal(asked(settings, { 'train.py': code }), 'experiment acme-churn "EXPERIMENT"');
  const part = 'TE^AM = "acme"\nEXPERIMENT = f"{TEAM}-churn"\n';
  assert.equal(asked(part, { 'train.py': code }), undefined, 'a part of a name is not the name');
});

test('a choice of constants under a condition', () => {
  const settings =
    'import os\nif os.environ.get("PROD"):\n    MODEL_NAME = "churn"\nelse:\n    MODEL_NAME = "ch^urn-dev"\n';
  const code = 'import mlflow\nfrom settings import MODEL_NAME\nmlflow.register_model("runs:/x/model", MODEL_NAME)\n';
  assert.equal(asked(settings, { 'train.py': code }), 'model churn-dev "churn-dev"');
});

test('silent: nothing computed from it, a number, a name inside of a function, a file that is not known', () => {
  const literal = 'import mlflow\nmlflow.pyfunc.load_model("models:/churn@champion")\n';
  assert.equal(asked('LABEL = "ch^urn"\n', { 'train.py': literal }), undefined);
  assert.equal(asked('LIM^IT = 3\n'), undefined);
  assert.equal(asked(`def load():\n    NAME = "ch^urn"\n    return NAME\n${inSameFile}`), undefined);
  assert.equal(indexOf({}).constantAt(uriOf('settings.py'), { line: 0, character: 0 }), undefined);
});

test('the kind that the constant itself stands for, where its reader names several things alike', () => {
  const code =
    'import mlflow\nfrom settings import MODEL_NAME\ndef train():\n    mlflow.set_experiment("churn")\n    mlflow.register_model("runs:/x/model", MODEL_NAME)\n';
  assert.equal(asked('MODEL_^NAME = "churn"\n', { 'train.py': code }), 'model churn "MODEL_NAME"');
});
