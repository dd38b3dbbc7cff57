import type { SchedulerLike, Subscription } from 'rxjs';

/** How often the clock is read while something is to come: the clock may be set, and the machine may sleep. ms. */
const LOOK_EVERY_MS = 60_000;

/** Calls `look` once: at this time, ms since the epoch, or earlier, to read the clock again. Undefined for Infinity. */
export function lookAtClock(
  scheduler: SchedulerLike,
  at: number,
  look: () => void,
): Subscription | undefined {
  const waitMs = at - scheduler.now();
  if (waitMs === Number.POSITIVE_INFINITY) return undefined;
  return scheduler.schedule(look, Math.min(Math.max(waitMs, 0), LOOK_EVERY_MS));
}
