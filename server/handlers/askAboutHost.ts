// Ask about host: the question whether log files may be read on a host that only the workspace names.
import type { Connection } from 'vscode-languageserver/node';
import type { HostAnswer } from '../connections/hostLogs.ts';

const answers: readonly { readonly title: string; readonly answer: HostAnswer }[] = [
  { title: 'Read Them', answer: 'allow' },
  { title: 'Not Now', answer: 'later' },
  { title: 'Never', answer: 'never' },
];

/** Whoever closes the question is asked again another time. */
export async function askAboutHost(
  connection: Connection,
  host: string,
  patterns: readonly string[],
): Promise<HostAnswer> {
  const what = patterns.length === 1 ? patterns[0] : `${patterns.length} patterns: ${patterns.join('  ')}`;
  const chosen = await connection.window.showInformationMessage(
    `plumbline.yaml of this workspace names log files on the host ${host}: ${what}. Shall Plumbline read them by your own ssh? It connects as "ssh ${host}" does, reads only files that this covers, and changes nothing there.`,
    ...answers.map(({ title }) => ({ title })),
  );
  return answers.find(({ title }) => title === chosen?.title)?.answer ?? 'later';
}
