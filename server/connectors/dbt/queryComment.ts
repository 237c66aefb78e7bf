// QueryComment: the node, target and invocation that dbt's query comment or a query tag names in a query of a warehouse; pure.
import { type EntityId, entityId } from '../../catalog/entity.ts';
import type { KnownInstances } from '../../catalog/mine.ts';
import { type JsonRecord, oneLine, record } from '../json.ts';
import type { OriginOfQuery, QueryOrigin } from '../queryOrigin.ts';

/** A comment is shorter than this, wherever it stands. */
const longest = 16_384;
const mostComments = 8;
/** Longest of the fields we read. */
const longestField = 300;
const fields = [
  ...(['app', 'node_id', 'target_name', 'project_name', 'invocation_id'] as const),
  ...(['dbt_cloud_run_id', 'dbt_version', 'profile_name'] as const),
];
const tableTypes = ['model', 'seed', 'snapshot'];
const testTypes = ['test', 'unit_test'];

/**
 * dbt writes `/* {"app": "dbt", "dbt_version", "profile_name", "target_name", "node_id"} *\/` before the query, on Snowflake
 * after it, since Snowflake drops leading comments (docs.getdbt.com/reference/project-configs/query-comment, 2026-11;
 * a real build on DuckDB in test/real/dbt.test.ts). Packages that set QUERY_TAG write the same keys, often with
 * `invocation_id` and `project_name`; Snowflake cuts a tag at 2,000 characters, so half an object is read too.
 */
export const dbtQueryOrigin: OriginOfQuery = ({ text, tag }, instances) => {
  const marks: (readonly [where: string, written: string])[] = tag === undefined ? [] : [['query tag', tag]];
  for (const comment of commentsOf(text ?? '')) marks.push(['query comment', comment]);
  const found = marks.flatMap(([where, written]) => {
    const mark = markOf(written);
    return mark === undefined ? [] : [{ where, mark }];
  });
  const [first] = found;
  if (first === undefined) return undefined;
  // The comment has the node, the tag the invocation: together they are the run. The first one that says it counts.
  const whole = Object.assign({}, ...found.map(({ mark }) => mark).reverse()) as JsonRecord;
  return originOf(whole, (found.find(({ mark }) => mark.node_id !== undefined) ?? first).where, instances);
};

function originOf(mark: JsonRecord, where: string, instances: KnownInstances): QueryOrigin {
  const say = (key: (typeof fields)[number]): string | undefined => oneLine(mark[key], longestField);
  const [node, target, project, invocation] = [
    say('node_id'),
    say('target_name'),
    say('project_name'),
    say('invocation_id')?.toLowerCase(),
  ];
  const [type = ''] = node?.split('.') ?? [];
  const kind = tableTypes.includes(type) ? 'table' : testTypes.includes(type) ? 'task' : undefined;
  const projects = project === undefined ? instances.dbt.filter((one) => !/^\d+$/.test(one)) : [project];
  const segments = [invocation, node].filter((one) => one !== undefined);
  return {
    tool: 'dbt',
    ...(node === undefined ? {} : { node }),
    ...(kind === undefined ? {} : { kind }),
    ...(project === undefined ? {} : { project }),
    ...(invocation === undefined ? {} : { invocation }),
    ...(target === undefined ? {} : { target }),
    runs: [
      ...(invocation === undefined ? [] : projects.map((one) => entityId('run', 'dbt', one, ...segments))),
      ...cloudRuns(say('dbt_cloud_run_id'), instances),
    ],
    evidence: `dbt ${where}: ${node ?? 'no node'}${target === undefined ? '' : `, target ${target}`}`,
  };
}

/** Accounts of dbt Cloud are called by their numbers. */
function cloudRuns(run: string | undefined, { dbt }: KnownInstances): readonly EntityId[] {
  if (run === undefined || !/^[1-9]\d{0,18}$/.test(run)) return [];
  return dbt.filter((one) => /^\d{1,19}$/.test(one)).map((account) => entityId('run', 'dbt', account, run));
}

/** The fields we know; undefined when it is not dbt that wrote this. */
function markOf(written: string): JsonRecord | undefined {
  const text = written.trim();
  if (!text.startsWith('{')) return undefined;
  const said = objectOf(text);
  const known = Object.fromEntries(
    fields.flatMap((key) => {
      const value = said[key];
      return typeof value === 'string' && value !== '' && value.length <= longestField ? [[key, value]] : [];
    }),
  );
  const isNode = /^[a-z_]{1,40}\.[^.\s]{1,200}\../.test(String(known.node_id ?? ''));
  if (!isNode) delete known.node_id;
  // A package's tag may lack `app`; nobody else calls a field of its own so.
  return known.app === 'dbt' || (known.app === undefined && isNode && known.dbt_version !== undefined)
    ? known
    : undefined;
}

/** A tag that was cut in the middle still says what stands before the cut. */
function objectOf(text: string): JsonRecord {
  try {
    return record(JSON.parse(text));
  } catch {
    const pairs = fields.flatMap((key) => {
      const at = text.indexOf(`"${key}"`);
      const value = at < 0 ? undefined : /^\s{0,9}:\s{0,9}"([^"\\]{0,300})"/.exec(text.slice(at + key.length + 2))?.[1];
      return value === undefined ? [] : [[key, value] as const];
    });
    return Object.fromEntries(pairs);
  }
}

/** The comments before the first word of a query and behind its last one, the last one first: what is inside is the user's. */
function commentsOf(query: string): readonly string[] {
  return [...trailing(query.slice(-longest)), ...leading(query.slice(0, longest))];
}

function leading(start: string): readonly string[] {
  const found: string[] = [];
  let rest = start.trimStart();
  while (found.length < mostComments) {
    const isBlock = rest.startsWith('/*');
    if (!isBlock && !rest.startsWith('--')) break;
    const end = rest.indexOf(isBlock ? '*/' : '\n');
    found.push(rest.slice(2, end < 0 ? undefined : end));
    if (end < 0) break;
    rest = rest.slice(end + (isBlock ? 2 : 1)).trimStart();
  }
  return found;
}

function trailing(end: string): readonly string[] {
  const found: string[] = [];
  let rest = withoutEnd(end);
  while (found.length < mostComments) {
    const line = rest.slice(rest.lastIndexOf('\n') + 1).trimStart();
    const at = rest.endsWith('*/') ? rest.lastIndexOf('/*') : line.startsWith('--') ? rest.length - line.length : -1;
    if (at < 0) break;
    found.push(rest.slice(at + 2, rest.endsWith('*/') ? -2 : undefined));
    rest = withoutEnd(rest.slice(0, at));
  }
  return found;
}

function withoutEnd(text: string): string {
  let end = text.length;
  while (end > 0 && /[\s;]/.test(text[end - 1] ?? '')) end -= 1;
  return text.slice(0, end);
}
