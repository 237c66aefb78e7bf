// Remote: what the connector of a host may touch of it: a command run there by the user's own ssh, and that alone.
import type { LiveHost } from '../connectors/connector.ts';
import type { ConnectionConfig } from '../protocol/connection.ts';
import { sshTarget } from '../protocol/sshHost.ts';
import type { Http } from './http/client.ts';
import { startSsh } from './ssh.ts';

/** Hosts are not asked over HTTP. */
export const noHttp: Http = () => Promise.reject(new Error('A host is asked by ssh, not over HTTP.'));

/** Nothing for connections that are no hosts. Only where servers may be asked at all is it handed out: not in Restricted Mode. */
export function remoteOf({ tool, url, sshConfigFile }: ConnectionConfig): Pick<LiveHost, 'remote'> {
  const target = tool === 'ssh' ? sshTarget(url) : undefined;
  if (!target) return {};
  const options = { target, ...(sshConfigFile !== undefined && { configFile: sshConfigFile }) };
  return { remote: (command) => startSsh(options, command) };
}
