// Server: joins a session to the editor's connection: what arrives, what is answered, what is told unasked.
import path from 'node:path';
import type { Connection, InitializeParams } from 'vscode-languageserver/node';
import { openConnectionDoors } from './connectionDoors.ts';
import { connectionsPlace } from './connections/place.ts';
import { pathOf } from './context.ts';
import { EventSwitch, receivedFolder } from './eventReceiver.ts';
import { capabilities } from './handlers/capabilities.ts';
import { guardInCells } from './handlers/cellPlaces.ts';
import { openDocuments } from './handlers/documents.ts';
import { createGuard } from './handlers/guard.ts';
import { showIndexing } from './handlers/indexing.ts';
import { connectionLog } from './handlers/log.ts';
import { routeNotifications } from './handlers/notifications.ts';
import { Presenter } from './handlers/presenter.ts';
import { routeRequests } from './handlers/requests.ts';
import { Secrets } from './handlers/secrets.ts';
import {
  connectionsIn,
  defaultSettings,
  eventsPortIn,
  excludedIn,
  parseSettings,
  ruleMistakes,
  rulesIn,
} from './handlers/settings.ts';
import type { InitializationOptions } from './protocol/lsp.ts';
import { Indexer } from './references/indexing/indexer.ts';
import { noUserRules } from './references/rules/userRules.ts';
import { Session } from './session.ts';
import { startSync } from './sync/here.ts';
import { thisUser } from './world/user.ts';

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
  let asked = false;
  const isReading = (): boolean => !asked || indexer.busy;
  presenter = new Presenter({ connection, session, documents, isReading });
  const present = presenter;
  for (const notice of notices) present.notice(notice);
  const changed = (): void => present.changed();
  session.index.patienceMs = patienceMs;
  session.git.onChanged(changed);
  const indexer = new Indexer({
    index: session.index,
    // The folders are read once the settings have said how.
    plan: { folders: [], excluded: [], rules: noUserRules, ...keptIn(options.storeFolder) },
    onChanged: () => {
      if (!indexer.busy) session.ownersChanged();
      changed();
    },
    onTrouble: (message) => log.error(message),
    onNotKept: (message) => log.warn(message),
    onProgress: (progress) => shown.progress(progress),
    now: () => performance.now(),
  });
  const shown = showIndexing(connection, () => {
    indexer.pause(true);
    log.info(
      'Reading the workspace is paused: names in files that were not read are not found. Read on with "Plumbline: Resume Indexing".',
    );
  });
  const user = thisUser();
  const received = receivedFolder(connectionsPlace(user));
  const key = user.variable('PLUMBLINE_LISTEN_KEY');
  const events = new EventSwitch({
    ...{ folder: received, log, now: () => Date.now(), ...(key === undefined ? {} : { key }) },
    onReceived: () => sync.poke([path.join(received, 'received.ndjson')]),
  });
  const sync = startSync({
    start: { storePath: session.storePath, folders, trusted, received, ...(options.proxy && { proxy: options.proxy }) },
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
  session.askRemoteLog = (question) => sync.live.askLog(question);
  session.askSeries = (question) => sync.live.askSeries(question);
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
  const loadFolders = async (): Promise<void> => {
    await session.loadFolders();
    planIndexing();
    changed();
    void doors.hostsDeclared();
  };

  let settings = defaultSettings;
  let section: unknown;
  let excluded: readonly string[] = [];
  const planIndexing = (): void => {
    if (!asked) return;
    const [own, ours] = [rulesIn(section), session.folders.config().references];
    const rules = { rules: [...ours.rules, ...own.rules], sqlCalls: [...ours.sqlCalls, ...own.sqlCalls] };
    indexer.planned({ folders: session.folders.roots, excluded, rules });
  };
  const readSettings = async (): Promise<void> => {
    // What cannot be asked just now is as before.
    section = (await connection.workspace.getConfiguration('plumbline').catch(() => undefined)) ?? section;
    excluded = excludedIn(await connection.workspace.getConfiguration('files.exclude').catch(() => undefined));
    settings = parseSettings(section);
    for (const mistake of ruleMistakes(rulesIn(section))) log.warn(mistake);
    asked = true;
    planIndexing();
    changed();
    await events.use(trusted ? eventsPortIn(section) : undefined);
    await doors.useSetting(connectionsIn(section));
  };
  void loadFolders().then(readSettings);
  routeRequests({
    connection,
    session,
    documents,
    guard: guardInCells(guard, { documents, cells: (uri) => session.index.cells(uri) }),
    settings: () => settings,
    now,
    rescan: () => sync.rescan(),
    pauseIndexing: (paused) => indexer.pause(paused),
    freshen: (ids, deadlineMs) => sync.live.freshen(ids, deadlineMs),
  });
  routeNotifications({
    connection,
    session,
    documents,
    indexer,
    sync,
    loadFolders: () => void loadFolders(),
    edited: () => present.edited(),
    settingsChanged: () => void readSettings(),
    foldersChanged: (roots) => {
      session.openFolders(roots);
      sync.openFolders(roots);
      void doors.foldersChanged();
      // Settings of a folder may be others than those of the window.
      void loadFolders().then(readSettings);
    },
  });
  return async () => {
    present.dispose();
    doors.dispose();
    await Promise.all([sync.stop(), indexer.stop(), events.close()]);
    session.close();
  };
}

/** Beside the store; nowhere when there is none. */
function keptIn(storeFolder: string | undefined): { readonly keptIn?: string } {
  return storeFolder === undefined || storeFolder === ':memory:' ? {} : { keptIn: path.join(storeFolder, 'index.db') };
}
