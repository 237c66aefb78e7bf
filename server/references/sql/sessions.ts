// SQL sessions: carries what USE said in one text to the texts behind it, in the same function or in the cells of a notebook.
import { ownOf, partsOf } from '../blockParts.ts';
import { nameScope } from '../evaluation/bindings.ts';
import type { Expression } from '../expression.ts';
import type { Binding, Block, PlacedBlock, PlacedSite } from '../summary.ts';
import { qualifiedBy, type Session, usedBehind } from './session.ts';

/** A name that no code can have; its value tells what a text leaves behind. */
const sessionMark = '@use';

export function sessionBinding(session: Session, { at }: Pick<Expression, 'at'>): Binding {
  return { name: sessionMark, sort: 'assigned', value: { is: 'text', value: JSON.stringify(session), at } };
}

const marked = new WeakMap<Block, boolean>();

function isMarked(block: Block): boolean {
  const known = marked.get(block);
  if (known !== undefined) return known;
  const is =
    ownOf(block).bindings.some(({ content }) => content.name === sessionMark) ||
    partsOf(block).some((part) => isMarked(part.block));
  marked.set(block, is);
  return is;
}

interface Carried {
  readonly before: string;
  readonly block: Block;
  readonly after: Session;
}
const remembered = new WeakMap<Block, Carried>();

/** Whether any USE is said; looked at anew each time. */
export function hasSessions(blocks: readonly PlacedBlock[]): boolean {
  return blocks.some(({ block }) => block.bindings.some(({ content }) => content.name === sessionMark));
}

/** The same blocks where no USE is said; blocks that nothing is carried into stay what they were. */
export function withSessions(blocks: readonly PlacedBlock[]): readonly PlacedBlock[] {
  if (!blocks.some(({ block }) => isMarked(block))) return blocks;
  let session: Session = {};
  return blocks.map((placed) => {
    const before = JSON.stringify(session);
    const known = remembered.get(placed.block);
    const carried = known?.before === before ? known : { before, ...carry(placed.block, session) };
    remembered.set(placed.block, carried);
    session = carried.after;
    return carried.block === placed.block ? placed : { line: placed.line, block: carried.block };
  });
}

function carry(block: Block, outer: Session): Omit<Carried, 'before'> {
  const sessions = new Map<number, Session>([[0, outer]]);
  const marks = block.bindings.filter(({ content }) => content.name === sessionMark);
  const said = marks.map(({ line, scope, content: { value } }) => ({
    at: line + value.at[0],
    scope: nameScope(block, scope),
    session: sessionIn(value),
  }));
  if (said.length === 0 && Object.keys(outer).length === 0) return { block, after: outer };
  let changed = false;
  let next = 0;
  const take = (before: number): void => {
    for (let one = said[next]; one && one.at < before; one = said[++next])
      sessions.set(one.scope, usedBehind(sessions.get(one.scope) ?? {}, one.session));
  };
  said.sort((one, other) => one.at - other.at);
  const inOrder = block.sites
    .flatMap((site, index) =>
      site.content.site === 'table' ? [{ index, line: site.line + site.content.value.at[0] }] : [],
    )
    .sort((one, other) => one.line - other.line);
  const sites = [...block.sites];
  for (const { index, line } of inOrder) {
    take(line);
    const site = sites[index];
    const made = site && qualified(site, sessions.get(nameScope(block, site.scope)));
    if (!made) continue;
    sites[index] = made;
    changed = true;
  }
  take(Number.POSITIVE_INFINITY);
  return { block: changed ? { ...block, sites } : block, after: sessions.get(0) ?? outer };
}

/** Undefined where nothing is added. */
function qualified(site: PlacedSite, session: Session | undefined): PlacedSite | undefined {
  const { content } = site;
  if (!session || content.site !== 'table' || content.value.is !== 'text') return undefined;
  const longer = qualifiedBy(session, content.detail?.qualified ?? content.value.value);
  return longer === undefined
    ? undefined
    : { ...site, content: { ...content, detail: { ...content.detail, qualified: longer } } };
}

function sessionIn(value: Expression): Session {
  return value.is === 'text' ? (JSON.parse(value.value) as Session) : {};
}
