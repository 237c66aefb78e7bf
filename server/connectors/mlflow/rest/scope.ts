// What one live connection keeps in mind between questions: how it names things, and what it has learned.
import type { Catalog } from '../../../catalog/catalog.ts';
import { type LogPlace, parseRemoteLog } from '../../../catalog/run.ts';
import { HttpError } from '../../httpError.ts';
import { type Ids, type Links, type MadeVersion, madeVersion } from '../entities.ts';
import type { StoredExperiment, StoredLoggedModel, StoredPoint, StoredRun, StoredVersion } from '../shape.ts';
import type { Api } from './ask/api.ts';
import { type Asking, loggedModels } from './ask/listings.ts';

export interface Live {
  readonly api: Api;
  /** Name of the source: the connection's. */
  readonly name: string;
  /** `tool://instance`. */
  readonly scope: string;
  readonly instance: string;
  readonly ids: Ids;
  readonly links: Links;
  readonly environment?: string;
  readonly catalog?: Catalog;
  readonly memory: Memory;
}

const mostKept = 20_000;

export class Memory {
  experiments: readonly StoredExperiment[] | undefined;
  /** False once the server answered that it has no logged models: MLflow 2. */
  hasLoggedModels = true;
  readonly #loggedModels = new Map<string, StoredLoggedModel>();
  readonly #logs = new Map<string, { readonly state: string; readonly logs: readonly LogPlace[] }>();
  readonly #histories = new Map<string, string>();

  /** Versions with the run and the files behind them; what a logged model says is asked for once. */
  async made(
    versions: readonly StoredVersion[],
    experimentIds: readonly string[],
    asking: Asking,
  ): Promise<readonly MadeVersion[]> {
    const named = versions.flatMap(({ source }) => /^models:\/(m-[0-9a-f]+)/.exec(source ?? '')?.[1] ?? []);
    const unknown = [...new Set(named)].filter((id) => !this.#loggedModels.has(id));
    if (unknown.length > 0 && this.hasLoggedModels && experimentIds.length > 0) {
      try {
        for (const each of await loggedModels(unknown, experimentIds, asking)) keep(this.#loggedModels, each.id, each);
      } catch (error) {
        if (!(error instanceof HttpError) || error.kind !== 'missing') throw error;
        this.hasLoggedModels = false;
      }
    }
    return versions.map((version) => madeVersion(version, this.#loggedModels));
  }

  get loggedModels(): readonly StoredLoggedModel[] {
    return [...this.#loggedModels.values()];
  }

  /** Undefined when they must be listed: not yet seen in this state. */
  logsIn(run: StoredRun): readonly LogPlace[] | undefined {
    const known = this.#logs.get(run.id);
    return known?.state === stateOf(run) ? known.logs : undefined;
  }

  /** A running run may write more of them at any time, so they are not kept. */
  keepLogs(run: StoredRun, logs: readonly LogPlace[]): void {
    keep(this.#logs, run.id, { state: run.endedAt === undefined ? '' : stateOf(run), logs });
  }

  /** What was found when the run was last looked at; a scan lists no artifacts, and must not forget these. */
  lastLogs(run: StoredRun, live: Live): readonly LogPlace[] {
    const known = this.#logs.get(run.id)?.logs ?? live.catalog?.run(live.ids.run(run.id))?.logs ?? [];
    return known.filter(({ file }) => parseRemoteLog(file)?.source === live.name);
  }

  /** Whether the whole history of this metric has been told, up to this last value or while the run goes on. */
  hasHistory(run: StoredRun, last: StoredPoint): boolean {
    const known = this.#histories.get(JSON.stringify([run.id, last.key]));
    return known !== undefined && (known === pointText(last) || run.endedAt === undefined);
  }

  /** Whether there is nothing to add to what has been told. */
  isHistoryWhole(run: StoredRun, last: StoredPoint): boolean {
    return this.#histories.get(JSON.stringify([run.id, last.key])) === pointText(last);
  }

  keepHistory(run: StoredRun, last: StoredPoint): void {
    keep(this.#histories, JSON.stringify([run.id, last.key]), pointText(last));
  }
}

function pointText({ at, step, value }: StoredPoint): string {
  return `${at} ${step} ${value}`;
}

function stateOf(run: StoredRun): string {
  return `${run.status} ${run.endedAt}`;
}

function keep<T>(map: Map<string, T>, key: string, value: T): void {
  map.delete(key);
  map.set(key, value);
  const oldest = map.size > mostKept ? map.keys().next().value : undefined;
  if (oldest !== undefined) map.delete(oldest);
}
