// Moves every time in a recorded text by the same amount, so that what belongs together stays together.

/** One move of the recording through time. */
export interface Shift {
  /** How far, in milliseconds; whole seconds, so that fractions of a second need not be touched. */
  readonly by: number;
  /** Only times from here … */
  readonly from: number;
  /** … to here (milliseconds since 1970, UTC) belong to the recording; any other is left alone. */
  readonly to: number;
}

const day = 86_400_000;

// A time in text: ISO 8601 (also percent-encoded, as in URLs), the same with slashes, or a day alone.
const written = /(?<!\d)(20\d\d)([-/])(\d\d)\2(\d\d)(?:([T ])(\d\d)(:|%3A)(\d\d)\7(\d\d))?(?!\d)/g;
// A time as Python prints it: datetime.datetime(2026, 11, 21, 9, 0, 12, 345678, tzinfo=…).
const printed =
  /\b(datetime\.datetime|DateTime)\((20\d\d), (\d{1,2}), (\d{1,2})(?:, (\d{1,2}))?(?:, (\d{1,2}))?(?:, (\d{1,2}))?/g;
// A time as a number: milliseconds or seconds since 1970.
const counted = /(?<![\w.-])(1[78]\d{8})(\d{3})?(?![\w-])/g;

/** The shift that makes `newest` two hours older than `now`; times up to 120 days before `newest` move along. */
export function shiftTo(newest: Date, now: Date): Shift {
  const by = Math.floor((now.getTime() - 2 * 3_600_000 - newest.getTime()) / 1000) * 1000;
  return { by, from: newest.getTime() - 120 * day, to: newest.getTime() + day };
}

/** The text with its times moved. Days standing alone move as 06:00 UTC of that day would. */
export function shiftText(text: string, shift: Shift): string {
  return text
    .replace(written, (all, ...groups: (string | undefined)[]) => shiftWritten(all, groups, shift))
    .replace(printed, (all, name: string, ...parts: (string | undefined)[]) => {
      const [year = 0, month = 0, date = 0, hour, minute, second] = parts.slice(0, 6).map((part) => Number(part ?? 0));
      const moved = shiftNumber(Date.UTC(year, month - 1, date, hour, minute, second), shift);
      return moved === undefined ? all : `${name}(${iso(moved).split(/[-T:]/).map(Number).join(', ')}`;
    })
    .replace(counted, (all, seconds: string, rest?: string) => {
      const moved = shiftNumber(Number(seconds) * 1000 + Number(rest ?? 0), shift);
      if (moved === undefined) return all;
      return rest === undefined ? String(moved / 1000) : String(moved);
    });
}

/** One match of `written`; it keeps the separators it had. */
function shiftWritten(all: string, groups: readonly (string | undefined)[], shift: Shift): string {
  const [year, dash = '-', month, day, t, hour = '06', colon = ':', minute = '00', second = '00'] = groups;
  const moved = shiftNumber(Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`), shift);
  if (moved === undefined) return all;
  const [date = '', time = ''] = iso(moved).split('T');
  return date.replaceAll('-', dash) + (t === undefined ? '' : t + time.replaceAll(':', colon));
}

/** A time in milliseconds since 1970, moved; undefined when it is not of the recording. */
export function shiftNumber(time: number, shift: Shift): number | undefined {
  if (!(time >= shift.from && time <= shift.to)) return undefined;
  return time + shift.by;
}

/** `2026-11-21T09:00:12`, UTC. */
function iso(time: number): string {
  return new Date(time).toISOString().slice(0, 19);
}
