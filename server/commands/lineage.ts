// lineage ID: what is upstream and downstream of an entity, with who says so.
import * as answers from '../answers.ts';
import { asOfWords, timeOf, unsureWords } from './asOf.ts';
import type { Answer, CommandContext } from './run.ts';
import { columns, unreadSources } from './shown.ts';

/** The id may be a whole entity id, or `kind:name`. Exit 1 when nothing has it; 2 for a time to come; 3 when it might be known to a source that could not be read. */
export async function lineage({ session, line }: CommandContext): Promise<Answer> {
  const [subject = ''] = line.subjects;
  const { now } = session.options;
  const id = answers.idOf(session, subject);
  const asOf = line.asOf === undefined ? undefined : timeOf(line.asOf, now());
  if (asOf !== undefined && asOf > now()) return { json: null, words: 'That time is yet to come.\n', exit: 2 };
  const params = { expanded: [], collapsed: [], ...(asOf === undefined ? {} : { asOf }) };
  const graph = id === undefined ? undefined : await answers.lineage(session, { id, ...params });
  if (!graph) {
    const unread = session.read(({ catalog }) => unreadSources(catalog));
    const words = `Nothing known is called ${subject}. Ids look like model:churn or table:a.b.c.\n${unread}`;
    return { json: null, words, exit: unread ? 3 : 1 };
  }
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
