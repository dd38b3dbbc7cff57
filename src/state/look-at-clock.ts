import type { SchedulerLike, Subscription } from 'rxjs';

/** How often the clock is read while something is due later, in ms: the clock may be set, and the machine may sleep. */
const LOOK_EVERY_MS = 60_000;

/** Calls `look` once: at the time `at`, ms since the epoch, or before, to read the clock again. Undefined for Infinity. */
export function lookAtClock(
  scheduler: SchedulerLike,
  at: number,
  look: () => void,
): Subscription | undefined {
  const waitMs = at - scheduler.now();
  if (waitMs === Number.POSITIVE_INFINITY) return undefined;
  return scheduler.schedule(look, Math.min(Math.max(waitMs, 0), LOOK_EVERY_MS));
}
