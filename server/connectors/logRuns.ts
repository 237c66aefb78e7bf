// LogRuns: what one tool makes of logs of its executions that another tool stores; handed to that other one by the registry.
import type { CatalogChange } from '../catalog/change.ts';
import type { KnownInstances } from '../catalog/mine.ts';

export interface FoundLog {
  /** Below the folder of logs, with `/`. */
  readonly relative: string;
  /** A `remoteLog` address. */
  readonly address: string;
  /** Epoch ms. */
  readonly modifiedAt: number;
  /** Its beginning and its end; a line that was cut is left out. */
  readonly lines: readonly string[];
}

export interface LogRunsContext {
  /** Of the tool whose logs they are. */
  readonly instance: string;
  /** Epoch ms. */
  readonly now: number;
  readonly instances: KnownInstances;
}

export interface LogRuns {
  /** The tool whose logs they are. */
  readonly tool: string;
  /** Whether this is the log of one execution. */
  reads(relative: string): boolean;
  /** What belongs to one execution: they are told together. */
  groupOf(relative: string): string;
  /** The logs of whole groups. */
  page(logs: readonly FoundLog[], context: LogRunsContext): Pick<CatalogChange, 'entities' | 'edges' | 'runs'>;
}
