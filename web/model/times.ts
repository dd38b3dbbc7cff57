import { formatDuration } from '../../src/domain/duration.js';
import { formatLocalTime } from '../../src/domain/local-time.js';

/** `12 min`, `0 s` for what the two clocks disagree about. */
export function formatSince(at: number, now: number): string {
  const ms = Math.max(0, now - at);
  // Tenths of a second would flicker.
  return ms < 10_000 ? `${Math.floor(ms / 1000)} s` : formatDuration(ms);
}

/** `just now`, `12 s ago`, `2 h ago`: the larger unit says enough of the past. */
export function formatAgo(at: number, now: number): string {
  if (now - at < 1000) return 'just now';
  const [value, unit] = formatSince(at, now).split(' ');
  return `${value} ${unit} ago`;
}

/** `in 12 min`; `now` for what is due. */
export function formatIn(at: number, now: number): string {
  return at - now < 1000 ? 'now' : `in ${formatSince(now, at)}`;
}

/** A clock time, as short as it can be read without doubt: `14:00`, or with its date if that is not today. */
export function formatClock(at: number, now: number): string {
  const text = formatLocalTime(at);
  const [date, time = ''] = text.split(' ');
  const short = time.endsWith(':00') ? time.slice(0, 5) : time;
  return formatLocalTime(now).startsWith(`${date} `) ? short : `${date} ${short}`;
}

/** A measured time: `0 ms`, `812 ms`, `4.2 s`, `3 min 10 s`. */
export function formatMs(ms: number): string {
  return ms < 1000 ? `${Math.round(ms)} ms` : formatDuration(ms);
}
