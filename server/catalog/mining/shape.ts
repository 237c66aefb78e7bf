// Shape: one kind of page of a tool, as it is written in the tables, matched against an address.
import { type Address, decoded } from './addresses.ts';

export type Parts = ReadonlyMap<string, string>;

/** A page as data: where its parts stand in the address, and the kind and parts of the id that they make. */
export interface Page {
  /**
   * `/dags/:dag/grid?task_id=:task`, `#/models/:model`: segments, behind `#` those of the hash, and query parameters.
   * `:name` is a part, `:name.hex` one of that form. What follows a shape in an address does not matter, nor what is before.
   */
  readonly shape: string;
  /** `run dag run`: the kind, then the parts in their order; `=-1` is a segment of its own. `run@mlflow …` is of another tool. */
  readonly id: string;
  /** Of a run: what it is one of, in the same way. */
  readonly of?: string;
}

const forms: Readonly<Record<string, RegExp>> = {
  hex: /^[0-9a-f]{32}$/i,
  number: /^\d{1,20}$/,
  uuid: /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i,
  /** A driver's number means another one after each start of the cluster. */
  submission: /^(?![0-9a-f]{8}$)[\w.:-]{1,200}$/,
  slo: /^[0-9a-f]{32}$/i,
};
const longestPart = 1000;

interface Shape {
  readonly isHash: boolean;
  readonly segments: readonly string[];
  readonly query: readonly (readonly [key: string, part: string])[];
}

const read = new Map<string, Shape>();

function shapeOf(text: string): Shape {
  const before = read.get(text);
  if (before) return before;
  const [path = '', query = ''] = text.split('?');
  const shape = {
    isHash: path.startsWith('#'),
    segments: path.replace(/^#?\/?/, '').split('/'),
    query: query === '' ? [] : query.split('&').map((pair) => pair.split('=') as [string, string]),
  };
  read.set(text, shape);
  return shape;
}

export interface Fit {
  readonly parts: Parts;
  /** `host/prefix`: what the page stands below. */
  readonly base: string;
}

/** Undefined when the address is no such page. */
export function fit(page: Page, address: Address): Fit | undefined {
  const { isHash, segments, query } = shapeOf(page.shape);
  const [whole, asked] = isHash ? [address.hash, address.hashQuery] : [address.path, address.query];
  const last = isHash ? 0 : whole.length - segments.length;
  for (let from = 0; from <= last; from += 1) {
    if (segments[0] !== whole[from] && !segments[0]?.startsWith(':')) continue;
    const parts = partsAt(whole.slice(from), segments);
    const all = parts && withQuery(parts, asked, query);
    if (!all) continue;
    const prefix = isHash ? address.path.filter((segment) => segment !== '') : whole.slice(0, from);
    return { parts: all, base: [address.host, ...prefix].join('/') };
  }
  return undefined;
}

function partsAt(written: readonly string[], segments: readonly string[]): Map<string, string> | undefined {
  const parts = new Map<string, string>();
  for (const [at, segment] of segments.entries()) {
    const found = written[at];
    if (found === undefined) return undefined;
    if (segment.startsWith(':')) {
      if (!put(parts, segment, decoded(found))) return undefined;
    } else if (segment !== found) return undefined;
  }
  return parts;
}

function withQuery(parts: Map<string, string>, asked: Parts, query: Shape['query']): Parts | undefined {
  for (const [key, part] of query) {
    const value = asked.get(key);
    if (value === undefined || !put(parts, part, value)) return undefined;
  }
  return parts;
}

function put(parts: Map<string, string>, written: string, value: string): boolean {
  const [name = '', form] = written.slice(1).split('.');
  if (value === '' || value.length > longestPart || (form !== undefined && !forms[form]?.test(value))) return false;
  parts.set(name, form === 'hex' || form === 'uuid' ? value.toLowerCase() : value);
  return true;
}
