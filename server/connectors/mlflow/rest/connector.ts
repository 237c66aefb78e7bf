// A live MLflow connection: an open-source tracking server (2.x or 3.x) over REST. MLflow hosted by Databricks is not one.
import type { Catalog } from '../../../catalog/catalog.ts';
import { addressOf, type ConnectionConfig } from '../../../protocol/connection.ts';
import type { LiveConnector, LiveHost } from '../../connector.ts';
import { kinds } from '../coverage.ts';
import { idsOf } from '../entities.ts';
import { createApi } from './ask/api.ts';
import { describe } from './describe.ts';
import { linksOf } from './links.ts';
import { readLog } from './logs.ts';
import { scan } from './scan.ts';
import { type Live, Memory } from './scope.ts';
import { greet, refuseDatabricks } from './who.ts';

/** Asks nothing yet. What each method asks is said in its own file; a scan's in `scan.ts`. */
export function connect(connection: ConnectionConfig, host: LiveHost, catalog?: Catalog): LiveConnector {
  const { name, url, environment, workspace } = connection;
  const instance = connection.instance ?? addressOf(url);
  const ids = idsOf(instance);
  const scope = ids
    .model('')
    .replace(/^model:/, '')
    .replace(/\/$/, '');
  const live: Live = {
    ...{ api: createApi(connection, host), name, instance, scope, ids, links: linksOf(url, workspace) },
    ...(environment === undefined ? {} : { environment }),
    ...(catalog === undefined ? {} : { catalog }),
    memory: new Memory(),
  };
  return {
    source: { name, tool: 'mlflow', ...(environment === undefined ? {} : { environment }) },
    scope,
    kinds,
    mines: true,
    scan: async function* (signal, since) {
      refuseDatabricks(connection);
      yield* scan(live, signal, since);
    },
    describe: async function* (wanted, signal) {
      refuseDatabricks(connection);
      yield* describe(wanted, live, signal);
    },
    readLog: async (key, signal) => readLog(key, live, signal),
    greet: async (signal) => {
      refuseDatabricks(connection);
      return greet(live, signal);
    },
  };
}
