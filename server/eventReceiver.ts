// Event receiver: OpenLineage events that programs of this machine post, kept where the connector of event files finds them.
import path from 'node:path';
import type { Log } from './connectors/connector.ts';
import { receiveBody } from './connectors/openlineage/receive.ts';
import { DayFiles } from './world/dayFiles.ts';
import { type Receiver, startReceiver } from './world/http/receiver.ts';

/** OpenLineage's clients post to the first one unless told otherwise (openlineage-python 1.54); batches go to the second. */
const paths = ['/api/v1/lineage', '/api/v1/lineage/batch'];

export interface EventReceiverOptions {
  /** 0: any that is free. */
  readonly port: number;
  /** Absolute. */
  readonly folder: string;
  /** What senders must know; absent: nothing. */
  readonly key?: string;
  readonly log: Log;
  /** Epoch ms. */
  readonly now: () => number;
  /** Events were kept. */
  readonly onReceived?: (count: number) => void;
}

/** Beside the user's connections.json. */
export function receivedFolder(connectionsFile: string): string {
  return path.join(path.dirname(connectionsFile), 'received-events');
}

/** Rejects, in words, when it cannot listen there. */
export function receiveEvents({ port, folder, key, log, now, onReceived }: EventReceiverOptions): Promise<Receiver> {
  const files = new DayFiles({ folder, now, log });
  return startReceiver({
    ...{ port, paths, log },
    ...(key === undefined ? {} : { key }),
    async take(text) {
      const { lines, status, answer } = receiveBody(text);
      // First kept, then said to be: a sender that hears nothing sends again, and events twice are events once.
      await files.append(lines);
      if (lines.length > 0) onReceived?.(lines.length);
      return { status, ...(answer && { json: answer }) };
    },
  });
}

/** On while a port is set, by the user alone; another window that listens there already takes the events for all. */
export class EventSwitch {
  readonly #options: Omit<EventReceiverOptions, 'port'>;
  #port: number | undefined;
  #running: Promise<Receiver | undefined> = Promise.resolve(undefined);

  constructor(options: Omit<EventReceiverOptions, 'port'>) {
    this.#options = options;
  }

  /** Undefined: off. Never rejects; resolves when it listens, or does not. */
  async use(port: number | undefined): Promise<void> {
    if (port === this.#port) return;
    this.#port = port;
    this.#running = this.#running.then(async (before) => {
      await before?.close();
      return port === undefined ? undefined : this.#open(port);
    });
    await this.#running;
  }

  async close(): Promise<void> {
    await this.use(undefined);
  }

  async #open(port: number): Promise<Receiver | undefined> {
    const { log, folder } = this.#options;
    try {
      const receiver = await receiveEvents({ ...this.#options, port });
      log.info('OpenLineage events are received', { url: receiver.url, folder });
      return receiver;
    } catch (error) {
      log.warn(
        `${error instanceof Error ? error.message : String(error)} If that is another window of this editor, all is well.`,
      );
      return undefined;
    }
  }
}
