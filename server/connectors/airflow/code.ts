// Code: the DAG files of a workspace folder, with the modules they import, read through the host; unchanged files once.
import path from 'node:path';
import type { ConnectorHost, FileStat } from '../connector.ts';
import { type CodeDag, dagsIn, importedModules } from './dagFiles.ts';
import type { PlacedDag } from './entities.ts';
import { type Module, readModule } from './python.ts';

const maxDepth = 5;
const maxFiles = 500;
const maxBytes = 1024 * 1024;
/** Imports of imports of imports: constants are seldom further away. */
const importDepth = 3;
/** Stores and artifacts hold no DAGs, and may hold a hundred thousand folders. */
const ignored =
  /^(\.|node_modules$|__pycache__$|site-packages$|venv$|dag_id=|mlruns$|mlartifacts$|target$|dbt_packages$)/;
const foldersKeptMs = 5 * 60_000;

export class DagCode {
  readonly #host: ConnectorHost;
  readonly #root: string;
  #folders: readonly string[] = [];
  /** Epoch ms. */
  #foldersUntil = 0;
  readonly #modules = new Map<string, { readonly stamp: string; readonly module: Module }>();

  constructor(root: string, host: ConnectorHost) {
    this.#root = root;
    this.#host = host;
  }

  /** Python files below folders named `dags`. */
  async files(): Promise<readonly FileStat[]> {
    const found: FileStat[] = [];
    for (const folder of await this.#dagFolders()) await this.#python(folder, 0, found);
    return found;
  }

  /** Walking the whole workspace is dear: where the folders are is remembered for a while. */
  async #dagFolders(): Promise<readonly string[]> {
    const now = this.#host.now();
    if (now >= this.#foldersUntil) {
      const folders: string[] = path.basename(this.#root) === 'dags' ? [this.#root] : [];
      if (folders.length === 0) await this.#findFolders(this.#root, 0, folders);
      this.#folders = folders;
      this.#foldersUntil = now + foldersKeptMs;
    }
    return this.#folders;
  }

  async #findFolders(folder: string, depth: number, found: string[]): Promise<void> {
    for (const child of await this.#host.list(folder)) {
      const name = path.basename(child.path);
      if (child.kind !== 'folder' || ignored.test(name)) continue;
      if (name === 'dags') found.push(child.path);
      else if (depth < maxDepth - 1) await this.#findFolders(child.path, depth + 1, found);
    }
  }

  async #python(folder: string, depth: number, found: FileStat[]): Promise<void> {
    for (const child of await this.#host.list(folder)) {
      if (found.length >= maxFiles) return;
      const name = path.basename(child.path);
      if (ignored.test(name)) continue;
      if (child.kind === 'folder' && depth < maxDepth) await this.#python(child.path, depth + 1, found);
      else if (child.kind === 'file' && name.endsWith('.py') && child.size <= maxBytes) found.push(child);
    }
  }

  /** By DAG id; of two files with the same DAG the first by path counts, as one would see it in the tree. */
  async dags(signal: AbortSignal): Promise<ReadonlyMap<string, PlacedDag>> {
    this.#foldersUntil = 0;
    const dags = new Map<string, PlacedDag>();
    for (const stat of await this.files()) {
      signal.throwIfAborted();
      for (const dag of await this.#dagsOf(stat)) if (!dags.has(dag.id)) dags.set(dag.id, { dag, file: stat.path });
    }
    return dags;
  }

  async #dagsOf(stat: FileStat): Promise<readonly CodeDag[]> {
    const module = await this.#module(stat);
    if (!/\bdag\b/i.test(module.text)) return [];
    const byName = new Map<string, Module>();
    await this.#imports(module, path.dirname(stat.path), byName, importDepth);
    return dagsIn(module.text, (name) => byName.get(name));
  }

  async #imports(module: Module, folder: string, into: Map<string, Module>, depth: number): Promise<void> {
    if (depth === 0) return;
    for (const name of importedModules(module)) {
      if (into.has(name) || into.size >= 100) continue;
      const stat = await this.#find(name, folder);
      if (!stat) continue;
      const found = await this.#module(stat);
      into.set(name, found);
      await this.#imports(found, folder, into, depth - 1);
    }
  }

  /** Beside the DAG file, then from the top of the workspace folder, then from its `plugins` and `src`. */
  async #find(name: string, folder: string): Promise<FileStat | undefined> {
    const relative = name.replace(/^\.+/, '').replaceAll('.', '/');
    if (!/^[\w/]+$/.test(relative)) return undefined;
    for (const base of [
      folder,
      path.dirname(folder),
      this.#root,
      path.join(this.#root, 'src'),
      path.join(this.#root, 'plugins'),
    ]) {
      if (!`${base}${path.sep}`.startsWith(`${this.#root}${path.sep}`)) continue;
      for (const file of [`${relative}.py`, `${relative}/__init__.py`]) {
        const stat = await this.#host.stat(path.join(base, file));
        if (stat?.kind === 'file' && stat.size <= maxBytes) return stat;
      }
    }
    return undefined;
  }

  async #module(stat: FileStat): Promise<Module> {
    const stamp = `${stat.modifiedAt}:${stat.size}`;
    const known = this.#modules.get(stat.path);
    if (known?.stamp === stamp) return known.module;
    const module = readModule(await this.#host.readText(stat.path, maxBytes));
    this.#modules.set(stat.path, { stamp, module });
    return module;
  }
}
