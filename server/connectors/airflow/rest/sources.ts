// Sources: the text of a DAG's file as Airflow keeps it, hashed at once, so that git can say which commits hold it.
import type { Content } from '../../../catalog/content.ts';
import type { LiveHost } from '../../connector.ts';
import { gitContent, mostContentBytes } from '../../contentHash.ts';
import { number, record, text } from '../../json.ts';
import { KeptContents } from '../../keptContents.ts';
import { type Api, segment } from './api.ts';
import type { RestDag } from './shapes.ts';

type AskedDag = Pick<RestDag, 'dag' | 'file' | 'token'>;

interface Asking {
  readonly api: Api;
  readonly host: LiveHost;
}

export interface DagSource {
  /** Of the DAG; absent in Airflow 2, which keeps the newest text alone. */
  readonly version?: number;
  readonly content: Content;
}

/**
 * Lasts as long as the connection. Airflow reads the file as text, so that its line ends are those of Unix (3.3.2 and
 * 2.10.5, `DagCode.get_code_from_file`), and puts a new text into the newest version while the DAG keeps its shape.
 */
export class DagSources {
  readonly #kept = new KeptContents<DagSource>();

  /** What was given last; for those who tell of a DAG without asking. */
  known(dag: string): Content | undefined {
    return this.#kept.known(keyOf(dag, undefined));
  }

  /** `version`: absent for the newest. Undefined where it is not handed out, with a word in the log. */
  async of(
    dag: AskedDag,
    version: number | undefined,
    asking: Asking,
    signal: AbortSignal,
  ): Promise<DagSource | undefined> {
    const { api, host } = asking;
    const { generation } = await api.server(signal);
    const { file, token } = dag;
    const isAsked = file !== undefined && (generation === 'v2' || (token !== undefined && version === undefined));
    if (!isAsked) return undefined;
    const path = `/dagSources/${segment(generation === 'v2' ? dag.dag : (token ?? ''))}`;
    const query = version === undefined ? [] : [['version_number', String(version)] as const];
    const looking = { host, signal, what: `the source of the DAG ${dag.dag}` };
    return this.#kept.of(keyOf(dag.dag, version), looking, async () => {
      const answer = await api.ask({ path, query, maxBytes: 2 * mostContentBytes }, signal);
      return sourceOf(record(answer.json()), file, host.now());
    });
  }
}

function sourceOf(answer: Readonly<Record<string, unknown>>, file: string, at: number): DagSource | undefined {
  const written = text(answer.content);
  // Said in its place where the file holds DAGs that this user may not read (3.3.2).
  if (written === undefined || written.startsWith('REDACTED - ')) return undefined;
  const version = number(answer.version_number);
  const name = version === undefined ? undefined : `DAG version ${version}`;
  const content = gitContent(written, { file, version: name, at });
  return content && (version === undefined ? { content } : { version, content });
}

function keyOf(dag: string, version: number | undefined): string {
  return version === undefined ? dag : `${dag}\n${version}`;
}
