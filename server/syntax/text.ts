// Text positions: 0-based lines and UTF-16 columns, as the editor counts them.

export interface Position {
  readonly line: number;
  readonly character: number;
}

export interface Range {
  readonly start: Position;
  /** Exclusive. */
  readonly end: Position;
}
