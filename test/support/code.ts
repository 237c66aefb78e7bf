// A workspace of a few files with a catalog behind it, for features that read both; `$0` in a file marks the cursor.
import { Contexts } from '../../server/context.ts';
import type { FeatureContext } from '../../server/features/context.ts';
import { ReferenceIndex, summarize } from '../../server/references/index.ts';
import { type ParsedDocument, parseDocument } from '../../server/syntax/document.ts';
import { languageIdOf } from '../../server/syntax/languages.ts';
import type { Position } from '../../server/syntax/text.ts';
import { fixtureCatalog, fixtureNow } from './catalog.ts';
import { churnWorld } from './churn.ts';

export interface CodeWorld {
  readonly context: FeatureContext;
  readonly index: ReferenceIndex;
  readonly document: ParsedDocument;
  readonly at: Position;
}

export const codeFolder = 'file:///acme/churn/';

/** The first file is the one asked about when no cursor stands anywhere. */
export function codeWorld(files: Readonly<Record<string, string>>, world: string = churnWorld): CodeWorld {
  const index = new ReferenceIndex();
  const documents = Object.entries(files).map(([name, marked]) => {
    const cursor = marked.indexOf('$0');
    const text = marked.replace('$0', '');
    const document = parseDocument({ uri: `${codeFolder}${name}`, languageId: languageIdOf(name), version: 1, text });
    index.upsert(summarize(document, index.rules));
    return { document, cursor };
  });
  const asked = documents.find(({ cursor }) => cursor >= 0) ?? documents[0];
  if (!asked) throw new Error('A workspace needs a file.');
  const store = fixtureCatalog(world);
  const contexts = new Contexts({
    index,
    now: () => fixtureNow,
    fileChange: () => ({}),
    ownerOf: () => undefined,
    plumblineYaml: () => ({ uri: `${codeFolder}plumbline.yaml`, text: files['plumbline.yaml'] }),
  });
  const { document, cursor } = asked;
  return {
    context: contexts.make(store.snapshot()),
    index,
    document,
    at: document.lines.positionAt(Math.max(0, cursor)),
  };
}
