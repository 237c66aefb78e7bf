// WorldError: what went wrong with a file, store or program outside, in words that name it and the next step.

/**
 * `missing`: nothing is there. `forbidden`: not allowed, or not trusted. `busy`: locked or out of time, worth another
 * try. `broken`: it is there and cannot be understood. `tooBig`: over a cap of ours.
 */
export type FailureKind = 'missing' | 'forbidden' | 'busy' | 'broken' | 'tooBig' | 'other';

export class WorldError extends Error {
  readonly kind: FailureKind;

  constructor(kind: FailureKind, message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'WorldError';
    this.kind = kind;
  }
}

/** The words for an error of the file system about `path`. */
export function fileError(path: string, error: unknown): WorldError {
  if (error instanceof WorldError) return error;
  const code = codeOf(error);
  const shown = printable(path);
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return new WorldError('missing', `${shown} is not there. Check the path, or scan again if it was moved.`, error);
    case 'EACCES':
    case 'EPERM':
      return new WorldError('forbidden', `${shown} may not be read. Give your user read permission on it.`, error);
    case 'EISDIR':
      return new WorldError('broken', `${shown} is a folder, not a file. Name the file inside it.`, error);
    case 'EBUSY':
      return new WorldError('busy', `${shown} is in use by another program. It is read again at the next scan.`, error);
    case 'EMFILE':
    case 'ENFILE':
      return new WorldError(
        'busy',
        `${shown} could not be opened: too many files are open. Close some and retry.`,
        error,
      );
    case 'ELOOP':
      return new WorldError('broken', `${shown} is a symbolic link to itself. Repair the link.`, error);
    case 'ERR_INVALID_ARG_VALUE':
      return new WorldError('broken', `${shown} is not a usable path (it holds a NUL character). Correct it.`, error);
    default:
      return new WorldError(
        'other',
        `${shown} could not be read (${code ?? messageOf(error)}). Check the disk it is on.`,
        error,
      );
  }
}

/** `ENOENT`, `ERR_…`; undefined when the error has none. */
export function codeOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Text that goes into a message: control characters are shown as escapes, so that a file name cannot forge a line. */
export function printable(text: string): string {
  return text.replace(
    /[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
