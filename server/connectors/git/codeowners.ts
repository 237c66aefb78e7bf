// CODEOWNERS: who owns a file, by the last pattern that matches it.
import path from 'node:path';
import ignore from 'ignore';
import type { ConnectorHost } from '../connector.ts';

export interface OwnerRules {
  /** Owners as written (`@acme/growth-ml`, an address); empty when nobody owns it. `file` is relative, with `/`. */
  owners(file: string): readonly string[];
}

/** In GitHub's order (docs.github.com, about code owners, read 2026-11-23), then GitLab's place; the first one counts. */
const places = ['.github/CODEOWNERS', 'CODEOWNERS', 'docs/CODEOWNERS', '.gitlab/CODEOWNERS'];
/** GitHub ignores larger files. */
const maxBytes = 3 * 1024 * 1024;

/** Undefined when the folder has no such file. */
export async function readCodeowners(root: string, host: ConnectorHost): Promise<OwnerRules | undefined> {
  for (const place of places) {
    const file = path.join(root, place);
    if ((await host.stat(file))?.kind === 'file') return parseCodeowners(await host.readText(file, maxBytes));
  }
  return undefined;
}

interface Rule {
  readonly matches: (file: string) => boolean;
  readonly owners: readonly string[];
}

export function parseCodeowners(text: string): OwnerRules {
  const rules: Rule[] = [];
  let ofSection: readonly string[] = [];
  for (const line of text.split(/\r\n|\n|\r/)) {
    const [pattern, ...owners] = words(line);
    if (pattern === undefined) continue;
    const heading = /^\s*\^?\[[^\]]+\](?:\[\d+\])?(.*)$/.exec(line);
    if (heading) {
      ofSection = words(heading[1] ?? '');
      continue;
    }
    // GitHub knows no negation: such a line says nothing.
    if (pattern.startsWith('!')) continue;
    rules.push({ matches: matcher(pattern), owners: owners.length > 0 ? owners : ofSection });
  }
  return {
    owners: (file) => (ignore.isPathValid(file) ? (rules.findLast(({ matches }) => matches(file))?.owners ?? []) : []),
  };
}

/** Words between spaces that are not escaped, up to a `#` that begins a word. */
function words(line: string): readonly string[] {
  const found = line.match(/(?:\\.|[^\s\\])+/g) ?? [];
  const comment = found.findIndex((word) => word.startsWith('#'));
  return comment === -1 ? found : found.slice(0, comment);
}

function matcher(pattern: string): (file: string) => boolean {
  const list = ignore().add(pattern);
  // In a .gitignore `docs/*` takes whole folders with it; here it means the files of that folder alone.
  const flat = pattern.endsWith('/*') && !pattern.includes('**');
  const depth = pattern.replace(/^\//, '').split('/').length;
  return (file) => list.ignores(file) && (!flat || file.split('/').length === depth);
}

/** Changes to a CODEOWNERS file are seen after this, in ms. */
const lifetime = 30_000;

/** The owners of files in the workspace folders: answered from memory, read again in the background. */
export class Codeowners {
  #folders: readonly string[] = [];
  readonly #host: ConnectorHost;
  #rules: ReadonlyMap<string, OwnerRules> = new Map();
  #readAt = Number.NEGATIVE_INFINITY;

  constructor(folders: readonly string[], host: ConnectorHost) {
    this.#host = host;
    this.open(folders);
  }

  /** From now on these are the folders; their files are read in the background. */
  open(folders: readonly string[]): void {
    this.#folders = [...folders].sort((a, b) => b.length - a.length);
    void this.load();
  }

  /** Reads the files now; never rejects. Waiting for it makes the next answer complete. */
  async load(): Promise<void> {
    this.#readAt = this.#host.now();
    const rules = new Map<string, OwnerRules>();
    const folders = this.#folders;
    for (const folder of folders) {
      try {
        const found = await readCodeowners(folder, this.#host);
        if (found) rules.set(folder, found);
      } catch (error) {
        this.#host.log.warn(`CODEOWNERS: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
    if (folders === this.#folders) this.#rules = rules;
  }

  /** Owners of an absolute path, joined by a comma; undefined when nobody is named or the file is not read yet. */
  ownerOf(file: string): string | undefined {
    if (this.#host.now() - this.#readAt > lifetime) void this.load();
    const folder = this.#folders.find((candidate) => file.startsWith(candidate + path.sep));
    if (folder === undefined) return undefined;
    const owners = this.#rules.get(folder)?.owners(path.relative(folder, file).split(path.sep).join('/')) ?? [];
    return owners.length === 0 ? undefined : owners.join(', ');
  }
}
