// Modules: which file of the workspace an import means.

/** Answers that are remembered; each is a line of text. */
const mostFound = 20_000;

interface Known {
  readonly uri: string;
  /** Folders and module name: `['', 'repo', 'churn', 'settings']`; a package stands for its `__init__`. */
  readonly parts: readonly string[];
}

export class ModuleTable {
  readonly #byUri = new Map<string, Known>();
  readonly #byName = new Map<string, Map<string, Known>>();
  readonly #byPath = new Map<string, Known>();
  /** What was found, by asking folder and name, until a file comes or goes. */
  readonly #found = new Map<string, string | undefined>();
  #lastFrom: { readonly uri: string; readonly folder: readonly string[]; readonly key: string } | undefined;

  add(uri: string): boolean {
    const parts = moduleParts(uri);
    if (!parts || this.#byUri.has(uri)) return false;
    const known = { uri, parts };
    this.#found.clear();
    this.#byUri.set(uri, known);
    this.#byPath.set(parts.join('/'), known);
    const name = parts.at(-1) ?? '';
    const same = this.#byName.get(name) ?? new Map<string, Known>();
    same.set(uri, known);
    this.#byName.set(name, same);
    return true;
  }

  remove(uri: string): boolean {
    const known = this.#byUri.get(uri);
    if (!known) return false;
    this.#found.clear();
    this.#byUri.delete(uri);
    this.#byPath.delete(known.parts.join('/'));
    const name = known.parts.at(-1) ?? '';
    this.#byName.get(name)?.delete(uri);
    return true;
  }

  /** What an answer of `find` depends on: files of this module name coming or going. */
  static key(name: string): string {
    if (isPath(name)) return name.slice(name.lastIndexOf('/') + 1);
    return name.slice(name.lastIndexOf('.') + 1);
  }

  static keyOf(uri: string): string | undefined {
    return moduleParts(uri)?.at(-1)?.replace(notebookEnd, '');
  }

  /**
   * `churn.settings`, or `.settings` with its dots. An absolute name is looked for from the folders around the
   * importing file, nearest first; failing that, a longer name that is there only once is taken wherever it is. A
   * path without ending (`./setup`, of `%run`) is that of a notebook or a script.
   */
  find(from: string, name: string): string | undefined {
    if (this.#lastFrom?.uri !== from) {
      const folder = folderParts(from);
      this.#lastFrom = { uri: from, folder, key: folder.join('/') };
    }
    const { folder, key: inFolder } = this.#lastFrom;
    const key = `${name} ${inFolder}`;
    const known = this.#found.get(key);
    if (known !== undefined || this.#found.has(key)) return known;
    const found = isPath(name) ? this.#atPath(folder, name) : this.#named(folder, name);
    if (this.#found.size >= mostFound) this.#found.clear();
    this.#found.set(key, found);
    return found;
  }

  #named(folder: readonly string[], name: string): string | undefined {
    const dots = /^\.*/.exec(name)?.[0].length ?? 0;
    const names = name
      .slice(dots)
      .split('.')
      .filter((part) => part !== '');
    if (dots > 0) {
      const base = folder.slice(0, folder.length - (dots - 1));
      return this.#byPath.get([...base, ...names].join('/'))?.uri;
    }
    const last = names.at(-1);
    if (last === undefined) return undefined;
    let best: Known | undefined;
    const others: Known[] = [];
    for (const known of this.#byName.get(last)?.values() ?? []) {
      if (!endsWith(known.parts, names)) continue;
      const root = known.parts.slice(0, -names.length);
      if (!isAround(root, folder)) others.push(known);
      else if (!best || known.parts.length > best.parts.length) best = known;
    }
    if (best) return best.uri;
    return names.length > 1 && others.length === 1 ? others[0]?.uri : undefined;
  }

  #atPath(folder: readonly string[], path: string): string | undefined {
    const asked = path.split('/');
    const last = asked.at(-1) ?? '';
    if (path.startsWith('/')) {
      const end = asked.filter((part) => part !== '').slice(-toldBy);
      const found = ['', notebookEnd].flatMap((ending) => {
        const names = [...end.slice(0, -1), `${last}${ending}`];
        return [...(this.#byName.get(`${last}${ending}`)?.values() ?? [])].filter(({ parts }) =>
          endsWith(parts, names),
        );
      });
      return found.length === 1 ? found[0]?.uri : undefined;
    }
    const parts = [...folder];
    for (const part of asked.slice(0, -1)) {
      if (part === '..') parts.pop();
      else if (part !== '.' && part !== '') parts.push(part);
    }
    const place = [...parts, last].join('/');
    return (this.#byPath.get(place) ?? this.#byPath.get(`${place}${notebookEnd}`))?.uri;
  }
}

/** How many folders tell one notebook from others of its name, where its path is one of a workspace elsewhere. */
const toldBy = 2;

function isPath(name: string): boolean {
  return name.includes('/');
}

/** Notebooks are no modules: no import means one. */
const notebookEnd = '.ipynb';

/** Folders that often hold the packages beside them. */
const sourceFolders = new Set(['src', 'lib', 'dags', 'plugins', 'include', 'python']);

function isAround(root: readonly string[], folder: readonly string[]): boolean {
  const last = root.at(-1) ?? '';
  const outer = sourceFolders.has(last) ? root.slice(0, -1) : root;
  return outer.every((part, index) => folder[index] === part);
}

function endsWith(parts: readonly string[], names: readonly string[]): boolean {
  const offset = parts.length - names.length;
  return offset >= 0 && names.every((name, index) => parts[offset + index] === name);
}

function pathParts(uri: string): readonly string[] {
  const path = uri.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/]*/i, '').replace(/[?#].*$/, '');
  return path.split('/').map((part) => {
    try {
      return decodeURIComponent(part);
    } catch {
      return part;
    }
  });
}

function folderParts(uri: string): readonly string[] {
  return pathParts(uri).slice(0, -1);
}

function moduleParts(uri: string): readonly string[] | undefined {
  const parts = pathParts(uri);
  const last = parts.at(-1) ?? '';
  if (last.toLowerCase().endsWith(notebookEnd))
    return [...parts.slice(0, -1), `${last.slice(0, -notebookEnd.length)}${notebookEnd}`];
  const name = /^(.*)\.pyi?$/i.exec(last)?.[1];
  if (name === undefined) return undefined;
  return name === '__init__' ? parts.slice(0, -1) : [...parts.slice(0, -1), name];
}
