// The Airflow connector: a folder of task logs, together with the DAG files of the workspace.
import { createHash } from 'node:crypto';
import path from 'node:path';
import type { Catalog } from '../../catalog/catalog.ts';
import type { CatalogChange, ScanProblem } from '../../catalog/change.ts';
import type { EntityKind } from '../../catalog/entity.ts';
import { localInstance } from '../../catalog/instance.ts';
import { type KnownInstances, knownInstances } from '../../catalog/mine.ts';
import type {
  Connector,
  ConnectorFactory,
  ConnectorHost,
  FileStat,
  SourceConfig,
  WorkspaceFolderListing,
} from '../connector.ts';
import { DagCode } from './code.ts';
import { type AirflowContext, dagEntities, runsOf } from './entities.ts';
import { AirflowServer } from './rest/live.ts';
import { type DagFolder, Tries, type Try } from './tries.ts';

const kinds: readonly EntityKind[] = ['job', 'task', 'run'];
/** The fingerprint looks into this many of the newest runs of each DAG. */
const watchedRuns = 3;

/** Sources are log folders: those that hold `dag_id=…`, and those named under `logs:` in plumbline.yaml. */
export const airflow: ConnectorFactory = {
  tool: 'airflow',
  discover: (folder) => logFolders(folder).map((relative) => sourceAt(folder, relative)),
  async create(source, host, catalog) {
    return new AirflowConnector(source, host, localInstance(await host.realPath(source.path)), catalog);
  },
  connect: (connection, host, catalog) => new AirflowServer(connection, host, catalog),
};

function logFolders(folder: WorkspaceFolderListing): readonly string[] {
  const declared = folder.declared.filter(({ tool }) => tool === 'airflow').map(({ path: relative }) => relative);
  const found = folder.folders
    .filter((relative) => path.posix.basename(relative).startsWith('dag_id='))
    .map((relative) => path.posix.dirname(relative));
  return [...new Set([...declared, ...found].map((relative) => path.posix.normalize(relative).replace(/\/$/, '')))];
}

function sourceAt(folder: WorkspaceFolderListing, relative: string): SourceConfig {
  return {
    name: `airflow ${relative}`,
    tool: 'airflow',
    path: path.resolve(folder.root, relative),
    workspaceFolder: folder.root,
  };
}

class AirflowConnector implements Connector {
  readonly source: SourceConfig;
  readonly scope: string;
  readonly kinds = kinds;
  readonly #host: ConnectorHost;
  readonly #instance: string;
  readonly #catalog: Catalog | undefined;
  readonly #tries: Tries;
  readonly #code: DagCode;

  constructor(source: SourceConfig, host: ConnectorHost, instance: string, catalog: Catalog | undefined) {
    this.source = source;
    this.scope = `airflow://${instance}`;
    this.#host = host;
    this.#instance = instance;
    this.#catalog = catalog;
    this.#tries = new Tries(source.path, host);
    this.#code = new DagCode(source.workspaceFolder, host);
  }

  /** Bounded: names and times of run folders, the logs of the newest runs only, and the DAG files. */
  async fingerprint(signal: AbortSignal): Promise<string> {
    const parts: string[] = [];
    for (const dag of await this.#tries.dags()) {
      signal.throwIfAborted();
      parts.push(`${dag.name} ${dag.runs.length + dag.left}`, ...dag.runs.map(stamp));
      const byChange = [...dag.runs].sort((a, b) => b.modifiedAt - a.modifiedAt).slice(0, watchedRuns);
      for (const run of new Set([...dag.runs.slice(0, watchedRuns), ...byChange])) {
        parts.push(...(await this.#tries.logsIn(run.path)).map(stamp));
      }
    }
    parts.push(...(await this.#code.files()).map(stamp), JSON.stringify(this.#instances()));
    return createHash('sha1').update(parts.join('\n')).digest('hex');
  }

  async *scan(signal: AbortSignal): AsyncIterable<CatalogChange> {
    const folder = await this.#host.stat(this.source.path);
    if (folder?.kind !== 'folder') {
      throw new Error(`${this.source.path} is not a folder. Correct "logs: - airflow:" in plumbline.yaml.`);
    }
    const context: AirflowContext = {
      instance: this.#instance,
      now: this.#host.now(),
      code: await this.#code.dags(signal),
      instances: this.#instances(),
    };
    for (const dag of await this.#tries.dags()) yield* this.#scanDag(dag, context, signal);
  }

  async *#scanDag(dag: DagFolder, context: AirflowContext, signal: AbortSignal): AsyncIterable<CatalogChange> {
    const problems: ScanProblem[] = [];
    const tasks = new Set<string>();
    // In the older layout the folder below a DAG is a task, and one run is spread over many: gather before grouping.
    const byRun = new Map<string, Try[]>();
    for (const folder of dag.runs) {
      signal.throwIfAborted();
      try {
        for (const one of await this.#tries.read(await this.#tries.logsIn(folder.path), signal)) {
          tasks.add(one.place.task);
          const key = one.place.run;
          byRun.set(key, [...(byRun.get(key) ?? []), one]);
        }
      } catch (error) {
        signal.throwIfAborted();
        problems.push({ message: error instanceof Error ? error.message : String(error) });
      }
    }
    if (byRun.size === 0 && problems.length === 0) return;
    const name = [...byRun.values()][0]?.[0]?.place.dag ?? dag.name.replace(/^dag_id=/, '');
    yield { ...dagEntities(name, [...tasks], context), problems };
    let page: Try[][] = [];
    for (const tries of byRun.values()) {
      page.push(tries);
      if (page.length === 100) {
        signal.throwIfAborted();
        yield { runs: page.flatMap((one) => runsOf(one, context)) };
        page = [];
      }
    }
    yield { runs: page.flatMap((one) => runsOf(one, context)) };
    if (dag.left > 0) this.#host.log.info('older Airflow runs are not read', { dag: name, left: dag.left });
  }

  #instances(): KnownInstances {
    const ids = (kind: 'job' | 'experiment') => this.#catalog?.list(kind, 1000).map(({ id }) => id) ?? [];
    return knownInstances(this.#catalog?.sources() ?? [], ids('job'), ids('experiment'));
  }
}

function stamp({ path: file, modifiedAt, size }: FileStat): string {
  return `${file} ${modifiedAt} ${size}`;
}
