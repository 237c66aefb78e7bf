// Ask about query: the question whether a query that only the workspace names may be run in a warehouse of the user.
import type { Connection } from 'vscode-languageserver/node';
import type { HostAnswer } from '../connections/hostLogs.ts';
import type { MetricQuery } from '../protocol/metricQuery.ts';

const answers: readonly { readonly title: string; readonly answer: HostAnswer }[] = [
  { title: 'Run It', answer: 'allow' },
  { title: 'Not Now', answer: 'later' },
  { title: 'Never', answer: 'never' },
];
const shown = 600;

/** Whoever closes the question is asked again another time. */
export async function askAboutQuery(
  connection: Connection,
  name: string,
  { metric, query }: MetricQuery,
): Promise<HostAnswer> {
  const text =
    query.length <= shown ? query : `${query.slice(0, shown)}… (${query.length} characters; see plumbline.yaml)`;
  const chosen = await connection.window.showInformationMessage(
    `plumbline.yaml of this workspace names a query for the metric ${metric}: ${text} — Shall Plumbline run it with your connection ${name}? It does so every quarter of an hour while a warehouse is awake for others, and wakes none.`,
    ...answers.map(({ title }) => ({ title })),
  );
  return answers.find(({ title }) => title === chosen?.title)?.answer ?? 'later';
}
