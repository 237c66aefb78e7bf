// A feature's world in two strings: the catalog, and the references of the code; and the context made of both.
import type { Content, ContentMatch } from '../../server/catalog/content.ts';
import { type EntityKind, entityKinds } from '../../server/catalog/entity.ts';
import { nameKey } from '../../server/catalog/names.ts';
import { Contexts } from '../../server/context.ts';
import type { FeatureContext, FileChange } from '../../server/features/context.ts';
import type { Confidence, PlacedReference, Reference, Role } from '../../server/references/reference.ts';
import { allRules } from '../../server/references/rules/index.ts';
import type { Position } from '../../server/syntax/text.ts';
import { fixtureCatalog, fixtureNow } from './catalog.ts';

/*
 * One reference a line: where, what the code does, kind, name, the tool; then details. `$0` marks the cursor.
 *
 *   $0 churn/scoring.py:12 reads model churn mlflow alias=champion
 *   dags/train_churn.py:9 defines job train_churn airflow confidence=constant
 */
export interface Feature {
  readonly context: FeatureContext;
  /** The file and place of `$0`; the first reference when nothing is marked. */
  readonly document: { readonly uri: string; readonly version: number };
  readonly at: Position;
}

export interface FeatureOptions {
  readonly fileChange?: Omit<FileChange, 'commit'>;
  readonly contentMatch?: (content: Content, near: readonly string[]) => ContentMatch | undefined;
  /** By `plumbline.yaml` or CODEOWNERS. */
  readonly owner?: string;
  /** Of the file where it is defined, behind `owner`. */
  readonly codeowners?: string;
  /** Who wrote most of any file. */
  readonly author?: string;
}

const folder = 'file:///acme/churn/';

export function feature(world: string, code: string, options: FeatureOptions = {}): Feature {
  const lines = code
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const placed = lines.map(placedOf);
  const store = fixtureCatalog(world);
  const contexts = new Contexts({
    index: {
      revision: 1,
      constantAt: () => undefined,
      probe: () => [],
      literalOf: () => undefined,
      names: (kind, prefix) =>
        new Set(
          placed.flatMap(({ reference }) =>
            reference.kind === kind && reference.name.startsWith(prefix) ? [reference.name] : [],
          ),
        ),
      everything: () => placed,
      rules: allRules,
      references: (uri) => placed.filter((one) => one.uri === uri).map(({ reference }) => reference),
      named: (kind, name) =>
        placed.filter(
          ({ reference }) => reference.kind === kind && nameKey(kind, reference.name) === nameKey(kind, name),
        ),
    },
    now: () => fixtureNow,
    fileChange: () => options.fileChange ?? {},
    contentMatch: (content, near) => options.contentMatch?.(content, near),
    authorOf: () => options.author,
    ownerOf: (_, definedIn) => options.owner ?? (definedIn && options.codeowners),
  });
  const cursor =
    placed[
      Math.max(
        0,
        lines.findIndex((line) => line.startsWith('$0')),
      )
    ];
  if (!cursor) throw new Error('A feature fixture needs a reference.');
  return {
    context: contexts.make(store.snapshot()),
    document: { uri: cursor.uri, version: 1 },
    at: cursor.reference.range.start,
  };
}

function placedOf(line: string): PlacedReference {
  const [where = '', role, kind, name = '', tool = '', ...details] = words(line.replace(/^\$0 /, ''));
  const [file = '', row = '1'] = where.split(':');
  const known = entityKinds.find((candidate): candidate is EntityKind => candidate === kind);
  if (!known) throw new Error(`The feature fixture does not know the kind "${kind}".`);
  const start = { line: Number(row) - 1, character: 4 };
  const detail = Object.fromEntries(details.map((one) => one.split('=')));
  const { confidence, task, job, ...rest } = detail;
  const reference: Reference = {
    kind: known,
    name,
    role: role as Role,
    range: { start, end: { line: start.line, character: 4 + name.length } },
    text: name,
    tool,
    detail: rest,
    confidence: (confidence ?? 'literal') as Confidence,
    via: 'fixture',
    within: { task, job },
  };
  return { uri: `${folder}${file}`, reference };
}

function words(line: string): readonly string[] {
  return [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) =>
    quoted === undefined ? (plain ?? '') : JSON.parse(`"${quoted}"`),
  );
}
