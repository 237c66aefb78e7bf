// The OpenLineage connector: files of events, one a line; a folder of such files is one source.
import path from 'node:path';
import type { Catalog } from '../../catalog/catalog.ts';
import type { CatalogChange } from '../../catalog/change.ts';
import type { EntityKind } from '../../catalog/entity.ts';
import type { SourcePlace } from '../../catalog/facts.ts';
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
import type { EntityContext } from './entities.ts';
import { connect } from './objects/connector.ts';
import { lineagePages } from './pages.ts';
import { EventFile } from './reader.ts';
import { readEvent } from './said/events.ts';
import { Lineage } from './said/lineage.ts';

/** Event files never list everything there is, so this source covers nothing. */
const kinds: readonly EntityKind[] = ['job', 'run', 'table', 'path', 'metric', 'model', 'version'];
const sniffBytes = 256 * 1024;

export const openlineage: ConnectorFactory = {
  tool: 'openlineage',
  discover: (folder) => eventFiles(folder).map((relative) => sourceAt(folder, relative)),
  received: (folder, workspaceFolder) => ({
    ...{ name: 'openlineage received events', tool: 'openlineage', path: folder, workspaceFolder },
  }),
  async sniff(source, host) {
    const stat = await host.stat(source.path);
    if (stat?.kind !== 'file') return stat?.kind === 'folder';
    return startsWithEvent(new TextDecoder().decode(await host.readRange(source.path, 0, sniffBytes)));
  },
  connect,
  async create(source, host, catalog) {
    return new OpenLineageConnector(source, host, localInstance(await host.realPath(source.path)), catalog);
  },
};

function eventFiles(folder: WorkspaceFolderListing): readonly string[] {
  const declared = folder.declared.filter(({ tool }) => tool === 'openlineage').map(({ path: relative }) => relative);
  const found = folder.files.filter((file) =>
    /\.ndjson$|(^|\/)openlineage[^/]*\.jsonl?$|(^|\/)openlineage[^/]*\.log$/i.test(file),
  );
  return [...new Set([...declared, ...found].map((relative) => path.posix.normalize(relative).replace(/\/$/, '')))];
}

function sourceAt(folder: WorkspaceFolderListing, relative: string): SourceConfig {
  return {
    name: `openlineage ${relative}`,
    tool: 'openlineage',
    path: path.resolve(folder.root, relative),
    workspaceFolder: folder.root,
  };
}

/** A first line too long to see whole counts when it begins like an event. */
function startsWithEvent(head: string): boolean {
  const [first = ''] = head.trimStart().split('\n');
  try {
    return readEvent(JSON.parse(first)) !== undefined;
  } catch {
    return /^\{/.test(first) && /"eventTime"\s*:/.test(first) && /"(run|job|dataset)"\s*:/.test(first);
  }
}

class OpenLineageConnector implements Connector {
  readonly source: SourceConfig;
  readonly scope: string;
  readonly kinds = kinds;
  readonly #host: ConnectorHost;
  readonly #catalog: Catalog | undefined;
  #files: EventFile[] = [];
  #lineage = new Lineage();

  constructor(source: SourceConfig, host: ConnectorHost, instance: string, catalog: Catalog | undefined) {
    this.source = source;
    this.scope = `openlineage://${instance}`;
    this.#host = host;
    this.#catalog = catalog;
  }

  async fingerprint(): Promise<string> {
    const stats = await this.#stats();
    const files = stats.map(({ path: file, size, modifiedAt }) => `${file} ${size} ${modifiedAt}`);
    return `${files.join('\n')}\n${this.#instances().airflow.join(' ')}`;
  }

  async *scan(signal: AbortSignal): AsyncIterable<CatalogChange> {
    await this.#read(signal);
    for (const page of lineagePages(this.#lineage, await this.#context())) {
      signal.throwIfAborted();
      yield page;
    }
    const problems = this.#files.flatMap((file) =>
      file.problems.map((message) => ({ message, advice: 'The other lines are read.' })),
    );
    yield { problems };
  }

  async #read(signal: AbortSignal): Promise<void> {
    const stats = await this.#stats();
    if (stats.length === 0)
      throw new Error(`${this.source.path} is not there. Point the client's file transport at it.`);
    const known = new Map(this.#files.map((file) => [file.path, file]));
    const replaced = await Promise.all(this.#files.map((file) => file.replaced()));
    if (replaced.includes(true)) {
      known.clear();
      this.#lineage = new Lineage();
    }
    this.#files = stats.map(({ path: file }) => known.get(file) ?? new EventFile(file, this.#host));
    for (const file of this.#files) for await (const event of file.events(signal)) this.#lineage.add(event);
  }

  async #stats(): Promise<readonly FileStat[]> {
    const stat = await this.#host.stat(this.source.path);
    if (stat?.kind === 'file') return [stat];
    const children = stat?.kind === 'folder' ? await this.#host.list(this.source.path) : [];
    return children.filter(({ kind, path: file }) => kind === 'file' && /\.(ndjson|jsonl?|log)$/i.test(file));
  }

  async #context(): Promise<EntityContext> {
    const places = new Map<string, SourcePlace>();
    const named = new Set(
      [...this.#lineage.jobs.values()].flatMap(({ facets }) => pathIn(facets.get('sourceCodeLocation'))),
    );
    for (const relative of [...named].slice(0, 1000)) {
      const file = path.join(this.source.workspaceFolder, relative);
      const inside = !path.relative(this.source.workspaceFolder, file).startsWith('..');
      if (inside && (await this.#host.stat(file))) places.set(relative, { path: file, line: 1 });
    }
    return { now: this.#host.now(), instances: this.#instances(), placeOf: (relative) => places.get(relative) };
  }

  #instances(): KnownInstances {
    return knownInstances(this.#catalog?.sources() ?? [], []);
  }
}

function pathIn(facet: unknown): readonly string[] {
  const found = typeof facet === 'object' && facet !== null && 'path' in facet ? facet.path : undefined;
  return typeof found === 'string' && found !== '' ? [found] : [];
}
