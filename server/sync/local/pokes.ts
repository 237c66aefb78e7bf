// Pokes: what a changed file has to do with a source; pure.
import path from 'node:path';
import type { SourceConfig } from '../../connectors/connector.ts';

/** `own`: it is part of the source, read it. `perhaps`: compare the fingerprint. */
export type Concern = 'own' | 'perhaps' | 'no';

export function concerns(file: string, source: SourceConfig): Concern {
  // Also the companions of a file: `mlflow.db-wal`.
  if (file.startsWith(source.path)) return 'own';
  const inFolder = file.startsWith(`${source.workspaceFolder}${path.sep}`);
  return inFolder && file.endsWith('.py') && source.tool === 'airflow' ? 'perhaps' : 'no';
}

/** Names whose appearance may mean a new source. */
export function mayBeNew(file: string): boolean {
  const name = path.basename(file);
  return (
    /^(plumbline\.yaml|dbt_project\.yml|manifest\.json|meta\.yaml|mlruns)$/.test(name) ||
    /\.(db|ndjson|jsonl)$/.test(name) ||
    file.includes('dag_id=')
  );
}
