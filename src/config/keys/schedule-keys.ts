import * as z from 'zod';
import { parseDuration } from '../../domain/duration.js';
import { CronTextError, shortestPeriod } from '../../lib/cron-schedule.js';
import { quoteValue } from '../reading/config-error.js';
import { type KeyDescription, keyInfo } from './key-info.js';

const SCHEDULES = 'minute hour day-of-month month day-of-week, such as 0 2 * * sun';
const DURATIONS = 'a time such as 90s, 30m, 2h, 1d or 1h30m, at most 366d';

/** A schedule in the form of cron. It stays a text, because only what runs by the clock parses it. */
export function cronText(about: KeyDescription) {
  return z
    .string()
    .superRefine((text, context) => {
      const problem = checkSchedule(text);
      if (problem) context.addIssue(`${quoteValue(text)} ${problem}, allowed: ${SCHEDULES}`);
    })
    .register(keyInfo, { ...about, type: 'text', allowed: SCHEDULES });
}

/** A duration, in ms. */
export function duration(about: KeyDescription) {
  return z
    .string()
    .transform((text, context): number => {
      const ms = readDuration(text);
      if (ms !== undefined) return ms;
      context.addIssue(`${quoteValue(text)} is not a duration, allowed: ${DURATIONS}`);
      return z.NEVER;
    })
    .register(keyInfo, { ...about, type: 'word', allowed: DURATIONS });
}

/** A duration in ms; undefined if the text is none. A bare number means seconds, as everywhere in the file. */
export function readDuration(text: string): number | undefined {
  return parseDuration(/^\d+$/.test(text) ? `${text}s` : text);
}

/** Names, separated by commas; an empty list means all. */
export function listOrAll(about: KeyDescription) {
  return z
    .string()
    .transform(namesOrAll)
    .register(keyInfo, { ...about, type: 'list', allowed: 'names, separated by commas, or all' });
}

/** The names in such a list; an empty list for `all`. */
export function namesOrAll(text: string): readonly string[] {
  const names = text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  return names.some((name) => name.toLowerCase() === 'all') ? [] : [...new Set(names)];
}

function checkSchedule(text: string): string | undefined {
  try {
    return shortestPeriod(text) === undefined ? 'never comes' : undefined;
  } catch (error) {
    if (!(error instanceof CronTextError)) throw error;
    return `is no schedule (${error.message})`;
  }
}
