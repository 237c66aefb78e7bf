// A real moto server of the test's own, filled by boto3; AWS's official client asks it through the live sync's own parts.
import { execFile } from 'node:child_process';
import path from 'node:path';
import type { TestContext } from 'node:test';
import { promisify } from 'node:util';
import { freePort, serve } from '../../scripts/live/programs.mjs';
import { environment } from '../../scripts/python/environments.mjs';
import type { LiveConnector } from '../../server/connectors/connector.ts';
import { connectors } from '../../server/connectors/registry.ts';
import type { ConnectionConfig } from '../../server/protocol/connection.ts';
import { realClock } from '../../server/sync/live/clock.ts';
import { type ConnectParts, connect } from '../../server/sync/live/connected.ts';
import { memoryLog } from '../support/log.ts';

export interface Moto {
  readonly url: string;
  script(name: string, ...args: readonly string[]): Promise<string>;
}

const keys = { username: 'AKIDEXAMPLE', password: 'secret-of-the-test' };

export async function motoServer(
  t: Pick<TestContext, 'diagnostic'> & { after(stop: () => Promise<void>): void },
): Promise<Moto> {
  const { python, bin } = await environment('aws', (message) => t.diagnostic(message));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const stops: (() => Promise<void>)[] = [];
  t.after(async () => {
    for (const stop of stops) await stop();
  });
  const env = { ...process.env, AWS_EC2_METADATA_DISABLED: 'true' };
  await serve(bin('moto_server'), ['-H', '127.0.0.1', '-p', String(port)], {
    url: `${url}/moto-api/data.json`,
    env,
    stops,
  });
  const script: Moto['script'] = async (name, ...args) => {
    const { stdout } = await promisify(execFile)(python, [path.join(import.meta.dirname, name), url, ...args], { env });
    return stdout.trim();
  };
  return { url, script };
}

/** With the manners around it; what is counted went out. */
export function connectedTo(
  url: string,
  more: Partial<ConnectionConfig> = {},
  parts: Partial<ConnectParts> = {},
): { readonly connector: LiveConnector; asked(): number } {
  const config: ConnectionConfig = {
    name: 'store',
    tool: 's3',
    url,
    region: 'eu-west-1',
    credential: 'stored',
    ...more,
  };
  const { connector, manners } = connect(config, {
    connectors,
    clock: realClock,
    random: Math.random,
    log: memoryLog(),
    secretOf: async () => ({ kind: 'basic', ...keys }),
    ...parts,
  });
  return { connector, asked: () => manners.requestsLastHour() };
}
