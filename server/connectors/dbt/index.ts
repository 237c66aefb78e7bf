// The dbt connector: finds projects, reads the artifacts in their target folder, yields one page.
import path from 'node:path';
import { parse } from 'yaml';
import type { Catalog } from '../../catalog/catalog.ts';
import type { CatalogChange, ScanProblem } from '../../catalog/change.ts';
import type { EntityKind } from '../../catalog/entity.ts';
import { knownInstances } from '../../catalog/mine.ts';
import type { LogPlace } from '../../catalog/run.ts';
import type { Connector, ConnectorFactory, ConnectorHost, SourceConfig, WorkspaceFolderListing } from '../connector.ts';
import { record, text } from '../json.ts';
import {
  knownManifests,
  type ManifestNode,
  readCatalog,
  readFreshness,
  readManifest,
  readRunResults,
} from './artifacts.ts';
import { runsOf } from './runs.ts';
import { type Artifacts, edgesOf, entitiesOf } from './tables.ts';
import { sourceLine } from './yamlLines.ts';

const kinds: readonly EntityKind[] = ['table', 'task', 'job', 'run'];
/** Read in this order: the manifest decides whether there is anything to say. */
const files = ['manifest.json', 'run_results.json', 'catalog.json', 'sources.json'] as const;
type ArtifactFile = (typeof files)[number];
const largest = 512 * 1024 * 1024;
/** dbt rewrites whole files: a half-written one is whole a moment later. */
const rewriteMs = 300;
const pageSize = 1000;

/** The source's path is the project folder (where dbt_project.yml is) or, when declared, a target folder. */
export const dbt: ConnectorFactory = {
  tool: 'dbt',
  discover: (folder) => projectsIn(folder).map((relative) => sourceAt(folder, relative)),
  async create(source, host, catalog) {
    const project = await readProject(source.path, host);
    return new DbtConnector(source, host, project, catalog);
  },
};

function projectsIn(folder: WorkspaceFolderListing): readonly string[] {
  const declared = folder.declared.filter(({ tool }) => tool === 'dbt').map(({ path: declaredPath }) => declaredPath);
  const found = folder.files
    .filter((file) => path.posix.basename(file) === 'dbt_project.yml')
    .filter((file) => !/(^|\/)(dbt_packages|dbt_modules|site-packages)\//.test(file))
    .map((file) => path.posix.dirname(file));
  return [...new Set([...declared, ...found].map((relative) => path.posix.normalize(relative).replace(/\/$/, '')))];
}

function sourceAt(folder: WorkspaceFolderListing, relative: string): SourceConfig {
  return {
    name: `dbt ${relative === '.' ? path.basename(folder.root) : relative}`,
    tool: 'dbt',
    path: path.join(folder.root, relative),
    workspaceFolder: folder.root,
  };
}

interface Project {
  readonly name: string;
  readonly root: string;
  readonly target: string;
}

async function readProject(folder: string, host: ConnectorHost): Promise<Project> {
  const declaration = path.join(folder, 'dbt_project.yml');
  if (!(await host.stat(declaration))) {
    // A declared target folder: its project is the folder above, if it has a name.
    const above = path.dirname(folder);
    const named = await host.stat(path.join(above, 'dbt_project.yml'));
    const project = named ? await readProject(above, host) : undefined;
    return { name: project?.name ?? path.basename(above), root: above, target: folder };
  }
  const settings = record(parseYaml(await host.readText(declaration, 1024 * 1024)));
  const target = text(settings['target-path']) ?? 'target';
  return { name: text(settings.name) ?? path.basename(folder), root: folder, target: path.resolve(folder, target) };
}

/** A project file with a mistake still is a project: its folder's name stands in. */
function parseYaml(written: string): unknown {
  try {
    return parse(written, { maxAliasCount: 100 });
  } catch {
    return undefined;
  }
}

class DbtConnector implements Connector {
  readonly source: SourceConfig;
  readonly scope: string;
  readonly kinds = kinds;
  readonly #host: ConnectorHost;
  readonly #project: Project;
  readonly #catalog: Catalog | undefined;

  constructor(source: SourceConfig, host: ConnectorHost, project: Project, catalog: Catalog | undefined) {
    this.source = source;
    this.scope = `dbt://${project.name}`;
    this.#host = host;
    this.#project = project;
    this.#catalog = catalog;
  }

  async fingerprint(): Promise<string> {
    const stats = await Promise.all(files.map((file) => this.#host.stat(path.join(this.#project.target, file))));
    return stats.map((stat) => (stat ? `${stat.modifiedAt}:${stat.size}` : '-')).join(' ');
  }

  async *scan(signal: AbortSignal): AsyncIterable<CatalogChange> {
    const manifestJson = await this.#read('manifest.json', signal);
    if (manifestJson === undefined) {
      throw new Error(
        `${this.#file('manifest.json')} is not there. Run "dbt parse" (or build) in ${this.#project.root}.`,
      );
    }
    const manifest = readManifest(manifestJson);
    const problems: ScanProblem[] = versionProblems(manifest.version, this.#file('manifest.json'));
    const optional = async (file: ArtifactFile): Promise<unknown> => {
      try {
        return await this.#read(file, signal);
      } catch (error) {
        signal.throwIfAborted();
        problems.push({ message: String(error instanceof Error ? error.message : error) });
        return undefined;
      }
    };
    const results = readRunResults(await optional('run_results.json'));
    const artifacts: Artifacts = {
      project: this.#project.name,
      root: this.#project.root,
      manifest,
      catalog: readCatalog(await optional('catalog.json')),
      freshness: readFreshness(await optional('sources.json')),
      sourceLine: await this.#sourceLines(manifest.nodes),
    };
    const entities = entitiesOf(artifacts);
    for (let from = 0; from < entities.length; from += pageSize) {
      signal.throwIfAborted();
      yield { entities: entities.slice(from, from + pageSize) };
    }
    const context = {
      project: this.#project.name,
      nodes: manifest.nodes,
      logs: await this.#logs(),
      instances: this.#instances(),
    };
    yield { edges: edgesOf(artifacts), runs: runsOf(results, context) };
    // What a manifest of an unknown shape leaves out is not known to be absent.
    const covered = problems.some(({ message }) => message.includes('manifest.json'))
      ? []
      : (['table', 'task', 'job'] as const).map((kind) => ({ kind, scope: this.scope }));
    yield { covered, problems };
  }

  #file(name: string): string {
    return path.join(this.#project.target, name);
  }

  /** Undefined when the file is not there. */
  async #read(name: ArtifactFile, signal: AbortSignal): Promise<unknown> {
    const file = this.#file(name);
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
    const file = path.join(this.#project.root, 'logs', 'dbt.log');
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
