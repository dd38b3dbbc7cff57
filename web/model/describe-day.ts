import type { Charts } from './contract.js';
import { formatClock, formatMs } from './times.js';
import { count } from './words.js';

/** The column at this index in words, or all of them: what is written under the chart, and read aloud. */
export function describeAlarms(
  { times, alarms, failed, bucketMs }: Charts,
  index: number | undefined,
): string {
  if (index === undefined) {
    const sum = total(alarms);
    return sum === 0 ? 'No alarm in 24 hours' : `${count(sum, 'alarm')} in 24 hours, ${total(failed)} failed`;
  }
  return `${spanOf(times[index], bucketMs)}: ${count(alarms[index] ?? 0, 'alarm')}, ${failed[index] ?? 0} failed`;
}

/** The same for the reaction times. */
export function describeReaction(
  { times, reactionP50Ms, reactionP95Ms, bucketMs }: Charts,
  index: number | undefined,
): string {
  if (index === undefined) {
    const worst = Math.max(...reactionP95Ms.map((ms) => ms ?? Number.NEGATIVE_INFINITY));
    return Number.isFinite(worst) ? `Slowest 95th percentile: ${formatMs(worst)}` : 'No restart in 24 hours';
  }
  const [median, high] = [reactionP50Ms[index], reactionP95Ms[index]];
  const span = spanOf(times[index], bucketMs);
  if (median === null || median === undefined) return `${span}: no restart`;
  const more = high === null || high === undefined ? '' : `, 95th percentile ${formatMs(high)}`;
  return `${span}: median ${formatMs(median)}${more}`;
}

/** `14:05 to 14:10`. */
function spanOf(seconds = 0, bucketMs: number): string {
  const from = seconds * 1000;
  const to = from + bucketMs;
  return `${formatClock(from, from)} to ${formatClock(to, to)}`;
}

function total(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
