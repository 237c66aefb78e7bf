// Details: the short list of facts that the lineage panel shows of a selected entity.
import type { EntityId } from '../catalog/entity.ts';
import type { Run } from '../catalog/run.ts';
import type { EntityDetails } from '../protocol/lineage.ts';
import { sourcesOf } from './columnFlows.ts';
import { commitOfContent, plainContentWords } from './contentWords.ts';
import type { FeatureContext } from './context.ts';
import { visible } from './markdown.ts';
import { committedRun, ranContent } from './runCommit.ts';
import { age, kindWords, number, status } from './words.ts';

const shownMetrics = 4;
const looksBack = 20;
const mostFlows = 40;

/** `members` are all ids that are drawn as one. Undefined when no tool knows any of them. */
export function details(
  context: FeatureContext,
  id: EntityId,
  members: readonly EntityId[],
): EntityDetails | undefined {
  const { catalog, now } = context;
  const entity = catalog.get(id) ?? members.flatMap((member) => catalog.get(member) ?? [])[0];
  if (!entity) return undefined;
  const facts = catalog.facts(entity.id);
  const runs = newest(context, members);
  const failed = runs.find((run) => run.status === 'failed');
  const commit = committedRun(catalog, members);
  const ran = commit ? undefined : ranContent(catalog, members);
  const match = ran && context.contentMatch(ran.content, ran.of);
  const metrics = runs.find((run) => run.metrics.length > 0)?.metrics.slice(0, shownMetrics) ?? [];
  const rows: readonly (readonly [string, string | undefined])[] = [
    ['Owner', context.owner(entity.id) ?? facts.owner],
    ['Last run', runs[0] && `${status(runs[0].status)}, ${age(timeOf(runs[0]), now)}`],
    [
      'Last good run',
      ageOf(
        runs.find((run) => run.status === 'success'),
        now,
      ),
    ],
    ['Commit', commit ? `${commit.commit.slice(0, 7)}, of run ${commit.name}` : match && plainContentWords(match)],
    ['Failure', failed?.message],
    ['Metrics', metrics.map(({ name, value }) => `${name} ${number(value)}`).join(', ') || undefined],
    ['Schedule', facts.schedule],
    ['Aliases', facts.modelAliases?.map(({ alias, version }) => `${alias} → ${version}`).join(', ')],
    ['Columns', facts.columns?.map(({ name }) => name).join(', ')],
    ['Rows', facts.rows === undefined ? undefined : number(facts.rows)],
    ['About', facts.description],
  ];
  const said = catalog.factsBySource(entity.id).toSorted((one, other) => other.asOf - one.asOf);
  return {
    id,
    title: visible(entity.name),
    kind: kindWords[entity.kind],
    rows: [
      ...rows.flatMap(([label, value]) => (value ? [{ label, value: visible(value) }] : [])),
      ...flowRows(context, members),
    ],
    age: said.map(({ source, asOf }) => `${visible(source)}, ${age(asOf, now)}`).join(' · '),
    lastFailedRun: failed?.id,
    ...((commit ?? commitOfContent(match)) && { hasCommit: true }),
  };
}

/** One line for each column that SQL makes; nothing while it is not worked out. */
function flowRows(context: FeatureContext, members: readonly EntityId[]): EntityDetails['rows'] {
  const tables = members.flatMap((member) => context.catalog.get(member) ?? []).filter(({ kind }) => kind === 'table');
  const flows = tables.length > 0 ? (context.columnsInto(tables) ?? []) : [];
  if (flows.length === 0) return [];
  const lines = flows.slice(0, mostFlows).map((flow) => visible(`${flow.to.column} ← ${sourcesOf(flow).join(', ')}`));
  if (flows.length > mostFlows) lines.push(`and ${flows.length - mostFlows} more`);
  return [{ label: 'By its SQL', value: lines.join('\n') }];
}

function newest({ catalog }: FeatureContext, members: readonly EntityId[]): readonly Run[] {
  return members
    .flatMap((member) => catalog.runs(member, { limit: looksBack }))
    .toSorted((one, other) => timeOf(other) - timeOf(one));
}

function timeOf(run: Run): number {
  return run.startedAt ?? run.scheduledFor ?? 0;
}

function ageOf(run: Run | undefined, now: number): string | undefined {
  return run && age(timeOf(run), now);
}
