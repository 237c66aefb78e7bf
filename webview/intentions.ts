// Intentions: what a user can want of the panel; all that drawing and interaction may call.
import type { LineageDirection } from '../server/protocol/lineage.ts';
import type { PanelState } from '../server/protocol/panel.ts';

export interface Intentions {
  select(id: string): void;
  /** Makes it the focus. */
  centre(id: string): void;
  openSource(id: string): void;
  /** An entity, or a run of it. */
  showLogs(id: string): void;
  /** The file that defines it at the commit of its newest run, against that of now. */
  compareWithCommit(id: string): void;
  /** Shows what is hidden in a direction, or hides what is shown; nothing when there is neither. */
  toggle(id: string, direction: LineageDirection): void;
  view(view: PanelState['view']): void;
  follow(following: boolean): void;
  zoom(zoom: PanelState['zoom']): void;
  /** The values of the selected node in the last so many hours, asked for anew. */
  chart(hours: number): void;
  /** Epoch ms; undefined: as it is now. */
  asOf(time: number | undefined): void;
  /** Opens or closes a row of the list. */
  row(key: string, open: boolean): void;
}
