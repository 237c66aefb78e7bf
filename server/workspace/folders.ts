// Folders: the open workspace folders and what each one's plumbline.yaml says, read again when it changes.
import path from 'node:path';
import type { Entity } from '../catalog/entity.ts';
import type { UserRules } from '../references/rules/userRules.ts';
import { declaredOwner } from './owners.ts';
import {
  emptyConfig,
  type MetricRule,
  type PlumblineConfig,
  parsePlumblineFile,
  plumblineFileName,
} from './plumblineFile.ts';

export class Folders {
  #roots: readonly string[];
  readonly #readText: (path: string) => Promise<string | undefined>;
  #texts = '';
  #merged: PlumblineConfig = emptyConfig;
  /** Grows when a configuration changed. */
  revision = 0;

  /** `readText` gives undefined where there is no file. */
  constructor(roots: readonly string[], readText: (path: string) => Promise<string | undefined>) {
    this.#roots = roots;
    this.#readText = readText;
  }

  /** Absolute, in the order in which the editor shows them. */
  get roots(): readonly string[] {
    return this.#roots;
  }

  /** What these say counts once it is loaded. */
  open(roots: readonly string[]): void {
    this.#roots = roots;
    this.#texts = '';
  }

  async load(): Promise<void> {
    const roots = this.#roots;
    const texts = await Promise.all(roots.map((root) => this.#readText(path.join(root, plumblineFileName))));
    const all = JSON.stringify(texts);
    if (all === this.#texts || roots !== this.#roots) return;
    this.#texts = all;
    const configs = texts.map((text) => (text === undefined ? emptyConfig : parsePlumblineFile(text).config));
    this.#merged = {
      metrics: namedApart(configs.map(({ metrics }) => metrics)),
      metricQueries: configs.flatMap(({ metricQueries }) => metricQueries),
      owners: configs.flatMap(({ owners }) => owners),
      joins: configs.flatMap(({ joins }) => joins),
      logs: configs.flatMap(({ logs }) => logs),
      hostLogs: configs.flatMap(({ hostLogs }) => hostLogs),
      references: togetherRules(configs.map(({ references }) => references)),
    };
    this.revision++;
  }

  /** Everything the folders declare, in the order of the folders. */
  config(): PlumblineConfig {
    return this.#merged;
  }

  /** The first folder's own file and its text; undefined where no folder is open. */
  firstFile(): { readonly path: string; readonly text: string | undefined } | undefined {
    const [root] = this.roots;
    if (root === undefined) return undefined;
    const [text]: (string | null)[] = this.#texts === '' ? [] : JSON.parse(this.#texts);
    return { path: path.join(root, plumblineFileName), text: text ?? undefined };
  }

  ownerOf(entity: Entity): string | undefined {
    return declaredOwner(this.#merged.owners, entity);
  }
}

/** The rules of all folders count everywhere: code of one calls code of another. */
function togetherRules(all: readonly UserRules[]): UserRules {
  return {
    rules: all.flatMap(({ rules }) => rules),
    sqlCalls: all.flatMap(({ sqlCalls }) => sqlCalls),
    mistakes: [],
  };
}

/** A rule that another folder has too counts once; another rule of the same name gets a number, because names are the identity of incidents. */
function namedApart(folders: readonly (readonly MetricRule[])[]): readonly MetricRule[] {
  const found = new Map<string, MetricRule>();
  for (const rule of folders.flat()) {
    let name = rule.name;
    for (let number = 2; ; number++) {
      const before = found.get(name);
      if (!before) found.set(name, { ...rule, name });
      if (!before || sameTest(before, rule)) break;
      name = `${rule.name} (${number})`;
    }
  }
  return [...found.values()];
}

function sameTest(one: MetricRule, other: MetricRule): boolean {
  const of = ({ subject, conditions }: MetricRule): string => JSON.stringify([subject, conditions]);
  return of(one) === of(other);
}
