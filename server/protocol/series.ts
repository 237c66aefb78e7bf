// Series: the values of a metric over a time, as the panel draws them, and why some could not be had.

export interface SeriesParams {
  /** Of a metric, or of a monitor: then of the metrics it watches. */
  readonly id: string;
  /** How far to look back from now. */
  readonly hours: number;
}

export interface SeriesLine {
  /** What is drawn, tool text: `churn_score_seconds, 95th percentile, {model="churn"}`. */
  readonly name: string;
  /** Who says so: a connection, or the tool that recorded it. */
  readonly source: string;
  /** Epoch ms and value, oldest first; at least one. */
  readonly points: readonly (readonly [number, number])[];
}

export interface SeriesChart {
  readonly id: string;
  /** Epoch ms. */
  readonly from: number;
  readonly to: number;
  /** Of every line; absent: nobody says, or they differ. */
  readonly unit?: string;
  /** Empty: nobody has a value in this time. */
  readonly lines: readonly SeriesLine[];
  /** Connections that were asked and answered. */
  readonly asked: readonly string[];
  /** Why some could not be asked, in words that name the connection and the next step. */
  readonly problems: readonly string[];
  /** False where only runs recorded values: then all of them are drawn, and `hours` changes nothing. */
  readonly ranged: boolean;
}

/** Undefined when it is no metric and watches none. */
export type SeriesResult = SeriesChart | undefined;
