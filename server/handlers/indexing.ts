// Indexing: how far reading the workspace is, shown by the editor's own progress; cancelling it pauses the reading.
import type { Connection, WorkDoneProgressServerReporter } from 'vscode-languageserver/node';
import type { IndexingProgress } from '../references/indexing/indexer.ts';

/** Below it, it is over before anybody could read it. */
const fewestShown = 300;
const title = 'Plumbline: reading the workspace';

export interface IndexingShown {
  progress(progress: IndexingProgress | undefined): void;
}

/** `pause` is called when the user stops it. */
export function showIndexing(connection: Connection, pause: () => void): IndexingShown {
  let reporter: WorkDoneProgressServerReporter | undefined;
  let asked = false;
  let last: IndexingProgress | undefined;
  const words = ({ read, of }: IndexingProgress): string => `${read} of ${of} files`;
  const end = (): void => {
    reporter?.done();
    reporter = undefined;
    asked = false;
  };
  const begin = async (): Promise<void> => {
    asked = true;
    const made = await connection.window.createWorkDoneProgress().catch(() => undefined);
    if (!made || !last) {
      asked = false;
      return;
    }
    made.begin(title, share(last), words(last), true);
    made.token.onCancellationRequested(() => {
      end();
      last = undefined;
      pause();
    });
    reporter = made;
  };
  return {
    progress(progress) {
      last = progress;
      if (!progress) end();
      else if (reporter) reporter.report(share(progress), words(progress));
      else if (!asked && progress.of - progress.read > fewestShown) void begin();
    },
  };
}

const share = ({ read, of }: IndexingProgress): number => Math.floor((100 * read) / Math.max(1, of));
