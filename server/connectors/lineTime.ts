// Line time: when a line of a log was written, by the time that it begins with.

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const clock = '(\\d\\d):(\\d\\d):(\\d\\d)(?:[.,](\\d{1,3})\\d{0,6})?';
const zone = ' ?(Z|[+-]\\d\\d:?\\d\\d)?';
/** 2026-11-20T00:00:05.123+0000, 2026/11/20 00:00:05; also inside of the JSON that some loggers write. */
const iso = new RegExp(`(\\d{4})[-/](\\d\\d)[-/](\\d\\d)[T ]${clock}${zone}`);
/** 20/Nov/2026:00:00:05 +0000: web servers. */
const web = new RegExp(`(\\d\\d)/([A-Z][a-z]{2})/(\\d{4}):${clock}${zone}`);
/** Nov 20 00:00:05: syslog, which knows no year. */
const syslog = new RegExp(`^(?:<\\d{1,3}>)?([A-Z][a-z]{2}) ([ \\d]\\d) ${clock}()`);
const looked = 300;

export interface LocalTime {
  /** Minutes that the host's local time is ahead of UTC, for times that name no zone. */
  readonly zoneMinutes: number;
  /** Epoch ms: about when the log was written last, for times without a year. */
  readonly near: number;
}

/** Epoch ms; undefined when the line does not begin with a time. */
export function lineTime(line: string, local: LocalTime): number | undefined {
  const start = line.slice(0, looked);
  const plain = iso.exec(start);
  if (plain) {
    const [, year, month, day, ...rest] = plain;
    return moment([Number(year), Number(month), Number(day)], rest, local);
  }
  const served = web.exec(start);
  if (served) {
    const [, day, month = '', year, ...rest] = served;
    return moment([Number(year), months.indexOf(month) + 1, Number(day)], rest, local);
  }
  const system = syslog.exec(start);
  if (!system) return undefined;
  const [, month = '', day, ...rest] = system;
  const year = new Date(local.near).getUTCFullYear();
  const at = moment([year, months.indexOf(month) + 1, Number(day)], rest, local);
  // A log that was written last in January holds lines of December.
  const isAhead = at !== undefined && at > local.near + 2 * 86_400_000;
  return isAhead ? moment([year - 1, months.indexOf(month) + 1, Number(day)], rest, local) : at;
}

function moment(
  [year, month, day]: readonly [number, number, number],
  [hours, minutes, seconds, fraction = '', offset = '']: readonly (string | undefined)[],
  { zoneMinutes }: LocalTime,
): number | undefined {
  if (month < 1 || month > 12 || day < 1 || day > 31) return undefined;
  const ms = Number(fraction.padEnd(3, '0'));
  const asUtc = Date.UTC(year, month - 1, day, Number(hours), Number(minutes), Number(seconds), ms);
  const [, sign, zoneHours, zoneRest] = /^([+-])(\d\d):?(\d\d)$/.exec(offset) ?? [];
  if (offset === 'Z') return asUtc;
  const ahead =
    sign === undefined ? zoneMinutes : (sign === '-' ? -1 : 1) * (Number(zoneHours) * 60 + Number(zoneRest));
  return asUtc - ahead * 60_000;
}
