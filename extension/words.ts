// Words: every phrase the extension itself shows; what comes from tools is said by the server.

export const words = {
  serverStopped: 'The Plumbline server stopped several times and was not started again.',
  restart: 'Restart',
  showOutput: 'Show Output',
  nothingHere:
    'No model, job, table, path or metric is named at the cursor. Put the cursor on such a name and try again.',
  noServer: 'Plumbline is still starting. Try again in a moment.',
  noPlace: 'No line of this workspace defines this name. Its facts page is shown instead.',
  reading: 'Plumbline: reading metadata…',
  looking: 'Plumbline: looking for the log that explains it…',
  sampleTitle: 'Folder for the Plumbline sample',
  sampleHere: 'Put the Sample Here',
  sampleUnpacking: 'Plumbline: unpacking the sample…',
  sampleFailed: (reason: string): string => `The sample could not be unpacked: ${reason}`,
  copied:
    'Plumbline diagnostics are on the clipboard. They hold versions, sources and timings, no secrets and no file contents.',
  noLog: 'The evidence does not lead to a log. The Evidence view says which link is missing and how to supply it.',
  atStart: 'This is the start of the log.',
  atEnd: 'This is the end of the log.',
  followed: 'The end of the log is shown and follows new lines. Run Follow again to stop.',
  followStopped: 'The log is no longer followed.',
  noRoot: 'No line of this log stands out as the cause.',
  diffTitle: (file: string, commit: string, run: string): string =>
    `${file} (${commit.slice(0, 7)}, run ${run}) ↔ ${file} (now)`,
  unchanged: (file: string, commit: string): string => `${file} is the same as at commit ${commit.slice(0, 7)}.`,
  notAnId: 'This command was given no name that Plumbline knows.',
  lineage: 'Lineage',
  noFocusTitle: 'Nothing chosen yet',
  noFocusAdvice:
    'Put the cursor on the name of a model, job, table, path or metric, or run Plumbline: Open Lineage there.',
  noGraphTitle: 'Nothing is known of this name',
  noGraphAdvice: 'No tool that was read knows it and no code reads or writes it. Hover the name to see why.',
  graphFailedTitle: 'The lineage could not be drawn',
  graphFailedAdvice: 'The Plumbline output channel says more; Plumbline: Restart Server starts anew.',
  frameTooltip: 'Open the local file at this frame',
  incidents,
  notRead: (source: string, reason: string | undefined): string =>
    `${source} could not be read${reason ? `: ${reason}` : '. The Plumbline output channel says more.'}`,
  someNotRead: (sources: readonly string[]): string =>
    `${sources.length} sources could not be read: ${sources.join(', ')}. The Plumbline item in the status bar says why.`,
  ready: (entities: number, found: number): string => `Plumbline: ${entities} names known, ${incidents(found)}`,
} as const;

function incidents(count: number): string {
  return count === 1 ? '1 incident' : `${count} incidents`;
}
