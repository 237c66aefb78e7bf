// Sources: the text of a DAG's file as Airflow keeps it, hashed at once, so that git can say which commits hold it.
import type { Content } from '../../../catalog/content.ts';
import type { LiveHost } from '../../connector.ts';
import { gitContent, mostContentBytes } from '../../contentHash.ts';
import { HttpError } from '../../httpError.ts';
import { number, record, text } from '../../json.ts';
import { type Api, segment } from './api.ts';
import type { RestDag } from './shapes.ts';

/** What is on screen is asked for again after this, in ms. */
const lifetime = 5 * 60_000;
const mostKept = 1000;

export interface DagSource {
  /** Of the DAG; absent in Airflow 2, which keeps the newest text alone. */
  readonly version?: number;
  readonly content: Content;
}

interface Kept {
  readonly at: number;
  readonly source: DagSource | undefined;
}

/**
 * Lasts as long as the connection. Airflow reads the file as text, so that its line ends are those of Unix (3.3.2 and
 * 2.10.5, `DagCode.get_code_from_file`), and puts a new text into the newest version while the DAG keeps its shape.
 */
export class DagSources {
  readonly #kept = new Map<string, Kept>();
  /** Epoch ms: until then nothing is asked, because it is not allowed. */
  #closedUntil = 0;

  /** What was given last; for those who tell of a DAG without asking. */
  known(dag: string): Content | undefined {
    return this.#kept.get(keyOf(dag, undefined))?.source?.content;
  }

  /** `version`: absent for the newest. Undefined where it is not handed out, with a word in the log. */
  async of(
    { dag, file, token }: Pick<RestDag, 'dag' | 'file' | 'token'>,
    version: number | undefined,
    { api, host }: { readonly api: Api; readonly host: LiveHost },
    signal: AbortSignal,
  ): Promise<DagSource | undefined> {
    const { generation } = await api.server(signal);
    if (file === undefined || (generation === 'v1' && (token === undefined || version !== undefined))) return undefined;
    const now = host.now();
    const known = this.#kept.get(keyOf(dag, version));
    if ((known && now - known.at < lifetime) || now < this.#closedUntil) return known?.source;
    const path = `/dagSources/${segment(generation === 'v2' ? dag : (token ?? ''))}`;
    const query = version === undefined ? [] : [['version_number', String(version)] as const];
    let source: DagSource | undefined;
    try {
      const answer = record((await api.ask({ path, query, maxBytes: 2 * mostContentBytes }, signal)).json());
      source = sourceOf(answer, file, now);
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof HttpError) || !/^(missing|forbidden|refused|tooBig|broken)$/.test(error.kind)) throw error;
      if (error.kind === 'forbidden') this.#closedUntil = now + lifetime;
      host.log.debug('Airflow does not hand out the source of a DAG', { dag, reason: error.message });
    }
    this.#keep(keyOf(dag, version), { at: now, source });
    return source;
  }

  #keep(key: string, kept: Kept): void {
    this.#kept.delete(key);
    this.#kept.set(key, kept);
    const oldest = this.#kept.size > mostKept ? this.#kept.keys().next().value : undefined;
    if (oldest !== undefined) this.#kept.delete(oldest);
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
