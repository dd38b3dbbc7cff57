/** Formats a duration in its two largest units: `2 d 3 h`, `4 min 10 s`, `0.8 s`. */
export function formatDuration(ms: number): string {
  if (ms < 60_000) return `${ms < 10_000 ? Math.round(ms / 100) / 10 : Math.round(ms / 1000)} s`;
  const index = UNITS.findIndex(([, unitMs]) => ms >= unitMs);
  const [name, unitMs] = UNITS[index] ?? UNITS[2];
  const [lesser, lesserMs] = UNITS[index + 1] ?? ['s', 1000];
  const rest = Math.floor((ms % unitMs) / lesserMs);
  return `${Math.floor(ms / unitMs)} ${name}${rest > 0 ? ` ${rest} ${lesser}` : ''}`;
}

/** Parses `90s`, `30m`, `2h`, `1d` or `1h30m`, in ms; undefined for anything else, and for more than 366 days. */
export function parseDuration(text: string): number | undefined {
  const parts = [...text.matchAll(/(\d+)([smhd])/g)];
  const ms = parts.reduce((sum, [, count = '', unit = '']) => sum + Number(count) * (UNIT_MS[unit] ?? 0), 0);
  const isWhole = parts.map(([part]) => part).join('') === text;
  return isWhole && ms > 0 && ms <= MAX_MS ? ms : undefined;
}

const UNITS = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
] as const;

const UNIT_MS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const MAX_MS = 366 * 86_400_000;
