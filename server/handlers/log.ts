// Log: one line per event in the editor's output channel, with the time left to the editor.
import type { Connection } from 'vscode-languageserver/node';
import type { Log } from '../connectors/connector.ts';

export function connectionLog(connection: Connection): Log {
  const line = (message: string, fields?: object): string =>
    fields ? `${message} ${JSON.stringify(fields)}` : message;
  return {
    error: (message, fields) => connection.console.error(line(message, fields)),
    warn: (message, fields) => connection.console.warn(line(message, fields)),
    info: (message, fields) => connection.console.info(line(message, fields)),
    debug: (message, fields) => connection.console.debug(line(message, fields)),
  };
}
