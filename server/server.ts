// Server: joins a session to the editor's connection: what arrives, what is answered, what is told unasked.
import type { Connection, InitializeParams } from 'vscode-languageserver/node';
import { openConnectionDoors } from './connectionDoors.ts';
import { pathOf } from './context.ts';
import { capabilities } from './handlers/capabilities.ts';
import { guardInCells } from './handlers/cellPlaces.ts';
import { openDocuments } from './handlers/documents.ts';
import { createGuard } from './handlers/guard.ts';
import { connectionLog } from './handlers/log.ts';
import { routeNotifications } from './handlers/notifications.ts';
import { Presenter } from './handlers/presenter.ts';
import { routeRequests } from './handlers/requests.ts';
import { Secrets } from './handlers/secrets.ts';
import { connectionsIn, defaultSettings, parseSettings } from './handlers/settings.ts';
import type { InitializationOptions } from './protocol/lsp.ts';
import { Indexer } from './references/indexing/indexer.ts';
import { Session } from './session.ts';
import { startSync } from './sync/here.ts';

/** Nothing is opened, read or run before the editor says `initialized`. */
export function startServer(connection: Connection): void {
  const documents = openDocuments(connection);
  const secrets = new Secrets(connection);
  let asked: InitializeParams | undefined;
  let close = async (): Promise<void> => undefined;
  connection.onInitialize((params) => {
    asked = params;
    const experimental = { sealFor: secrets.sealFor };
    return { capabilities: { ...capabilities, experimental }, serverInfo: { name: 'plumbline' } };
  });
  connection.onInitialized(() => {
    if (asked) close = serve(connection, documents, asked, secrets);
  });
  connection.onShutdown(() => close());
  connection.listen();
}

/** The indexer evaluates in between. */
const patienceMs = 3;

type Documents = ReturnType<typeof openDocuments>;

function serve(
  connection: Connection,
  documents: Documents,
  params: InitializeParams,
  secrets: Secrets,
): () => Promise<void> {
  const options: Partial<InitializationOptions> = params.initializationOptions ?? {};
  const log = connectionLog(connection);
  const folders = (params.workspaceFolders ?? []).flatMap(({ uri }) => pathOf(uri) ?? []);
  const trusted = options.trusted ?? false;
  let presenter: Presenter | undefined;
  const notices: string[] = [];
  const onNotice = (notice: string): unknown => presenter?.notice(notice) ?? notices.push(notice);
  const session = new Session({
    storeFolder: options.storeFolder ?? ':memory:',
    liveFolder: options.liveFolder,
    folders,
    trusted,
    log,
    now: () => Date.now(),
    onNotice,
  });
  presenter = new Presenter({ connection, session, documents });
  const present = presenter;
  for (const notice of notices) present.notice(notice);
  const changed = (): void => present.changed();
  session.index.patienceMs = patienceMs;
  session.git.onChanged(changed);
  const indexer = new Indexer({
    index: session.index,
    folders,
    onChanged: () => {
      if (!indexer.busy) session.ownersChanged();
      changed();
    },
    onTrouble: (message) => log.error(message),
    now: () => performance.now(),
  });
  const sync = startSync({
    start: { storePath: session.storePath, folders, trusted, ...(options.proxy && { proxy: options.proxy }) },
    store: session.store,
    // In Restricted Mode no server is asked, and what the user's connections gave before is only read.
    ...(trusted && options.liveFolder !== undefined && { live: { store: session.live, path: session.livePath } }),
    host: session.host,
    events: {
      onChanged: changed,
      onStatus: (status) => present.syncStatus(status),
      onNotice,
      secretOf: (name, origin) => doors.secretOf(name, origin),
      log,
    },
  });
  session.readRemoteLog = (source, key) => sync.live.readLog(source, key);
  const now = (): number => performance.now();
  const guard = createGuard({ log, now });
  const doors = openConnectionDoors({
    connection,
    guard,
    session,
    secrets,
    proxy: options.proxy,
    live: sync.live,
    changed,
    onNotice,
  });
  void session.loadFolders().then(changed);

  let settings = defaultSettings;
  let section: unknown;
  const readSettings = async (): Promise<void> => {
    // What cannot be asked just now is as before.
    section = (await connection.workspace.getConfiguration('plumbline').catch(() => undefined)) ?? section;
    settings = parseSettings(section);
    changed();
    await doors.useSetting(connectionsIn(section));
  };
  void readSettings();
  routeRequests({
    connection,
    session,
    documents,
    guard: guardInCells(guard, { documents, cells: (uri) => session.index.cells(uri) }),
    settings: () => settings,
    now,
    rescan: () => sync.rescan(),
    freshen: (ids, deadlineMs) => sync.live.freshen(ids, deadlineMs),
  });
  routeNotifications({
    connection,
    session,
    documents,
    indexer,
    sync,
    changed,
    edited: () => present.edited(),
    settingsChanged: () => void readSettings(),
  });
  return async () => {
    present.dispose();
    doors.dispose();
    await Promise.all([sync.stop(), indexer.stop()]);
    session.close();
  };
}
