// The dbt connector: finds projects, reads the artifacts in their target folder, yields pages; dbt Cloud is asked over REST.
import path from 'node:path';
import type { Catalog } from '../../catalog/catalog.ts';
import type { CatalogChange, ScanProblem } from '../../catalog/change.ts';
import type { EntityKind } from '../../catalog/entity.ts';
import { knownInstances } from '../../catalog/mine.ts';
import type { LogPlace } from '../../catalog/run.ts';
import type { Connector, ConnectorFactory, ConnectorHost, SourceConfig, WorkspaceFolderListing } from '../connector.ts';
import {
  knownManifests,
  type Manifest,
  type ManifestNode,
  type RunResults,
  readCatalog,
  readFreshness,
  readManifest,
  readRunResults,
} from './artifacts.ts';
import { DbtCloud } from './cloud/connector.ts';
import { pagesOf } from './pages.ts';
import { isInstalled, type Project, projectFile, projectsIn, readProject } from './project.ts';
import type { RunContext } from './runs.ts';
import { type Artifacts, contentOf } from './tables.ts';
import { sourceLine } from './yamlLines.ts';

const kinds: readonly EntityKind[] = ['table', 'task', 'job', 'run', 'metric'];
/** Read in this order: the manifest decides whether there is anything to say. */
const files = ['manifest.json', 'run_results.json', 'catalog.json', 'sources.json'] as const;
type ArtifactFile = (typeof files)[number];
/** A text of more than 512 MB cannot be in memory at all. */
const largest = 400 * 1024 * 1024;
/** dbt rewrites whole files: a half-written one is whole a moment later. */
const rewriteMs = 300;
/** Compiled files that are opened where the manifest does not hold what was compiled. */
const mostCompiled = 2000;

/** The source's path is the project folder (where dbt_project.yml is) or, when declared, a target folder. */
export const dbt: ConnectorFactory = {
  tool: 'dbt',
  discover: (folder) => projectsIn(folder).map((relative) => sourceAt(folder, relative)),
  sniff: async (source, host) => !(await isInstalled(source, host)),
  connect: (connection, host, catalog) => new DbtCloud(connection, host, catalog),
  create: async (source, host, catalog) =>
    new DbtConnector(source, host, await readProject(source.path, host), catalog),
};

function sourceAt(folder: WorkspaceFolderListing, relative: string): SourceConfig {
  return {
    name: `dbt ${relative === '.' ? path.basename(folder.root) : relative}`,
    tool: 'dbt',
    path: path.join(folder.root, relative),
    workspaceFolder: folder.root,
  };
}

class DbtConnector implements Connector {
  readonly source: SourceConfig;
  readonly scope: string;
  readonly kinds = kinds;
  readonly #host: ConnectorHost;
  #project: Project;
  readonly #catalog: Catalog | undefined;

  constructor(source: SourceConfig, host: ConnectorHost, project: Project, catalog: Catalog | undefined) {
    this.source = source;
    this.scope = `dbt://${project.name}`;
    this.#host = host;
    this.#project = project;
    this.#catalog = catalog;
  }

  async fingerprint(): Promise<string> {
    const [target] = await this.#targets();
    const watched = [path.join(this.#project.root, projectFile), ...files.map((file) => path.join(target, file))];
    const stats = await Promise.all(watched.map((file) => this.#host.stat(file)));
    return [target, ...stats.map((stat) => (stat ? `${stat.modifiedAt}:${stat.size}` : '-'))].join(' ');
  }

  async *scan(signal: AbortSignal): AsyncIterable<CatalogChange> {
    this.#project = await readProject(this.source.path, this.#host);
    const { target, manifest } = await this.#manifest(signal);
    const file = path.join(target, 'manifest.json');
    const problems: ScanProblem[] = versionProblems(manifest.version, file);
    const optional = async (name: ArtifactFile): Promise<unknown> => {
      try {
        return await this.#read(path.join(target, name), signal);
      } catch (error) {
        signal.throwIfAborted();
        problems.push({ message: String(error instanceof Error ? error.message : error) });
        return undefined;
      }
    };
    const results = readRunResults(await optional('run_results.json'));
    const freshness = readFreshness(await optional('sources.json'));
    const artifacts: Artifacts = {
      project: this.scope.slice('dbt://'.length),
      root: this.#project.root,
      manifest,
      byId: new Map(manifest.nodes.map((node) => [node.uniqueId, node])),
      catalog: readCatalog(await optional('catalog.json')),
      freshness: new Map(freshness.results.map((result) => [result.uniqueId, result])),
      before: (id) => this.#catalog?.facts(id) ?? {},
      sourceLine: await this.#sourceLines(manifest.nodes),
      compiled: await this.#compiled(target, manifest.nodes, results),
    };
    // Of the manifest that the same command wrote; a later one (dbt parse) may be of other files.
    const isSame = results.invocation !== undefined && results.invocation === manifest.invocation;
    const contentOfRun: RunContext['contentOf'] = (node, run) =>
      isSame ? contentOf(node, manifest) : this.#catalog?.run(run)?.content;
    const context = { logs: await this.#logs(), instances: this.#instances(), contentOf: contentOfRun };
    for (const page of pagesOf(artifacts, [{ results, context }], freshness)) {
      signal.throwIfAborted();
      yield page;
    }
    // What a manifest of an unknown shape leaves out is not known to be absent.
    const covered = problems.some(({ message }) => message.includes('manifest.json'))
      ? []
      : (['table', 'task', 'job', 'metric'] as const).map((kind) => ({ kind, scope: this.scope }));
    yield { covered, problems };
  }

  /** Those that hold a manifest, else the one where dbt would write it. */
  async #targets(): Promise<readonly [string, ...string[]]> {
    const found: string[] = [];
    for (const target of this.#project.targets) {
      if (await this.#host.stat(path.join(target, 'manifest.json'))) found.push(target);
    }
    const [first = this.#project.targets[0] ?? '', ...others] = found;
    return [first, ...others];
  }

  /** A target folder may be shared by several projects: the last one that ran has left its artifacts there. */
  async #manifest(signal: AbortSignal): Promise<{ readonly target: string; readonly manifest: Manifest }> {
    const { name, root, isNamed } = this.#project;
    const strangers: string[] = [];
    const targets = await this.#targets();
    for (const target of targets) {
      const json = await this.#read(path.join(target, 'manifest.json'), signal);
      if (json === undefined) continue;
      const manifest = readManifest(json);
      if (!isNamed || manifest.projectName === undefined || manifest.projectName === name) return { target, manifest };
      strangers.push(`${target} holds artifacts of the project ${manifest.projectName}, not of ${name}.`);
    }
    const missing = strangers[0] ?? `${path.join(targets[0], 'manifest.json')} is not there.`;
    throw new Error(`${missing} Run "dbt parse" (or build) in ${root}.`);
  }

  /** Undefined when the file is not there. */
  async #read(file: string, signal: AbortSignal): Promise<unknown> {
    for (let attempt = 1; ; attempt += 1) {
      signal.throwIfAborted();
      if (!(await this.#host.stat(file))) return undefined;
      const written = await this.#host.readText(file, largest);
      try {
        return JSON.parse(written);
      } catch (error) {
        if (attempt < 3) await pause(rewriteMs, signal);
        else throw new Error(`${file} is not whole JSON (${String(error)}). Run dbt again; it rewrites the file.`);
      }
    }
  }

  /** `dbt parse` leaves out of the manifest what was compiled before: the last results and the compiled files have it. */
  async #compiled(target: string, nodes: readonly ManifestNode[], results: RunResults) {
    const found = new Map<string, string>();
    for (const { uniqueId, compiledSql } of results.results) if (compiledSql) found.set(uniqueId, compiledSql);
    const folder = path.join(target, 'compiled');
    if (!(await this.#host.stat(folder))) return found;
    const wanted = nodes.filter(({ type, compiledSql, file }) => type === 'model' && !compiledSql && file);
    for (const { uniqueId, packageName = '', file = '' } of wanted.slice(0, mostCompiled)) {
      const place = path.join(folder, packageName, file);
      if (found.has(uniqueId) || path.relative(folder, place).startsWith('..')) continue;
      const stat = await this.#host.stat(place);
      if (stat?.kind === 'file' && stat.size < 1024 * 1024) found.set(uniqueId, await this.#host.readText(place));
    }
    return found;
  }

  async #sourceLines(nodes: readonly ManifestNode[]): Promise<(node: ManifestNode) => number> {
    const wanted = new Set(nodes.filter(({ type }) => type === 'source').flatMap(({ file }) => file ?? []));
    const texts = new Map<string, string>();
    for (const file of wanted) {
      const place = path.join(this.#project.root, file);
      const stat = await this.#host.stat(place);
      if (stat && stat.size < 1024 * 1024) texts.set(file, await this.#host.readText(place));
    }
    return (node) => sourceLine(texts.get(node.file ?? '') ?? '', node.sourceName ?? '', node.name);
  }

  async #logs(): Promise<readonly LogPlace[]> {
    const file = this.#project.log;
    return (await this.#host.stat(file)) ? [{ file, title: 'dbt.log' }] : [];
  }

  #instances(): ReturnType<typeof knownInstances> {
    const jobs = this.#catalog?.list('job', 1000).map(({ id }) => id) ?? [];
    return knownInstances(this.#catalog?.sources() ?? [], jobs);
  }
}

function versionProblems(version: string | undefined, file: string): ScanProblem[] {
  if (version && knownManifests.includes(version)) return [];
  return [
    {
      message: `${file} has schema ${version ?? 'of no version'}; known are ${knownManifests.join(', ')}. What could be read of it is shown.`,
      advice: 'A newer Plumbline may read all of it; dbt before 1.5 is not supported.',
    },
  ];
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      reject(signal.reason);
    });
  });
}
