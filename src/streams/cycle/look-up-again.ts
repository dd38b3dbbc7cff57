import { EMPTY, merge, type Observable, takeUntil, timer } from 'rxjs';
import type { CycleEffects } from './effects.js';

/** The name is out of date after a wait of this time, in ms. */
const STALE_AFTER_MS = 5000;
/** How long the look-up may delay a restart, in ms. */
const LOOK_LIMIT_MS = 3000;

/**
 * Looks up the name again after a long wait, which began at `since`. The name that was known counts while the database
 * gives no answer, and when the service stops.
 */
export function lookUpAgain(
  lookUp: Observable<never>,
  since: number,
  { scheduler, slots }: CycleEffects,
): Observable<never> {
  if (scheduler.now() - since < STALE_AFTER_MS) return EMPTY;
  return lookUp.pipe(takeUntil(merge(timer(LOOK_LIMIT_MS, scheduler), slots.closed)));
}
