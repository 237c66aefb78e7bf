// SQL frames: what the scan knows of the statement or the pair of brackets it is in.

/** One pair of brackets, or the statement itself. */
export interface Frame {
  readonly parent: Frame | undefined;
  /** Names of finished WITH parts, in lower case. */
  parts: Set<string> | undefined;
  aliases: Set<string> | undefined;
  /** Opened after a function's name: FROM belongs to the function (`EXTRACT(day FROM x)`) until a SELECT is seen. */
  readonly call: boolean;
  verb: string;
  selects: boolean;
  inFrom: boolean;
  inWith: boolean;
  recursive: boolean;
  /** What a closing bracket of the frame inside finishes. */
  part: string | undefined;
}

/** Sets are made when they are needed: there may be very many frames. */
export function withName(names: Set<string> | undefined, name: string): Set<string> {
  return names?.add(name) ?? new Set([name]);
}

export function newFrame(parent: Frame | undefined, call: boolean): Frame {
  return {
    parent,
    parts: undefined,
    aliases: undefined,
    call,
    verb: '',
    selects: false,
    inFrom: false,
    inWith: false,
    recursive: false,
    part: undefined,
  };
}
