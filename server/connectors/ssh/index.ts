// The SSH connector: log files of a host by path patterns, read where they lie by the user's own ssh.
import { addressOf, type ConnectionConfig } from '../../protocol/connection.ts';
import { patternMistake, sshTarget } from '../../protocol/sshHost.ts';
import type { ConnectorFactory, LiveConnector, LiveHost, SourceName } from '../connector.ts';
import { SshLogs } from './logs.ts';
import { scanHost, scopeOf } from './scan.ts';
import { RemoteSession } from './session.ts';

export const ssh: ConnectorFactory = {
  tool: 'ssh',
  discover: () => [],
  create: () => {
    throw new Error('A host is asked over the network, not found in a folder: add a connection of the tool "ssh".');
  },
  connect,
};

function connect(connection: ConnectionConfig, host: LiveHost): LiveConnector {
  const { name, url, environment } = connection;
  const target = sshTarget(url);
  const { remote } = host;
  if (!target || !remote)
    throw new Error(
      `${name}: "url" must be ssh://host or ssh://user@host:port, with a name that ssh accepts. Correct it.`,
    );
  // Checked where they are read; what is approved later in the life of the file is checked once more.
  const patterns = (connection.logs ?? []).filter((pattern) => patternMistake(pattern) === undefined);
  const instance = connection.instance ?? addressOf(url);
  const session = new RemoteSession({ name, target, start: (command) => remote(command) });
  const scanned = { name, target, instance, patterns, session, ...(environment !== undefined && { environment }) };
  const source: SourceName = { name, tool: 'ssh', ...(environment !== undefined && { environment }) };
  return {
    source,
    scope: scopeOf(instance),
    kinds: ['host', 'run'],
    scan: async function* (signal) {
      yield await scanHost(scanned, signal);
    },
    describe: async function* (_, signal) {
      yield await scanHost(scanned, signal);
    },
    logs: new SshLogs({ name, host: target.host, session, patterns, now: () => host.now() }),
    greet: async (signal) => {
      const { system, hostname } = await session.self(signal);
      const { runs = [], problems = [] } = await scanHost(scanned, signal);
      const count = `${runs.length} ${runs.length === 1 ? 'log' : 'logs'}`;
      const why = runs.length === 0 ? problems.map(({ message }) => ` ${message}`) : [];
      return `${system || 'Host'} ${hostname || target.host}, ${count}.${why.join('')}`;
    },
    dispose: () => session.close(),
  };
}
