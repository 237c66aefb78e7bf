// Reader: what the index worker does: gives what was kept from before, then what has changed since, in batches.
import { pathToFileURL } from 'node:url';
import { allRules, ruleSetWith } from '../../rules/index.ts';
import type { RuleSet } from '../../rules/rule.ts';
import type { FromIndexWorker, KnownFile, ReadingPlan, ToIndexWorker } from './indexMessages.ts';
import { type FileStamp, KeptFiles } from './keptFiles.ts';
import { readFiles, sourceFiles } from './summarizeFiles.ts';
import { evaluateAll } from './wholeWorkspace.ts';

/** A message is unpacked in one go by the thread that answers requests. */
const filesInOne = 50;
const bytesInOne = 200_000;
const bytesOfReference = 500;
/** Enough that evaluating, which is slower in some files, does not hold up reading. */
const mostAhead = 32;

type Answer = Omit<FromIndexWorker, 'answer'>;
type Question = Exclude<ToIndexWorker, { readonly type: 'taken' } | { readonly type: 'pause' }>;

export class Reader {
  readonly #post: (message: FromIndexWorker) => void;
  #plan: ReadingPlan = { folders: [], excluded: [], rules: { rules: [], sqlCalls: [] } };
  #rules: RuleSet = allRules;
  #kept: KeptFiles | undefined;
  #trouble: string | undefined;
  #answer = 0;
  #ahead = 0;
  #paused = false;
  #goOn: () => void = () => {};

  readonly #program: URL;

  /** `program`: that of helpers, see `evaluateAll`. */
  constructor(post: (message: FromIndexWorker) => void, program: URL) {
    this.#post = post;
    this.#program = program;
  }

  taken(answers: number): void {
    this.#ahead -= answers;
    this.#goOn();
  }

  pause(paused: boolean): void {
    this.#paused = paused;
    this.#goOn();
  }

  async answer(question: Question): Promise<void> {
    switch (question.type) {
      case 'plan':
        this.#begin(question.plan);
        return;
      case 'folders':
        await this.#folders();
        return;
      case 'files':
        await this.#files(question.files, new Map(), false);
        return;
      case 'results':
        this.#kept?.evaluated(question.results);
        return;
      default:
        this.#keep(question);
    }
  }

  #begin(plan: ReadingPlan): void {
    this.#kept?.close();
    this.#kept = undefined;
    this.#plan = plan;
    this.#rules = ruleSetWith({ ...plan.rules, mistakes: [] });
    if (plan.keptIn === undefined) return;
    try {
      this.#kept = new KeptFiles(plan.keptIn, this.#rules.hash);
    } catch (error) {
      this.#trouble = `the index cannot be kept in ${plan.keptIn}: ${error instanceof Error ? error.message : error}`;
    }
  }

  async #folders(): Promise<void> {
    const files: string[] = [];
    const signal = new AbortController().signal;
    for await (const file of sourceFiles(this.#plan.folders, this.#plan.excluded, signal)) files.push(file);
    const stamps = await this.#restore();
    if (stamps.size === 0) {
      await this.#whole(files);
      return;
    }
    const gone = new Set(stamps.keys());
    for (const file of files) gone.delete(pathToFileURL(file).href);
    for (const uri of gone) this.#kept?.removed(uri);
    await this.#send({ files: [], removed: [...gone], restored: true, done: false });
    await this.#files(files, stamps, true);
  }

  /** Nothing is known of any: what they come to is told with them, and is then as good as what an earlier session left. */
  async #whole(paths: readonly string[]): Promise<void> {
    let files: KnownFile[] = [];
    let bytes = 0;
    let told = 0;
    // Each file counts twice, when it is read and when it is evaluated.
    const progress = (read: number) => ({ progress: { read: Math.floor((read + told) / 2), of: paths.length } });
    const onRead = async (read: number): Promise<void> => {
      while (this.#paused) await this.#wait();
      if (read % filesInOne === 0) await this.#send({ files: [], removed: [], ...progress(read), done: false });
    };
    const whole = { files: paths, rules: this.#plan.rules, program: this.#program, onRead };
    for await (const { read, result } of evaluateAll(whole)) {
      while (this.#paused) await this.#wait();
      told++;
      files.push({ packed: read.packed, result });
      bytes += read.packed.bytes.length + bytesOfReference * result.references.length;
      this.#kept?.read(read, this.#answer + 1);
      this.#kept?.evaluated([{ uri: read.packed.uri, result }]);
      if (files.length < filesInOne && bytes < bytesInOne) continue;
      await this.#send({ files, removed: [], ...progress(paths.length), done: false });
      files = [];
      bytes = 0;
    }
    told = paths.length;
    await this.#send({ files, removed: [], restored: true, ...progress(paths.length), done: true });
  }

  /** What an earlier session left, all of it: what is no more true is taken back afterwards, and with it what came of it. */
  async #restore(): Promise<ReadonlyMap<string, FileStamp>> {
    const stamps = new Map<string, FileStamp>();
    let files: KnownFile[] = [];
    let bytes = 0;
    for (const { packed, result, stamp } of this.#kept?.all() ?? []) {
      stamps.set(packed.uri, stamp);
      files.push(result ? { packed, result } : { packed });
      bytes += packed.bytes.length;
      if (files.length < filesInOne && bytes < bytesInOne) continue;
      await this.#send({ files, removed: [], done: false });
      files = [];
      bytes = 0;
    }
    await this.#send({ files, removed: [], done: false });
    return stamps;
  }

  async #files(paths: readonly string[], stamps: ReadonlyMap<string, FileStamp>, counted: boolean): Promise<void> {
    let files: KnownFile[] = [];
    let removed: string[] = [];
    let bytes = 0;
    const progress = (read: number) => (counted ? { progress: { read, of: paths.length } } : {});
    const known = (file: string) => stamps.get(pathToFileURL(file).href);
    let index = 0;
    for await (const { file, read } of readFiles(paths, this.#rules, known)) {
      while (this.#paused) await this.#wait();
      index++;
      const uri = pathToFileURL(file).href;
      if (!read) {
        removed.push(uri);
        this.#kept?.removed(uri);
      } else if (read !== 'same') {
        files.push({ packed: read.packed });
        bytes += read.packed.bytes.length;
        // It goes out with the answer that is sent next.
        this.#kept?.read(read, this.#answer + 1);
      }
      if (files.length + removed.length < filesInOne && bytes < bytesInOne) continue;
      await this.#send({ files, removed, ...progress(index), done: false });
      files = [];
      removed = [];
      bytes = 0;
    }
    await this.#send({ files, removed, ...progress(paths.length), done: true });
  }

  #keep({ answer, open }: Question & { type: 'keep' }): void {
    try {
      this.#kept?.keep(answer, open);
    } catch (error) {
      this.#trouble = `the index could not be kept: ${error instanceof Error ? error.message : error}`;
    }
    this.#ahead++;
    this.#out({ files: [], removed: [], done: false, kept: true });
  }

  async #send(answer: Answer): Promise<void> {
    this.#ahead++;
    this.#out(answer);
    while (this.#ahead >= mostAhead) await this.#wait();
  }

  #out(answer: Answer): void {
    const trouble = this.#trouble;
    this.#trouble = undefined;
    this.#post({ ...answer, answer: ++this.#answer, ...(trouble === undefined ? {} : { trouble }) });
  }

  #wait(): Promise<void> {
    return new Promise((resolve) => (this.#goOn = resolve));
  }
}
