// Labels: what a node says of itself: name, tool, last status, and how large it is drawn.
import type { Catalog } from '../catalog/catalog.ts';
import { type EntityId, parseEntityId } from '../catalog/entity.ts';
import type { Run } from '../catalog/run.ts';
import type { LineageNode } from '../protocol/lineage.ts';
import type { NeighbourNode } from './neighbourhood.ts';
import { kindOf } from './nodes.ts';

export type LabelledNode = Omit<LineageNode, 'x' | 'y'>;

/** Two lines, name and kind; a third one says how the last run went. */
const height = { usual: 44, withStatus: 60 };
const narrowest = 110;
const widest = 360;
const longestLabel = 36;
/** In points, right of the icon: of the name (13 px, bold), of the lines below (11 px). */
const nameCharacter = 8;
const belowCharacter = 6.2;
const around = 50;
const statusCharacters = 'succeeded 23 h ago'.length;
/** The way to the logs, beside a failed status. */
const logsWidth = 44;

/** `hasSource` says whether a line of code can be opened for any of the ids. */
export function labelled(
  catalog: Catalog,
  node: NeighbourNode,
  hasSource: (members: readonly EntityId[]) => boolean,
): LabelledNode {
  const { id, members, hiddenUpstream, hiddenDownstream } = node;
  const label = shortened(plain(catalog.get(id)?.name ?? nameOf(id)));
  const run = lastRun(catalog, members);
  const [kind, tool] = [kindOf(id), toolOf(id)];
  return {
    id,
    kind,
    label,
    tool,
    status: run?.status,
    statusAt: run && (run.endedAt ?? run.startedAt ?? run.scheduledFor),
    hasSource: hasSource(members),
    hiddenUpstream,
    hiddenDownstream,
    width: widthOf(label, `${kind} · ${tool}`, run),
    height: run ? height.withStatus : height.usual,
  };
}

/** Controls and characters that turn or hide what stands beside them. */
const unseen =
  /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]|[\u{e0000}-\u{e007f}]/gu;

/** Tool text as it may be drawn: one line in which every character shows. */
export function plain(text: string): string {
  return text.replace(unseen, '\ufffd').toWellFormed();
}

/** So that every line fits. */
function widthOf(label: string, below: string, run: Run | undefined): number {
  const status = run ? statusCharacters * belowCharacter + (run.status === 'failed' ? logsWidth : 0) : 0;
  const content = Math.max(label.length * nameCharacter, below.length * belowCharacter, status);
  return Math.round(Math.min(widest, Math.max(narrowest, content + around)));
}

/** The newest run of any member; for data, the newest run that wrote it. */
export function lastRun(catalog: Catalog, members: readonly EntityId[]): Run | undefined {
  const runs = members.flatMap((id) => {
    const own = catalog.runs(id, { limit: 1 });
    return own.length > 0 ? own : catalog.runsUsing(id, 'writes', 1);
  });
  return runs.toSorted((one, other) => timeOf(other) - timeOf(one))[0];
}

function timeOf(run: Run): number {
  return run.startedAt ?? run.scheduledFor ?? 0;
}

function nameOf(id: EntityId): string {
  if (id.startsWith('code:')) return id.split(':').slice(2).join(':');
  const parts = parseEntityId(id);
  if (!parts) return id;
  const name = parts.segments.join(parts.kind === 'table' ? '.' : '/');
  return parts.kind === 'path' ? `${parts.tool}://${parts.instance}/${name}` : name;
}

/** `code` where no tool knows the name. */
function toolOf(id: EntityId): string {
  return id.startsWith('code:') ? 'code' : (parseEntityId(id)?.tool ?? '');
}

/** Keeps the end, where names differ. */
function shortened(name: string): string {
  return name.length <= longestLabel ? name : `…${name.slice(1 - longestLabel)}`;
}
