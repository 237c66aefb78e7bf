// A log that keeps its lines, for tests that look at them.
import type { Log } from '../../server/connectors/connector.ts';

export interface MemoryLog extends Log {
  readonly lines: readonly string[];
}

export function memoryLog(): MemoryLog {
  const lines: string[] = [];
  const write = (level: string) => (message: string, fields?: object) => {
    lines.push(`${level} ${message}${fields ? ` ${JSON.stringify(fields)}` : ''}`);
  };
  return { lines, error: write('error'), warn: write('warn'), info: write('info'), debug: write('debug') };
}
