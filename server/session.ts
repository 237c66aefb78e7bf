// Session: the composition root; builds the parts in order and holds what the open folders have in common.
import path from 'node:path';
import type { Catalog } from './catalog/catalog.ts';
import { mergeSnapshots } from './catalog/merged.ts';
import { CatalogStore } from './catalog/store.ts';
import type { ConnectorHost, Log } from './connectors/connector.ts';
import { Authors } from './connectors/git/authors.ts';
import { Codeowners } from './connectors/git/codeowners.ts';
import { ContentFacts } from './connectors/git/contentFacts.ts';
import { GitFacts } from './connectors/git/gitFacts.ts';
import { Contexts } from './context.ts';
import type { FeatureContext } from './features/context.ts';
import { fileUri } from './features/fileUri.ts';
import { incidents } from './incidents/list.ts';
import type { LogReader } from './incidents/logSearch.ts';
import { codeEdges } from './lineage/codeEdges.ts';
import { ColumnClient } from './lineage/columns/columnClient.ts';
import { ColumnMemory } from './lineage/columns/columnMemory.ts';
import { type EdgeIndex, indexEdges } from './lineage/edgeIndex.ts';
import type { Layout, LayoutInput } from './lineage/layout.ts';
import { LayoutClient } from './lineage/layoutClient.ts';
import type { NodesOptions } from './lineage/nodes.ts';
import type { Incident } from './protocol/incident.ts';
import { ReferenceIndex } from './references/index.ts';
import type { PlacedReference } from './references/reference.ts';
import type { AskLog, LogAnswer, LogQuestion } from './sync/live/logQuestions.ts';
import { remoteLogs } from './sync/live/remoteLogs.ts';
import type { AskSeries } from './sync/live/seriesQuestions.ts';
import { Folders } from './workspace/folders.ts';
import { createHost } from './world/host.ts';

export interface SessionOptions {
  /** Absolute folder of the store; `:memory:` keeps nothing. */
  readonly storeFolder: string;
  /** Absolute folder of the store of what connections give; absent: it is kept in memory. */
  readonly liveFolder?: string;
  /** Absolute paths of the workspace folders, as it starts; `folders.roots` of the session are those of now. */
  readonly folders: readonly string[];
  /** False in Restricted Mode: nothing is run. */
  readonly trusted: boolean;
  readonly log: Log;
  /** Epoch ms. */
  readonly now: () => number;
  /** What happened to the store, for the user, each thing once. */
  readonly onNotice: (notice: string) => void;
}

const minuteMs = 60_000;
const slowMs = 30;

export class Session {
  readonly options: SessionOptions;
  readonly host: ConnectorHost;
  /** Of the workspace's own sources. */
  readonly store: CatalogStore;
  /** Of the user's connections. */
  readonly live: CatalogStore;
  readonly index = new ReferenceIndex();
  readonly folders: Folders;
  /** Files of this machine, and logs that only a server hands out. */
  readonly logReader: LogReader;
  /** How the latter are had; until somebody says so, they are not. */
  askRemoteLog: AskLog = notAsked;
  /** Values of a metric from its connections; until somebody says how, there are none. */
  askSeries: AskSeries = async () => [];
  readonly git: GitFacts;
  /** Which commits hold what runs. */
  readonly contents: ContentFacts;
  readonly codeowners: Codeowners;
  /** Names are looked for in it first; undefined: anywhere. */
  environment: string | undefined;
  /** Where columns come from. */
  readonly columns: ColumnMemory;
  readonly #columnClient = new ColumnClient();
  readonly #layout = new LayoutClient();
  readonly #contexts: Contexts;
  readonly #authors: Authors;
  readonly #edges = lastOf<EdgeIndex>();
  readonly #incidents = lastOf<readonly Incident[]>({ share: 20 });
  #ownersRevision = 0;

  constructor(options: SessionOptions) {
    const { folders, trusted, log, now, onNotice } = options;
    this.options = options;
    this.host = createHost({ log, trusted, now });
    const open = (file: string): CatalogStore => {
      const { store, notice } = CatalogStore.open(file, { now, onNotice });
      if (notice) onNotice(notice);
      return store;
    };
    this.store = open(this.storePath);
    this.live = open(this.livePath);
    this.folders = new Folders(folders, async (file) =>
      (await this.host.stat(file)) ? this.host.readText(file) : undefined,
    );
    this.logReader = remoteLogs({ local: this.host, ask: (question) => this.askRemoteLog(question), now });
    this.git = new GitFacts({ folders, host: this.host });
    this.contents = new ContentFacts({
      folders: () => this.folders.roots,
      repositoryOf: (file) => this.git.repositoryOf(file),
      host: this.host,
      changed: () => this.git.told(),
    });
    this.codeowners = new Codeowners(folders, this.host);
    this.#authors = new Authors((file) => this.git.repositoryOf(file), this.host);
    this.columns = new ColumnMemory({
      edges: (text, options) => this.#columnClient.edges(text, options),
      read: (file) => this.host.readText(file),
      now,
    });
    this.#contexts = new Contexts({
      index: this.index,
      now,
      fileChange: (file, commit) => this.git.fileChange(file, commit),
      contentMatch: (content, near) => this.contents.known(content, near),
      ownerOf: (entity, definedIn) =>
        this.folders.ownerOf(entity) ?? (definedIn === undefined ? undefined : this.codeowners.ownerOf(definedIn)),
      authorOf: (file) => this.#authors.of(file),
      columnsOf: (source) => this.columns.known(source),
      environment: () => this.environment,
      plumblineYaml: () => {
        const file = this.folders.firstFile();
        return file && { uri: fileUri(file.path), text: file.text };
      },
    });
  }

  get storePath(): string {
    const { storeFolder } = this.options;
    return storeFolder === ':memory:' ? storeFolder : path.join(storeFolder, 'catalog.db');
  }

  get livePath(): string {
    const { liveFolder } = this.options;
    return liveFolder === undefined ? ':memory:' : path.join(liveFolder, 'live.db');
  }

  /** One read transaction on each store: what `work` sees does not change under it. */
  read<Result>(work: (context: FeatureContext) => Result): Result {
    return this.readCatalog((catalog) => work(this.#contexts.make(catalog)));
  }

  readCatalog<Result>(work: (catalog: Catalog) => Result): Result {
    return this.store.read((local) => this.live.read((live) => work(mergeSnapshots(local, live))));
  }

  /** For sweeps, which let other requests through: a snapshot over a connection of its own. */
  readLong<Result>(work: (context: FeatureContext) => Promise<Result>): Promise<Result> {
    return this.store.readLong((local) =>
      this.live.readLong((live) => work(this.#contexts.make(mergeSnapshots(local, live)))),
    );
  }

  allReferences(): readonly PlacedReference[] {
    return this.index.all();
  }

  lineageParts(context: FeatureContext): NodesOptions {
    const key = JSON.stringify([context.catalog.revision, this.index.revision, this.environment]);
    const edges = this.#edges(key, () => indexEdges(codeEdges(this.allReferences(), context.resolve)));
    return { catalog: context.catalog, codeEdges: edges, joinRules: this.folders.config().joins };
  }

  /** Kept for a minute at most, because being late is an incident too. */
  incidents({ catalog, now, owner }: FeatureContext): readonly Incident[] {
    const key = `${catalog.revision} ${this.folders.revision} ${this.#ownersRevision} ${Math.floor(now / minuteMs)}`;
    return this.#incidents(key, () => incidents(catalog, this.folders.config(), now, owner));
  }

  /** Milliseconds until `incidents` looks again although it should by now; 0 when what it says is of now. */
  incidentsDue(): number {
    return this.#incidents.due();
  }

  /** CODEOWNERS or the files on disk are other than before; not for each keystroke, owners may lag that long. */
  ownersChanged(): void {
    this.#ownersRevision++;
  }

  /** Other workspace folders than before; what they say of themselves counts after `loadFolders`. */
  openFolders(folders: readonly string[]): void {
    this.folders.open(folders);
    this.git.open(folders);
    this.codeowners.open(folders);
  }

  /** Reads what the folders say of themselves: plumbline.yaml and CODEOWNERS. */
  async loadFolders(): Promise<void> {
    await Promise.all([this.folders.load(), this.codeowners.load()]);
    this.ownersChanged();
  }

  layout(input: LayoutInput): Promise<Layout> {
    return this.#layout.layout(input);
  }

  close(): void {
    this.#layout.dispose();
    this.#columnClient.dispose();
    this.contents.dispose();
    this.git.dispose();
    this.store.close();
    this.live.close();
  }
}

function notAsked({ source }: LogQuestion): Promise<LogAnswer> {
  return Promise.reject(
    new Error(`This log is kept by ${source}, and no server is asked now. Use --sync, or open it in the editor.`),
  );
}

interface Last<Value> {
  (key: string, make: () => Value): Value;
  due(): number;
}

/**
 * The last value, kept while its key stays the same. With a `share`, what is slow to make is made for at most one part
 * in so many of our time: while the key changes all the time, the last value stands for a little longer.
 */
function lastOf<Value>({ share = 0 } = {}): Last<Value> {
  let last: { readonly key: string; readonly value: Value; readonly goodUntil: number } | undefined;
  let isLate = false;
  const get = (key: string, make: () => Value): Value => {
    const began = performance.now();
    isLate = last !== undefined && last.key !== key && began < last.goodUntil;
    if (last?.key === key || (last && isLate)) return last.value;
    const value = make();
    const took = performance.now() - began;
    last = { key, value, goodUntil: took < slowMs ? 0 : began + share * took };
    return value;
  };
  const due = (): number => (isLate ? Math.max(1, (last?.goodUntil ?? 0) - performance.now()) : 0);
  return Object.assign(get, { due });
}
