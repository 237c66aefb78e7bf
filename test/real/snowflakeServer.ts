// fakesnow's own server, filled by Snowflake's own connector, and before it the SQL API v2 that it does not speak.
import { execFile } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import path from 'node:path';
import { promisify } from 'node:util';
import { freePort, serve } from '../../scripts/live/programs.mjs';
import { environment } from '../../scripts/python/environments.mjs';
import { worldAt } from '../fakes/snowflake/world.ts';
import type { TestFolder } from '../support/folder.ts';

export interface SnowflakeServer {
  /** Of the SQL API. */
  readonly url: string;
  readonly token: string;
  readonly user: string;
  /** PEM, unencrypted. */
  readonly privateKey: string;
  /** What Snowflake's own connector saw. */
  readonly seen: Seen;
}

type Row = Readonly<Record<string, unknown>>;

export interface Seen {
  readonly databases: readonly Row[];
  readonly objects: readonly Row[];
  readonly columns: readonly Row[];
  readonly described: readonly Row[];
  readonly warehouses: readonly Row[];
  readonly count: number;
  readonly claims: { readonly iss: string; readonly sub: string };
}

/** `folder` must be empty; `after` stops what was started. */
export async function snowflakeServer(
  folder: TestFolder,
  after: (stop: () => Promise<void>) => void,
  options: { readonly now: number; readonly tables?: number; readonly report?: (message: string) => void },
): Promise<SnowflakeServer> {
  const { python } = await environment('snowflake', options.report);
  const stops: (() => Promise<void>)[] = [];
  after(async () => {
    for (const stop of stops.reverse()) await stop();
  });
  const [own, front] = [await freePort(), await freePort()];
  const home = { HOME: folder.path, SNOWFLAKE_HOME: folder.path };
  const kept = Object.entries(process.env).filter(([name]) => !/^SNOWFLAKE_/.test(name));
  const env = { ...Object.fromEntries(kept), ...home };
  const { privateKey, publicKey } = generateKeyPairSync('rsa', {
    ...{ modulusLength: 2048, publicKeyEncoding: { type: 'spki', format: 'pem' } },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  const token = 'pat-of-the-test';
  // A private file, else the connector for Python complains.
  folder.write('rsa_key.p8', privateKey);
  folder.write(
    'connections.toml',
    `[fill]\nuser = "plumb"\npassword = "any"\naccount = "acme-prod_eu"\nhost = "127.0.0.1"\nport = ${own}\nprotocol = "http"\n`,
  );
  const canned = worldAt(options.now);
  const warehouses = canned.answer('SHOW WAREHOUSES');
  const answers = [[/^SHOW WAREHOUSES$/, warehouses] as const, ...canned.answers].filter(
    // fakesnow has these itself.
    ([begins]) => !/TABLE_CATALOG|TIMESTAMP AS AT/.test(begins.source),
  );
  folder.write(
    'canned.json',
    JSON.stringify({
      ...{ token, user: 'ACME-PROD_EU.PLUMB', publicKey, partitionRows: 40 },
      answers: answers.map(([begins, result]) => [begins.source, result]),
    }),
  );
  const script = path.join(import.meta.dirname, 'snowflake_api.py');
  const url = `http://127.0.0.1:${front}`;
  await serve(python, [script, String(front), String(own), folder.at('canned.json')], {
    url: `${url}/counts`,
    env,
    stops,
  });
  const fill = path.join(import.meta.dirname, 'snowflake_fill.py');
  const args = [fill, String(options.tables ?? 0), folder.at('rsa_key.p8'), 'acme-prod_eu', 'plumb'];
  const { stdout } = await promisify(execFile)(python, args, { env, maxBuffer: 64_000_000 });
  return { url, token, user: 'plumb', privateKey, seen: JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Seen };
}
