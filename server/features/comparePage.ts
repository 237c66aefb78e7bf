// Compare page: a run beside the run before it, with what changed between them.
import type { EntityId } from '../catalog/entity.ts';
import type { Run } from '../catalog/run.ts';
import type { PageResult } from '../protocol/lsp.ts';
import { contentName } from './contentWords.ts';
import type { FeatureContext } from './context.ts';
import { runBefore } from './hovers/hoverRun.ts';
import { took, when } from './hovers/runTable.ts';
import { saidBy } from './hovers/subject.ts';
import { code, table, visible } from './markdown.ts';
import { changed, number, status } from './words.ts';

type Pair = readonly [before: string, after: string];

export function comparePage(context: FeatureContext, id: EntityId): PageResult {
  const run = context.catalog.run(id);
  if (!run) return { title: 'Not known', text: `# ${code(id)}\n\nNo tool says anything of this run.\n` };
  const before = runBefore(context, run);
  const title = `Compare ${visible(run.name)}`;
  if (!before) {
    return {
      title,
      text: `# ${code(run.name)}\n\nNo run before it is recorded, so there is nothing to compare it with.\n`,
    };
  }
  const head = ['', `before: ${code(before.name)}`, `after: ${code(run.name)}`];
  const parts = [
    `# ${code(run.name)} and the run before it`,
    table(head, rowsOf(outline(context, before), outline(context, run))),
    section('Metrics', ['metric', 'before', 'after'], metricRows(before, run), 'Neither run has metrics.'),
    section(
      'Parameters',
      ['parameter', 'before', 'after'],
      rowsOf(params(before), params(run)),
      'Neither run has parameters.',
    ),
    section(
      'Data it read',
      ['data', 'before', 'after'],
      rowsOf(data(before.inputs), data(run.inputs)),
      'Neither run says what it read.',
    ),
    section(
      'Data it wrote',
      ['data', 'before', 'after'],
      rowsOf(data(before.outputs), data(run.outputs)),
      'Neither run says what it wrote.',
    ),
    'What differs is in **bold**.',
    saidBy(context, [], [run, before]),
  ];
  return { title, text: `${parts.join('\n\n')}\n` };
}

function section(
  title: string,
  head: readonly string[],
  rows: readonly (readonly string[])[],
  nothing: string,
): string {
  return `## ${title}\n\n${rows.length > 0 ? table(head, rows) : nothing}`;
}

function outline({ now }: FeatureContext, run: Run): ReadonlyMap<string, string> {
  return new Map([
    ['status', status(run.status)],
    ['when', when(run, now)],
    ['took', took(run) ?? ''],
    ['user', run.user ? code(run.user) : ''],
    ['commit', run.commit ? code(run.commit.slice(0, 12)) : ''],
    ['content', run.content ? contentName(run.content) : ''],
    ['where', run.where ? code(run.where) : ''],
    ['ran', run.entryPoint ? code(run.entryPoint) : ''],
    ['says', run.message ? code(run.message) : ''],
  ]);
}

const params = (run: Run) => new Map(run.params.map(({ name, value }) => [code(name), code(value)]));

function data(uses: Run['inputs']): ReadonlyMap<string, string> {
  return new Map(
    uses.map(({ name, digest, rows }) => [
      code(name),
      [digest && `digest ${code(digest)}`, rows === undefined ? undefined : `${number(rows)} rows`]
        .filter(Boolean)
        .join(', ') || 'yes',
    ]),
  );
}

/** A row for each name of either side; when the sides differ, the later one is bold. */
function rowsOf(
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): readonly (readonly string[])[] {
  return [...new Set([...before.keys(), ...after.keys()])]
    .map((name) => [name, [before.get(name) ?? '', after.get(name) ?? '']] as readonly [string, Pair])
    .filter(([, [one, other]]) => one !== '' || other !== '')
    .map(([name, [one, other]]) => [name, one, one === other ? other : `**${other === '' ? 'none' : other}**`]);
}

function metricRows(before: Run, after: Run): readonly (readonly string[])[] {
  const old = new Map(before.metrics.map(({ name, value }) => [name, value]));
  const now = new Map(after.metrics.map(({ name, value }) => [name, value]));
  return [...new Set([...old.keys(), ...now.keys()])].sort().map((name) => {
    const one = old.get(name);
    const other = now.get(name);
    const value = other === undefined ? 'none' : changed(other, one);
    return [code(name), one === undefined ? '' : number(one), one === other ? value : `**${value}**`];
  });
}
