import { Cron } from 'croner';

/** When something recurs. */
export interface CronSchedule {
  /** The first time after this one, ms since the epoch; undefined: it never comes again. */
  next(after: number): number | undefined;
}

/**
 * Parses five fields of cron (minute, hour, day of month, month, day of week), six with the seconds in front, or a word
 * such as `@daily`. Times are those of this host's clock and time zone. A time that the change to summer time skips
 * comes as soon as the clock has moved on, and one that occurs twice in autumn counts once. If its minute or hour is `*` or
 * has a step it comes as the clock shows it: not when it is skipped, and twice in autumn.
 *
 * @throws CronTextError
 */
export function parseCronSchedule(text: string): CronSchedule {
  const cron = parse(text);
  return { next: (after) => cron.nextRun(new Date(after))?.getTime() };
}

/**
 * The shortest period between two times of a schedule, in ms, without any change to or from summer time. Infinity if it
 * comes only once, undefined if never.
 *
 * @throws CronTextError
 */
export function shortestPeriod(text: string): number | undefined {
  const times = parse(text, { utcOffset: 0 }).nextRuns(LOOKED_AT, SOME_TIME);
  if (times.length === 0) return undefined;
  const gaps = times.slice(1).map((time, index) => time.getTime() - (times[index]?.getTime() ?? 0));
  return Math.min(Number.POSITIVE_INFINITY, ...gaps);
}

/** A text that is no schedule. */
export class CronTextError extends Error {}

/** Enough for every day of a season, and every weekday of a year. */
const LOOKED_AT = 100;
const SOME_TIME = new Date('2024-01-01T00:00:00Z');

function parse(text: string, zone: { readonly utcOffset?: number } = {}): Cron {
  // The library also accepts a date, which comes only once, and `?`, which means the time of parsing.
  if (!/^(?:@[a-z]+|[^\s?]+(?:\s+[^\s?]+){4,5})$/i.test(text)) throw new CronTextError('has not five fields');
  try {
    return new Cron(text, {
      paused: true,
      mode: '5-or-6-parts',
      // As in the cron of Linux: 2,14 are clock times and not an interval.
      fixedTimeRule: 'no-wildcard',
      ...zone,
    });
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    throw new CronTextError(problem.replace(/^CronPattern: /, '').replace(/\.$/, ''));
  }
}
