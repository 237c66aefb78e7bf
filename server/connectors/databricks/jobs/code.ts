// Code: the notebook or file of the workspace that a task runs, hashed at once, so that git can say which commits hold it.
import type { SeenEntity } from '../../../catalog/change.ts';
import type { Content } from '../../../catalog/content.ts';
import { gitContent, mostContentBytes } from '../../contentHash.ts';
import { oneLine, record, text } from '../../json.ts';
import { KeptContents } from '../../keptContents.ts';
import { idsOf } from '../ids.ts';
import type { Poll } from '../poll.ts';
import type { Jobs } from './entities.ts';
import type { StoredJob, StoredTask } from './shapes.ts';

/** Of one job on screen. */
const mostTasks = 5;

export type KeptCode = KeptContents<{ readonly content: Content }>;

export function keptCode(): KeptCode {
  return new KeptContents();
}

type Asking = Pick<Poll, 'api' | 'host' | 'signal' | 'now' | 'memory'>;

/** Asks for the files of the first tasks; afterwards `withCode` has them. */
export async function lookAtCode({ tasks }: StoredJob, asking: Asking): Promise<void> {
  for (const task of tasks.filter((one) => exportOf(one)).slice(0, mostTasks)) {
    const asked = exportOf(task);
    if (!asked) continue;
    const looking = { ...asking, what: `the code of the task ${task.key}` };
    await asking.memory.code.of(asked.path, looking, () => exported(asked, asking));
  }
}

/** What is known of the code of jobs and tasks; a job of one task is as good as that. */
export function withCode(
  jobs: readonly StoredJob[],
  told: Jobs,
  { place, memory }: Pick<Poll, 'place' | 'memory'>,
): Jobs {
  const ids = idsOf(place);
  const contents = new Map<string, Content>();
  for (const { job, tasks } of jobs) {
    for (const task of tasks) {
      const asked = exportOf(task);
      const content = asked && memory.code.known(asked.path);
      if (!content) continue;
      contents.set(ids.task(job, task.key), content);
      if (tasks.length === 1) contents.set(ids.job(job), content);
    }
  }
  return contents.size === 0
    ? told
    : { ...told, entities: told.entities.map((one) => coded(one, contents.get(one.id))) };
}

function coded(entity: SeenEntity, content: Content | undefined): SeenEntity {
  return content ? { ...entity, facts: { ...entity.facts, content } } : entity;
}

interface Export {
  readonly path: string;
  readonly format: 'SOURCE' | 'AUTO';
}

/** Undefined for what lies elsewhere: in git (its runs say the commit), in volumes, in DBFS; and for what is no one file. */
function exportOf({ type, entryPoint }: StoredTask): Export | undefined {
  const isOurs = entryPoint?.startsWith('/') && !/^\/(Volumes|dbfs)\//.test(entryPoint);
  if (!isOurs || entryPoint === undefined || entryPoint.split('/').includes('..')) return undefined;
  if (type === 'notebook') return { path: entryPoint, format: 'SOURCE' };
  return type === 'spark_python' || type === 'sql' ? { path: entryPoint, format: 'AUTO' } : undefined;
}

/** `content` is base64, `file_type` the ending of its source (`ExportResponse` of databricks-sdk 0.156, 2026-11-24). */
async function exported(
  { path, format }: Export,
  { api, signal, now }: Asking,
): Promise<{ readonly content: Content } | undefined> {
  const query = [['path', path] as const, ['format', format] as const];
  const request = { path: '/api/2.0/workspace/export', query, maxBytes: 2 * mostContentBytes };
  const answer = record((await api.ask(request, signal)).json());
  const bytes = Buffer.from(text(answer.content) ?? '', 'base64');
  const ending = oneLine(answer.file_type, 10);
  const file = format === 'SOURCE' && ending && /^\w+$/.test(ending) ? `${path}.${ending}` : path;
  const content = gitContent(bytes, { file, at: now, ...(format === 'SOURCE' ? { isNotebook: true } : {}) });
  return content && { content };
}
