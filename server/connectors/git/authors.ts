// Authors: who wrote most of a file, for who to ask where nobody is named as its owner; from memory, asked in the background.
import type { ConnectorHost } from '../connector.ts';
import type { LineAuthor } from '../repository.ts';
import type { RepositoryOf } from './repositories.ts';

/** Who wrote a file does not change while somebody looks at it, in ms. */
const lifetime = 10 * 60_000;
const mostAnswers = 500;

interface Answer {
  readonly at: number;
  readonly words?: string;
}

export class Authors {
  readonly #repositoryOf: RepositoryOf;
  readonly #host: ConnectorHost;
  readonly #answers = new Map<string, Answer>();
  #last: Promise<void> = Promise.resolve();

  constructor(repositoryOf: RepositoryOf, host: ConnectorHost) {
    this.#repositoryOf = repositoryOf;
    this.#host = host;
  }

  /** `ana, who wrote 12 of its 20 lines`, of an absolute path; undefined while git has not answered, and where it knows nobody. */
  of(file: string): string | undefined {
    const known = this.#answers.get(file);
    if (!known || this.#host.now() - known.at > lifetime) {
      this.#keep(file, known?.words);
      // One after the other: reading who wrote a long file is work.
      this.#last = this.#last.then(() => this.#ask(file));
    }
    return known?.words;
  }

  /** When all that was asked for until now is answered. Never rejects. */
  settled(): Promise<void> {
    return this.#last;
  }

  async #ask(file: string): Promise<void> {
    try {
      const repository = await this.#repositoryOf(file);
      this.#keep(file, repository && authorWords(await repository.authors(file)));
    } catch (error) {
      this.#host.log.debug('git does not say who wrote a file', { error: String(error) });
    }
  }

  #keep(file: string, words: string | undefined): void {
    this.#answers.delete(file);
    this.#answers.set(file, { at: this.#host.now(), ...(words === undefined ? {} : { words }) });
    const oldest = this.#answers.size > mostAnswers ? this.#answers.keys().next().value : undefined;
    if (oldest !== undefined) this.#answers.delete(oldest);
  }
}

/** Undefined when nobody is known. */
export function authorWords(authors: readonly LineAuthor[]): string | undefined {
  const [first] = authors;
  const all = authors.reduce((sum, { lines }) => sum + lines, 0);
  return first && `${first.author}, who wrote ${first.lines} of its ${all} ${all === 1 ? 'line' : 'lines'}`;
}
