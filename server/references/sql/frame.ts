// SQL frames: what the scan knows of the statement or the pair of brackets it is in.
import type { Role } from '../reference.ts';

/** A table that was read or written, until the statement is over. */
export interface Candidate {
  readonly sort: 'table' | 'path' | 'endpoint';
  readonly name: string;
  role: Role;
  readonly from: number;
  readonly to: number;
  readonly qualified: string | undefined;
  readonly frame: Frame;
  /** Which of the texts that Jinja tells apart. */
  readonly text: number;
  /** It turned out to be an alias or a column. */
  dropped?: boolean;
}

/** One pair of brackets, or the statement itself. */
export interface Frame {
  readonly parent: Frame | undefined;
  /** The statement it stands in. */
  readonly root: Frame;
  readonly depth: number;
  /** Names of finished WITH parts, in lower case; `*` in one stands for anything. */
  parts: Set<string> | undefined;
  /** More of them are filled in later: any plain name may be one. */
  open: boolean;
  /** In lower case, with the table that each stands for. */
  aliases: Map<string, Candidate | undefined> | undefined;
  /** Opened after a function's name: FROM belongs to the function (`EXTRACT(day FROM x)`) until a SELECT is seen. */
  readonly call: boolean;
  verb: string;
  selects: boolean;
  inFrom: boolean;
  inWith: boolean;
  recursive: boolean;
  /** What a closing bracket of the frame inside finishes. */
  part: readonly string[] | undefined;
  /** The WITH part that this is the body of, and whether a UNION was seen: then its own name means itself. */
  body: readonly string[] | undefined;
  unites: boolean;
  /** Behind its closing bracket may stand an alias. */
  named: boolean;
  /** Opened after a function that hands SQL to another database. */
  asks: boolean;
  /** What the addresses in it are, as far as a function says. */
  textRole: Role | undefined;
  /** Of a statement: it makes a function or procedure; ON names a table; FROM names none; addresses wait for its end. */
  routine: boolean;
  onNames: boolean;
  loads: boolean;
  using: boolean;
  external: boolean;
  makes: boolean;
  /** `DELETE o FROM orders o`. */
  target: Candidate | undefined;
  waiting: Candidate[] | undefined;
}

export function newFrame(parent: Frame | undefined, call: boolean): Frame {
  const frame = {
    parent,
    depth: parent ? parent.depth + 1 : 0,
    parts: undefined,
    open: false,
    aliases: undefined,
    call,
    verb: '',
    selects: false,
    inFrom: false,
    inWith: false,
    recursive: false,
    part: undefined,
    body: undefined,
    unites: false,
    named: false,
    asks: false,
    textRole: undefined,
    routine: false,
    onNames: false,
    loads: false,
    using: false,
    external: false,
    makes: false,
    target: undefined,
    waiting: undefined,
  };
  return withRoot(frame, parent?.root);
}

function withRoot(frame: Omit<Frame, 'root'>, root: Frame | undefined): Frame {
  const made: Omit<Frame, 'root'> & { root?: Frame } = frame;
  made.root = root ?? (made as Frame);
  return made as Frame;
}

/** So far up names are looked for; deeper brackets are no one's SQL. */
const farthest = 100;

/** How a local name is told: in lower case; with holes in it, by what is written there and by what is known of it. */
export function localName(name: string, written: string): readonly string[] {
  if (!/[*\ue000-\uf8ff]/.test(name)) return [name.toLowerCase()];
  const known = name.replace(/[\ue000-\uf8ff]+/g, '*').toLowerCase();
  const keys = [written.replace(/\s+/g, '').toLowerCase()];
  return /\w/.test(known) ? [known, ...keys] : keys;
}

/** Whether a WITH part of this name can be seen from the frame. */
export function isPart(frame: Frame, names: readonly string[]): boolean {
  let steps = 0;
  const isPlain = names.some((name) => /^[\w$-]+$/.test(name));
  for (let at: Frame | undefined = frame; at && steps < farthest; at = at.parent, steps++) {
    if (at.open && isPlain) return true;
    for (const name of names) {
      if (at.parts?.has(name) || (at.unites && at.body?.includes(name))) return true;
      if (at.parts?.has(patterned)) for (const part of at.parts) if (fits(part, name)) return true;
    }
  }
  return false;
}

/** Stands among the parts when one of them has a `*`. */
const patterned = '?';

/** `cte_*` and `cte_a`; one `*` is enough. */
function fits(pattern: string, name: string): boolean {
  const star = pattern.indexOf('*');
  if (star < 0) return false;
  return (
    name.length >= pattern.length - 1 &&
    name.startsWith(pattern.slice(0, star)) &&
    name.endsWith(pattern.slice(star + 1))
  );
}

export function addPart(frame: Frame, names: readonly string[]): void {
  frame.parts ??= new Set();
  for (const name of names) {
    frame.parts.add(name);
    if (name.includes('*') && frame.parts.size < 200) frame.parts.add(patterned);
  }
}

export function addAlias(frame: Frame, name: string, table: Candidate | undefined): void {
  // What is filled later is no name yet.
  if (/[*\ue000-\uf8ff]/.test(name)) return;
  frame.aliases ??= new Map();
  if (!frame.aliases.has(name)) frame.aliases.set(name, table);
}

/** Whether the first part of a dotted name is another table's alias: `FROM orders o, o.items`. */
export function isColumn({ name, frame }: Candidate): boolean {
  const dot = name.indexOf('.');
  if (dot < 0) return false;
  const owner = name.slice(0, dot).toLowerCase();
  let steps = 0;
  for (let at: Frame | undefined = frame; at && steps < farthest; at = at.parent, steps++) {
    if (at.aliases?.has(owner)) return true;
  }
  return false;
}
