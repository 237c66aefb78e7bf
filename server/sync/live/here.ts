// Live here: the live sync in this thread, over the session's own store, while there is no file that a worker could share.
import { type LiveDoor, within } from './door.ts';
import type { LiveSide } from './liveSide.ts';

export type LiveHere = LiveDoor & { stop(): Promise<void> };

/** `opening`: loaded only when needed, since usually the worker has it. */
export function liveHere(opening: Promise<LiveSide>): LiveHere {
  opening.catch(() => {});
  const tell = (work: (side: LiveSide) => unknown): void => void opening.then(work).catch(() => {});
  return {
    setConnections: (connections, isWhole) => tell((side) => side.setConnections(connections, isWhole)),
    setProxy: (proxy) => tell((side) => side.setProxy(proxy)),
    attention: (params) => tell((side) => side.attend(params)),
    secretChanged: (name) => tell((side) => side.secretChanged(name)),
    connectionStatuses: async () => (await opening).statuses(),
    syncNow: async (name) => (await opening).syncNow(name),
    askLog: async (question) => (await opening).askLog(question),
    askSeries: async (question) => (await opening).askSeries(question),
    freshen: (ids, deadlineMs) =>
      within(
        deadlineMs,
        opening.then((side) => side.freshen(ids)),
      ),
    stop: async () => {
      await (await opening.catch(() => undefined))?.stop();
    },
  };
}
