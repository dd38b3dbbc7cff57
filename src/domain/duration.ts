/** Formats a duration in its two largest units: `2 d 3 h`, `4 min 10 s`, `0.8 s`. */
export function formatDuration(ms: number): string {
  if (ms < 60_000) return `${ms < 10_000 ? Math.round(ms / 100) / 10 : Math.round(ms / 1000)} s`;
  const index = UNITS.findIndex(([, unitMs]) => ms >= unitMs);
  const [name, unitMs] = UNITS[index] ?? UNITS[2];
  const [lesser, lesserMs] = UNITS[index + 1] ?? ['s', 1000];
  const rest = Math.floor((ms % unitMs) / lesserMs);
  return `${Math.floor(ms / unitMs)} ${name}${rest > 0 ? ` ${rest} ${lesser}` : ''}`;
}

const UNITS = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
] as const;
