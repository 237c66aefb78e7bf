// GitFacts: what git says of files and commits, answered from memory at once and asked for in the background.
import type { ConnectorHost } from '../connector.ts';
import type { Commit, CommitRelation, GitRepository } from '../repository.ts';
import { type RepositoryOf, repositories } from './repositories.ts';

/** As hovers show it; see `FileChange` of the features. */
export interface FileChangeFact {
  readonly commit: string;
  /** Undefined while git has not answered, or when it does not know the commit. */
  readonly changed?: boolean;
  /** `5be1f0a rename churned (ana, 2026-11-20)`, or that the commit is not in this repository. */
  readonly summary?: string;
  readonly relation?: CommitRelation;
  /** Lines of this file since that commit; absent when it is not known whether it changed. */
  readonly lines?: { readonly added: number; readonly removed: number };
}

export interface GitFactsOptions {
  /** Absolute paths of the workspace folders. */
  readonly folders: readonly string[];
  readonly host: ConnectorHost;
}

/** Answers older than this are asked again when somebody looks, in ms. */
const lifetime = 30_000;
const mostAnswers = 2000;
const asksAtOnce = 2;

interface Answer {
  readonly at: number;
  readonly fact: FileChangeFact;
}

export class GitFacts {
  readonly #host: ConnectorHost;
  #repositoryOf: RepositoryOf;
  readonly #listeners: (() => void)[] = [];
  readonly #answers = new Map<string, Answer>();
  readonly #asking = new Set<string>();
  readonly #waiting: (() => Promise<void>)[] = [];
  #running = 0;
  #disposed = false;
  #complained = false;

  constructor({ folders, host }: GitFactsOptions) {
    this.#host = host;
    this.#repositoryOf = repositories(folders, host);
  }

  /** From now on these are the workspace folders. */
  open(folders: readonly string[]): void {
    this.#repositoryOf = repositories(folders, this.#host);
    for (const [key, { fact }] of this.#answers) this.#answers.set(key, { at: Number.NEGATIVE_INFINITY, fact });
  }

  /** Called when an answer that was given is not true any more, and when git has answered for the first time. */
  onChanged(listener: () => void): void {
    this.#listeners.push(listener);
  }

  /** The repository a file is in, for questions that may wait; undefined in Restricted Mode and outside of any. */
  repositoryOf(file: string): Promise<GitRepository | undefined> {
    return this.#repositoryOf(file);
  }

  /** Whether the saved file differs from its commit. Never waits: a listener is told when there is more to say. */
  fileChange(path: string, commit: string): FileChangeFact {
    const key = `${path}\0${commit}`;
    const known = this.#answers.get(key);
    if (!known || this.#host.now() - known.at > lifetime) this.#ask(key, () => this.#look(path, commit));
    return known?.fact ?? { commit };
  }

  /** The file was written: what is known of it is asked again at the next look. */
  forget(path: string): void {
    for (const [key, { fact }] of this.#answers) {
      if (key.startsWith(`${path}\0`)) this.#answers.set(key, { at: Number.NEGATIVE_INFINITY, fact });
    }
  }

  /** Something else that git says of what is shown is other than it was. */
  told(): void {
    if (!this.#disposed) for (const listener of this.#listeners) listener();
  }

  dispose(): void {
    this.#disposed = true;
    this.#waiting.length = 0;
  }

  async #look(path: string, commit: string): Promise<FileChangeFact> {
    const repository = await this.#repositoryOf(path);
    if (!repository) return { commit };
    const found = await repository.commit(commit);
    const relation = await repository.relation(commit);
    if (!found) {
      const reason = relation.is === 'unknown' ? relation.reason : `${commit.slice(0, 7)} is not in this repository`;
      return { commit, summary: reason };
    }
    const difference = await repository.differenceSince(commit, path);
    const known = { commit, summary: summaryOf(found), relation };
    if (!difference) return { ...known, changed: undefined };
    const { added, removed } = difference;
    return { ...known, changed: added + removed > 0, lines: { added, removed } };
  }

  #ask(key: string, look: () => Promise<FileChangeFact>): void {
    if (this.#asking.has(key) || this.#disposed) return;
    this.#asking.add(key);
    this.#waiting.push(async () => {
      const fact = await look().catch((error: unknown): undefined => this.#complain(error));
      this.#asking.delete(key);
      if (!this.#disposed) this.#keep(key, fact);
    });
    this.#next();
  }

  #next(): void {
    while (this.#running < asksAtOnce) {
      const ask = this.#waiting.shift();
      if (!ask) return;
      this.#running++;
      void ask().finally(() => {
        this.#running--;
        this.#next();
      });
    }
  }

  /** No fact means that git failed: what was known stays, and is asked again after its lifetime. */
  #keep(key: string, fact: FileChangeFact | undefined): void {
    const before = this.#answers.get(key)?.fact;
    const kept = fact ?? before ?? { commit: key.slice(key.indexOf('\0') + 1) };
    this.#answers.delete(key);
    this.#answers.set(key, { at: this.#host.now(), fact: kept });
    for (const oldest of this.#answers.keys()) {
      if (this.#answers.size <= mostAnswers) break;
      this.#answers.delete(oldest);
    }
    const shown = JSON.stringify(before ?? { commit: kept.commit }) !== JSON.stringify(kept);
    if (shown) for (const listener of this.#listeners) listener();
  }

  #complain(error: unknown): undefined {
    const message = error instanceof Error ? error.message : String(error);
    if (!this.#complained) this.#host.log.warn(`git: ${message}`);
    this.#complained = true;
    return undefined;
  }
}

/** One line: `5be1f0a rename churned (ana, 2026-11-20)`. */
export function summaryOf({ hash, subject, author, at }: Commit): string {
  return `${hash.slice(0, 7)} ${subject} (${author}, ${new Date(at).toISOString().slice(0, 10)})`;
}
