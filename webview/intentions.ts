// Intentions: what a user can want of the panel; all that interaction may do.
import type { LineageDirection } from '../server/protocol/lineage.ts';

export interface Intentions {
  select(id: string): void;
  focus(id: string): void;
  openSource(id: string): void;
  showLogs(id: string): void;
  /** Opens what is hidden in a direction, or hides what is shown. */
  toggle(id: string, direction: LineageDirection): void;
}
