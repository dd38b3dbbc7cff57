import * as z from 'zod';
import { quoteValue } from '../reading/config-error.js';
import { type KeyDescription, keyInfo } from './key-info.js';

/** Limits of times, in seconds. */
export const DAY_S = 86_400;
export const WEEK_S = 7 * DAY_S;

/** Seconds in the file, fractions allowed; milliseconds in the Config. */
export function seconds({
  min = MIN_INTERVAL_S,
  max,
  ...about
}: KeyDescription & { min?: number; max: number }) {
  const allowed = `${min} to ${max} seconds`;
  return numberWithin(min, max, { what: 'a number of seconds', shape: /^(?:\d+(?:\.\d+)?|\.\d+)$/, allowed })
    .transform((value) => Math.round(value * 1000))
    .register(keyInfo, { ...about, type: 'number', unit: 's', allowed });
}

/** Undefined if the file does not set it, which is not the same as setting the default. */
export function optionalSeconds(about: KeyDescription & { min: number; max: number }) {
  const { min, max, ...description } = about;
  return z
    .string()
    .transform((text) => (text === '' ? undefined : text))
    .pipe(seconds(about).optional())
    .register(keyInfo, {
      ...description,
      type: 'number',
      unit: 's',
      allowed: `${min} to ${max} seconds`,
      builtIn: true,
    });
}

/** Shorter intervals would load the database for nothing: the binlog stream makes the service fast, not polling. */
const MIN_INTERVAL_S = 0.05;

/** A whole number from `min` to `max`. */
export function integer({ min, max, ...about }: KeyDescription & { min: number; max: number; unit?: 'KB' }) {
  const allowed = `${min} to ${max}${about.unit ? ` ${about.unit}` : ''}`;
  return numberWithin(min, max, { what: 'a whole number', shape: /^\d+$/, allowed }).register(keyInfo, {
    ...about,
    type: 'number',
    allowed,
  });
}

/** Undefined if the file does not set it. */
export function optionalInteger(about: KeyDescription & { min: number; max: number }) {
  return z
    .string()
    .transform((text) => (text === '' ? undefined : text))
    .pipe(integer(about).optional())
    .register(keyInfo, {
      ...about,
      type: 'number',
      allowed: `${about.min} to ${about.max}, or empty for none`,
    });
}

/** A TCP port. Undefined if the file does not set it, which is not the same as setting the default. */
export function optionalPort(about: KeyDescription) {
  const port = integer({ ...about, min: 1, max: MAX_PORT });
  return z
    .string()
    .transform((text) => (text === '' ? undefined : text))
    .pipe(port.optional())
    .register(keyInfo, { ...about, type: 'number', allowed: `1 to ${MAX_PORT}`, builtIn: true });
}

/** A replica id, or `auto`. */
export function serverId(about: KeyDescription) {
  const allowed = `auto or 1 to ${MAX_SERVER_ID}`;
  return z
    .string()
    .transform((text, context): number | 'auto' => {
      if (text.toLowerCase() === 'auto') return 'auto';
      const id = /^\d+$/.test(text) ? Number(text) : 0;
      if (id >= 1 && id <= MAX_SERVER_ID) return id;
      context.addIssue(`${quoteValue(text)} is not a replica id, allowed: ${allowed}`);
      return z.NEVER;
    })
    .register(keyInfo, { ...about, type: 'number', allowed });
}

const MAX_PORT = 65_535;
const MAX_SERVER_ID = 4_294_967_295;

function numberWithin(min: number, max: number, number: { what: string; shape: RegExp; allowed: string }) {
  const { what, shape, allowed } = number;
  return z.string().transform((text, context): number => {
    const value = Number(text);
    if (shape.test(text) && value >= min && value <= max) return value;
    const wrong = shape.test(text) || /^-[\d.]+$/.test(text) ? 'is out of range' : `is not ${what}`;
    context.addIssue(`${quoteValue(text)} ${wrong}, allowed: ${allowed}`);
    return z.NEVER;
  });
}
