import { InvalidArgumentError } from 'commander';
import { parseDurationOption } from '../shared/parse-duration-option.js';

/**
 * Parses the start of the history, in ms since the epoch: a time span before `now` such as `1d` or `30m`, or a date
 * such as `2026-11-22`, `2026-11-22T13:04` or `2026-11-22 13:04:05Z`. A date is in local time unless it names a zone.
 *
 * @throws InvalidArgumentError
 */
export function parseSince(text: string, now: number): number {
  const date = DATE.exec(text.trim());
  if (date) return parseDate(date) ?? refuse();
  try {
    return now - parseDurationOption(text.trim());
  } catch {
    return refuse();
  }
}

const DATE = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.\d+)?)?(Z|[+-]\d\d:?\d\d)?)?$/;

function parseDate([, year, month, day, hour = '0', minute = '0', second = '0', zone]: RegExpExecArray):
  | number
  | undefined {
  const parts = [year, month, day, hour, minute, second].map(Number);
  const [y = 0, m = 0, d = 0, h = 0, min = 0, s = 0] = parts;
  const utc = new Date(Date.UTC(y, m - 1, d, h, min, s));
  // Date.UTC would turn a day that the month does not have into one of the next month.
  const isReal = utc.getUTCMonth() === m - 1 && utc.getUTCDate() === d && h < 24 && min < 60 && s < 60;
  if (!isReal) return undefined;
  return zone === undefined
    ? new Date(y, m - 1, d, h, min, s).getTime()
    : utc.getTime() - offsetMinutes(zone) * 60_000;
}

function offsetMinutes(zone: string): number {
  if (zone === 'Z') return 0;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2));
  return zone.startsWith('-') ? -minutes : minutes;
}

function refuse(): never {
  throw new InvalidArgumentError(
    'Allowed: a time span such as 30m, 2h, 1d or 1d12h, or a date such as 2026-11-22 or 2026-11-22T13:04.',
  );
}
