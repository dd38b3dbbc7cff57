import { InvalidArgumentError } from 'commander';
import { parseDuration } from '../../domain/duration.js';

/**
 * Parses the duration of an option, such as `90s`, `30m`, `2h`, `1d` or `1h30m`, in ms.
 *
 * @throws InvalidArgumentError
 */
export function parseDurationOption(text: string): number {
  const ms = parseDuration(text);
  if (ms !== undefined) return ms;
  throw new InvalidArgumentError('Allowed: a time such as 90s, 30m, 2h, 1d or 1h30m, at most 366d.');
}
