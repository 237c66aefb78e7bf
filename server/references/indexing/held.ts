// Held: what comes from the worker in as few objects as can be: collections of the young heap take as long as there are objects that stay.
import type { Reference } from '../reference.ts';
import type { Definition, FileSummary, Setting } from '../summary.ts';
import type { PackedFile } from './packed.ts';

/** In no name that anybody writes; a file with such a name is held as it came. */
const between = '\0';
const nothing: Readonly<Record<never, never>> = {};
/** Texts of which there are few: names of kinds, tools and rules. */
const words = new Map<string, string>();

export class HeldFile implements PackedFile {
  readonly uri: string;
  readonly rules: string;
  readonly bytes: Uint8Array;
  readonly size: number;
  readonly sites: number;
  readonly definitions?: readonly Definition[];
  readonly settings?: readonly Setting[];
  readonly cells?: FileSummary['cells'];
  readonly #bound: string | readonly string[];

  constructor({ uri, rules, bytes, size, sites, bound, definitions, settings, cells }: PackedFile) {
    this.uri = uri;
    this.rules = word(rules);
    // Its bytes alone: they are a part of the message that they came in.
    this.bytes = bytes.slice();
    this.size = size;
    this.sites = sites;
    this.#bound = bound.length === 0 || bound.some((name) => name.includes(between)) ? bound : bound.join(between);
    if (definitions) this.definitions = definitions;
    if (settings) this.settings = settings;
    if (cells) this.cells = cells;
  }

  get bound(): readonly string[] {
    return typeof this.#bound === 'string' ? this.#bound.split(between) : this.#bound;
  }
}

export function held(reference: Reference): Reference {
  const { kind, name, role, text, tool, detail, confidence, via, within, calls, range } = reference;
  if (calls) return reference;
  return {
    kind: word(kind),
    name,
    role: word(role),
    text: text === name ? name : text,
    tool: word(tool),
    detail: isEmpty(detail) ? nothing : detail,
    confidence: word(confidence),
    via: word(via),
    within: isEmpty(within) ? nothing : within,
    range,
  };
}

function isEmpty(value: object): boolean {
  for (const _key in value) return false;
  return true;
}

function word<Text extends string>(text: Text): Text {
  const known = words.get(text);
  if (known !== undefined) return known as Text;
  words.set(text, text);
  return text;
}
