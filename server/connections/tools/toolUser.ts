// Tool user: what one tool's own variables and user-level files say about where it is and who asks.
import type { ConnectionConfig, Secret } from '../../protocol/connection.ts';

export interface ToolUser {
  /** What names the address, or would: `MLFLOW_TRACKING_URI` … */
  readonly named: string;
  /** The address they are for; absent when they name none. */
  readonly origin?: string;
  /** They are for something that is no server; their secret is for nobody else. */
  readonly elsewhere?: boolean;
  /** What can be offered. */
  readonly config?: Omit<ConnectionConfig, 'name'>;
  /** Why nothing can be offered although something is named. */
  readonly unusable?: string;
  readonly secret?: Secret;
  /** Where the secret stands. */
  readonly from?: string;
}
