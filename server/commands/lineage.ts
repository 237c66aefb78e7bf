// lineage ID: what is upstream and downstream of an entity, or the way to another one, with who says so.
import * as answers from '../answers.ts';
import type { EntityId } from '../catalog/entity.ts';
import type { Session } from '../session.ts';
import { asOfWords, timeOf, unsureWords } from './asOf.ts';
import type { Answer, CommandContext } from './run.ts';
import { columns, unreadSources } from './shown.ts';

/** So that what was asked for is seen, however much there is. */
const mostOfDeep = 1_000;
/** As many as a panel has on screen. */
const mostLooked = 100;

/** The id may be a whole entity id, or `kind:name`. Exit 1 when nothing has it; 2 for a time to come; 3 when it might be known to a source that could not be read. */
export async function lineage({ session, line, look }: CommandContext): Promise<Answer> {
  const [subject = ''] = line.subjects;
  const { now } = session.options;
  if (look) for (const end of [subject, line.to ?? subject]) await lookAround(session, end, look);
  const id = answers.idOf(session, subject);
  const asOf = line.asOf === undefined ? undefined : timeOf(line.asOf, now());
  if (asOf !== undefined && asOf > now()) return { json: null, words: 'That time is yet to come.\n', exit: 2 };
  if (id !== undefined && line.to !== undefined) return way(session, id, line.to);
  const params = { expanded: [], collapsed: [], ...(asOf === undefined ? {} : { asOf }) };
  const bounds = line.depth === undefined ? {} : { depth: line.depth, limit: mostOfDeep };
  const graph = id === undefined ? undefined : await answers.lineage(session, { id, ...params }, bounds);
  if (!graph) return unknown(session, subject);
  const labels = new Map(graph.nodes.map((node) => [node.id, `${node.kind} ${node.label}`]));
  const rows = graph.edges.map(({ from, to, relation, origins, evidence, unsure }) => [
    labels.get(from) ?? from,
    '→',
    labels.get(to) ?? to,
    relation,
    origins.join(', '),
    evidence[0] ?? '',
    ...(graph.asOf ? [unsure ? unsureWords[unsure] : ''] : []),
  ]);
  const left = graph.leftOut > 0 ? `${graph.leftOut} more are left out.\n` : '';
  return { json: graph, words: (graph.asOf ? asOfWords(graph, graph.asOf) : '') + columns(rows) + left, exit: 0 };
}

/** As a panel asks for what is on screen; twice, since what comes brings neighbours of its own. */
async function lookAround(session: Session, subject: string, look: NonNullable<CommandContext['look']>): Promise<void> {
  const asked = new Set<EntityId>();
  for (let round = 0; round < 2; round++) {
    const id = answers.idOf(session, subject);
    const fresh = id === undefined ? [] : answers.idsAround(session, id).filter((one) => !asked.has(one));
    if (fresh.length > 0) await look(fresh.slice(0, mostLooked));
    for (const one of fresh) asked.add(one);
  }
}

/** Each step as it was said, from upstream to downstream; the order is that of the way. Exit 1 when there is none. */
function way(session: Session, from: EntityId, subject: string): Answer {
  const to = answers.idOf(session, subject);
  if (to === undefined) return unknown(session, subject);
  const steps = answers.way(session, from, to);
  if (!steps) {
    const unread = session.read(({ catalog }) => unreadSources(catalog));
    return { json: null, words: `No lineage leads from ${from} to ${to}.\n${unread}`, exit: unread ? 3 : 1 };
  }
  const json = steps.map(({ edge }) => {
    const { from: upstream, to: downstream, relation, origin, evidence } = edge;
    return { from: upstream, to: downstream, relation, origin, evidence };
  });
  const rows = steps.map(({ edge, against }) => {
    const [one, other] = against ? [edge.to, edge.from] : [edge.from, edge.to];
    return [one, against ? '←' : '→', other, edge.relation, edge.origin, edge.evidence];
  });
  const words = steps.length > 0 ? columns(rows) : `${from} and ${to} are one and the same.\n`;
  return { json, words, exit: 0 };
}

function unknown(session: Session, subject: string): Answer {
  const unread = session.read(({ catalog }) => unreadSources(catalog));
  const words = `Nothing known is called ${subject}. Ids look like model:churn or table:a.b.c.\n${unread}`;
  return { json: null, words, exit: unread ? 3 : 1 };
}
