// listen: `sync --listen` takes OpenLineage events that programs of this machine post, until the user ends it.
import { connectionsPlace } from '../connections/place.ts';
import { receivedFolder, receiveEvents } from '../eventReceiver.ts';
import { thisUser } from '../world/user.ts';
import type { CommandLine } from './arguments.ts';
import type { CommandWorld } from './run.ts';
import { plain } from './shown.ts';

export interface Listening {
  /** Resolves when the user ends it; at once where nobody can. */
  untilEnded(): Promise<void>;
  close(): Promise<void>;
}

/** Says on stderr where events go to, so that stdout stays what it was. Rejects when it cannot listen there. */
export async function listenForEvents(
  port: number,
  { connections }: Pick<CommandLine, 'connections'>,
  { error, now, ended }: Pick<CommandWorld, 'error' | 'now' | 'ended'>,
): Promise<Listening> {
  const user = thisUser();
  const folder = receivedFolder(connections ?? connectionsPlace(user));
  const say = (message: string, fields?: object): unknown =>
    error(plain(`plumbline: ${message}${fields ? ` ${JSON.stringify(fields)}` : ''}\n`));
  // Of the user's own environment; a key never stands in a file of ours.
  const key = user.variable('PLUMBLINE_LISTEN_KEY');
  // From the first moment on: whoever ends it while sources are still read loses nothing.
  const end = ended?.();
  let events = 0;
  const receiver = await receiveEvents({
    ...{ port, folder, now, log: { error: say, warn: say, info: () => undefined, debug: () => undefined } },
    ...(key === undefined || key === '' ? {} : { key }),
    onReceived: (count) => {
      events += count;
    },
  });
  const who = key ? 'whoever knows PLUMBLINE_LISTEN_KEY' : 'whoever is on this machine';
  error(
    plain(
      `Events are received at ${receiver.url}/api/v1/lineage from ${who} (OPENLINEAGE_URL=${receiver.url}) and kept in ${folder}. Ctrl+C ends it.\n`,
    ),
  );
  return {
    untilEnded: async () => end,
    async close() {
      await receiver.close();
      error(`${events.toLocaleString('en')} ${events === 1 ? 'event was' : 'events were'} received.\n`);
    },
  };
}
