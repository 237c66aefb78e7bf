// ContentFacts: which commits hold what runs, answered from memory at once and asked for in the background.
import type { ConnectorHost } from '../connector.ts';
import type { Content, ContentMatch, GitRepository } from '../repository.ts';
import type { RepositoryOf } from './repositories.ts';

/** Commits come and files are saved: answers older than this are asked again when somebody looks, in ms. */
const lifetime = 30_000;
const mostAnswers = 1000;
/** Of workspace folders. */
const mostRepositories = 10;

export interface ContentFactsOptions {
  /** Absolute paths of the workspace folders of now. */
  readonly folders: () => readonly string[];
  readonly repositoryOf: RepositoryOf;
  readonly host: ConnectorHost;
  /** An answer that was given, or that there was none, is not true any more. */
  readonly changed: () => void;
}

export interface FoundContent {
  readonly match: ContentMatch;
  readonly repository: GitRepository;
}

interface Answer {
  readonly at: number;
  readonly match?: ContentMatch;
}

export class ContentFacts {
  readonly #options: ContentFactsOptions;
  readonly #answers = new Map<string, Answer>();
  readonly #disposed = new AbortController();
  #last: Promise<void> = Promise.resolve();

  constructor(options: ContentFactsOptions) {
    this.#options = options;
  }

  /** Never waits; undefined while git has not answered, and where there is no repository to ask. */
  known(content: Content, near: readonly string[]): ContentMatch | undefined {
    const key = JSON.stringify([content.hash, content.file, near]);
    const answer = this.#answers.get(key);
    const { host } = this.#options;
    if (!answer || host.now() - answer.at > lifetime) {
      this.#keep(key, { at: host.now(), ...(answer?.match ? { match: answer.match } : {}) });
      // One after the other: a long history is work.
      this.#last = this.#last.then(() => this.#ask(key, content, near));
    }
    return answer?.match;
  }

  /** When all that was asked for until now is answered. Never rejects. */
  settled(): Promise<void> {
    return this.#last;
  }

  /**
   * Of the repositories of the workspace the first that holds it, those of `near` first. Undefined where there is none,
   * and in Restricted Mode. Never rejects but for `signal`.
   */
  async find(content: Content, near: readonly string[], signal?: AbortSignal): Promise<FoundContent | undefined> {
    let answer: FoundContent | undefined;
    for (const repository of await this.#repositories(near)) {
      const match = await repository.holding(content, near, signal);
      if (match.is !== 'nowhere' && match.is !== 'unknown') return { match, repository };
      // That one could not be asked counts for more than that another does not hold it.
      if (answer === undefined || match.is === 'unknown') answer = { match, repository };
    }
    return answer;
  }

  dispose(): void {
    this.#disposed.abort();
  }

  async #repositories(near: readonly string[]): Promise<readonly GitRepository[]> {
    const { folders, repositoryOf, host } = this.#options;
    const found = new Map<string, GitRepository>();
    for (const place of [...near, ...folders()].slice(0, mostRepositories + near.length)) {
      const repository = await repositoryOf(place).catch((error: unknown): undefined => {
        host.log.debug('git does not say which commits hold a content', { error: String(error) });
        return undefined;
      });
      if (repository) found.set(repository.root, repository);
    }
    return [...found.values()];
  }

  async #ask(key: string, content: Content, near: readonly string[]): Promise<void> {
    const { signal } = this.#disposed;
    if (signal.aborted) return;
    const before = this.#answers.get(key)?.match;
    const match = (await this.find(content, near, signal).catch((): undefined => undefined))?.match;
    if (signal.aborted) return;
    this.#keep(key, { at: this.#options.host.now(), ...(match ? { match } : {}) });
    if (JSON.stringify(before) !== JSON.stringify(match)) this.#options.changed();
  }

  #keep(key: string, answer: Answer): void {
    this.#answers.delete(key);
    this.#answers.set(key, answer);
    const oldest = this.#answers.size > mostAnswers ? this.#answers.keys().next().value : undefined;
    if (oldest !== undefined) this.#answers.delete(oldest);
  }
}
