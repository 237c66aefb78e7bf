// Whole files: what a file of settings holds, as one value that code reads it into: `yaml.safe_load(open("config.yml"))`.
import type { DictEntry, Expression, Span } from '../expression.ts';
import type { Setting } from '../summary.ts';
import type { TemplateContext } from './templates.ts';
import { valueExpression } from './templates.ts';
import { PlacedScalar, type Places } from './trees/scalar.ts';
import type { ConfigDocument, ConfigNode, ScalarNode } from './trees/tree.ts';

/** Longer files are data. */
const longestRead = 20_000;
const mostScalars = 400;
const longestScalar = 500;
const deepest = 12;
const nowhere: Span = [0, 0, 0, 0];

/** Names that people give to what their code reads when it starts. */
const named =
  /(?:^|[/_.-])(?:conf|config|cfg|settings|params|parameters|hyperparameters|constants|(?:py)?project|variables|feature_store|experiment|pipeline|tables|paths|env|environments?)(?:[_.-][^/]*)?\.(?:ya?ml|json|toml)$/i;
const inFolder =
  /\/(?:conf|confs|config|configs|configuration|settings|params|parameters)\/(?:[^/]+\/){0,3}[^/]+\.(?:ya?ml|json|toml)$/i;
/** What other programs read. */
const others =
  /\/(?:dbt_project|package|tsconfig|docker-compose[^/]*|databricks|bundle|pnpm-workspace)\.\w+$|\/\.[^/]+\//i;

/** Whether code may read the file into a variable: told by what it is called and how long it is. */
export function isReadByCode(path: string, length: number): boolean {
  return length <= longestRead && !others.test(path) && (named.test(path) || inFolder.test(path));
}

/** Undefined where the file holds no map, as most data does not. */
export function wholeFile(
  path: string,
  document: ConfigDocument,
  places: Places,
  context: TemplateContext,
): Setting | undefined {
  if (document.root.is !== 'map') return undefined;
  const value = new WholeFile(document, places, context).value(document.root, 0, 0);
  const name = path.slice(path.lastIndexOf('/') + 1);
  return value && name !== '' ? { space: 'file', name, value, line: 0 } : undefined;
}

class WholeFile {
  readonly #document: ConfigDocument;
  readonly #places: Places;
  readonly #context: TemplateContext;
  #left = mostScalars;

  constructor(document: ConfigDocument, places: Places, context: TemplateContext) {
    this.#document = document;
    this.#places = places;
    this.#context = context;
  }

  /** Undefined for `null`, and for what is too deep or too much. */
  value(node: ConfigNode, base: number, depth: number): Expression | undefined {
    if (depth > deepest) return undefined;
    switch (node.is) {
      case 'scalar':
        return this.#scalar(node, base);
      case 'map':
        return { is: 'dict', entries: this.#entries(node, base, depth), at: nowhere };
      case 'list': {
        const items = node.items.map(
          ({ value, shift = 0 }): Expression =>
            this.value(value, base + shift, depth + 1) ?? { is: 'unknown', at: nowhere },
        );
        return { is: 'list', items, at: nowhere };
      }
      default: {
        const anchor = this.#document.anchors.get(node.name);
        return anchor && this.value(anchor.node, anchor.base, depth + 1);
      }
    }
  }

  #scalar(node: ScalarNode, base: number): Expression | undefined {
    const { value, style } = node;
    if (value === '' || value.length > longestScalar || --this.#left < 0) return undefined;
    if (style === 'plain' && /^(?:~|null)$/i.test(value)) return undefined;
    return valueExpression(new PlacedScalar(node, base, this.#places), 0, value.length, 0, this.#context);
  }

  #entries(node: ConfigNode & { is: 'map' }, base: number, depth: number): readonly DictEntry[] {
    return node.entries.flatMap(({ key, value, shift = 0 }): DictEntry[] => {
      const found = this.value(value, base + shift, depth + 1);
      if (!found) return [];
      if (key.value === '<<') return [{ value: found }];
      return [{ key: { is: 'text', value: key.value, at: nowhere }, value: found }];
    });
  }
}
