// Completion in real VS Code, beside another extension's: each says its own once, and ours is silent outside our names.
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { hostTest, until } from '../support/host.ts';

const text = `import mlflow

mlflow.pyfunc.load_model("models:/ch@champion")
print("ch")
`;

async function labels(uri: vscode.Uri, line: number, character: number): Promise<readonly string[]> {
  const { items } = await vscode.commands.executeCommand<vscode.CompletionList>(
    'vscode.executeCompletionItemProvider',
    uri,
    new vscode.Position(line, character),
  );
  return items.map(({ label }) => (typeof label === 'string' ? label : label.label));
}

hostTest('another completion provider keeps its words, and ours are there once', async () => {
  const document = await vscode.workspace.openTextDocument({ language: 'python', content: text });
  const other = vscode.languages.registerCompletionItemProvider('python', {
    provideCompletionItems: () => [new vscode.CompletionItem('charming')],
  });
  try {
    const all = await until('churn is offered', async () => {
      const found = await labels(document.uri, 2, 36);
      return found.includes('churn') ? found : undefined;
    });
    assert.deepEqual(all.toSorted(), ['charming', 'churn']);
    assert.deepEqual(await labels(document.uri, 3, 9), ['charming'], 'where no name of a tool stands');
  } finally {
    other.dispose();
  }
});
