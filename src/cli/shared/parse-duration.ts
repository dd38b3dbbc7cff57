import { InvalidArgumentError } from 'commander';

const UNIT_MS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const LONGEST_MS = 366 * 86_400_000;

/**
 * Parses a duration such as `90s`, `30m`, `2h`, `1d` or `1h30m`, in ms.
 *
 * @throws InvalidArgumentError
 */
export function parseDuration(text: string): number {
  const parts = [...text.matchAll(/(\d+)([smhd])/g)];
  const ms = parts.reduce((sum, [, count = '', unit = '']) => sum + Number(count) * (UNIT_MS[unit] ?? 0), 0);
  const isWhole = parts.map(([part]) => part).join('') === text;
  if (isWhole && ms > 0 && ms <= LONGEST_MS) return ms;
  throw new InvalidArgumentError('Allowed: a time such as 90s, 30m, 2h, 1d or 1h30m, at most 366d.');
}
