// Column memory: where the columns of tables come from, answered from memory at once and worked out in the background.
import { createHash } from 'node:crypto';
import type { ColumnEdge } from './columnEdges.ts';

/** A text of SQL that fills a table. */
export interface ColumnSource {
  /** The SQL itself, as a tool handed it out; absent: that of the file. */
  readonly text?: string;
  /** Absolute path. */
  readonly file?: string;
  /** What a query fills that does not say so itself. */
  readonly table?: string;
}

export interface ColumnMemoryParts {
  readonly edges: (text: string, options: { readonly table?: string }) => Promise<readonly ColumnEdge[]>;
  /** Rejects when it cannot be read. */
  readonly read: (file: string) => Promise<string>;
  readonly now: () => number;
}

/** A file may have been written since: it is looked at again after this, in ms. */
const lifetime = 10_000;
const mostRemembered = 500;
/** Longer texts are data, not queries. */
const longest = 200_000;

interface Known {
  readonly at: number;
  readonly edges: readonly ColumnEdge[];
}

export class ColumnMemory {
  readonly #parts: ColumnMemoryParts;
  readonly #known = new Map<string, Known>();
  readonly #asking = new Map<string, Promise<readonly ColumnEdge[]>>();

  constructor(parts: ColumnMemoryParts) {
    this.#parts = parts;
  }

  /** Never waits. Undefined: it is being worked out. */
  known(source: ColumnSource): readonly ColumnEdge[] | undefined {
    const key = keyOf(source);
    const known = this.#known.get(key);
    if (!known || this.#isOld(source, known)) void this.ask(source);
    return known?.edges;
  }

  /** Never rejects: what cannot be read says nothing. */
  ask(source: ColumnSource): Promise<readonly ColumnEdge[]> {
    const key = keyOf(source);
    const known = this.#known.get(key);
    if (known && !this.#isOld(source, known)) return Promise.resolve(known.edges);
    const running = this.#asking.get(key);
    if (running) return running;
    const asked = this.#work(source)
      .catch((): readonly ColumnEdge[] => [])
      .then((edges) => {
        this.#asking.delete(key);
        this.#keep(key, edges);
        return edges;
      });
    this.#asking.set(key, asked);
    return asked;
  }

  async #work({ text, file, table }: ColumnSource): Promise<readonly ColumnEdge[]> {
    const sql = text ?? (file === undefined ? '' : await this.#parts.read(file));
    if (sql.length > longest) return [];
    return this.#parts.edges(sql, table === undefined ? {} : { table });
  }

  #isOld({ text }: ColumnSource, { at }: Known): boolean {
    return text === undefined && this.#parts.now() - at > lifetime;
  }

  #keep(key: string, edges: readonly ColumnEdge[]): void {
    this.#known.delete(key);
    this.#known.set(key, { at: this.#parts.now(), edges });
    const [oldest] = this.#known.keys();
    if (oldest !== undefined && this.#known.size > mostRemembered) this.#known.delete(oldest);
  }
}

function keyOf({ text, file, table = '' }: ColumnSource): string {
  return text === undefined
    ? `${table}\nfile ${file}`
    : `${table}\n${createHash('sha256').update(text.slice(0, longest)).digest('base64')}`;
}
