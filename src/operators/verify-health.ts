import {
  catchError,
  defaultIfEmpty,
  defer,
  finalize,
  type Observable,
  of,
  type SchedulerLike,
  switchMap,
  take,
  timeout,
  timer,
} from 'rxjs';
import type { HealthVerdict } from '../domain/cycle/restart-target.js';
import { describeError } from '../domain/errors.js';
import { repeatIfLate } from './repeat-if-late.js';
import type { Slot } from './restart-slots.js';

interface VerifyHealthOptions {
  /** One check that must answer within `limitMs`. It is unsubscribed then. */
  readonly check: (limitMs: number) => Observable<HealthVerdict>;
  readonly timeoutMs: number;
  /** Whether a check without any answer says nothing of the process (R27). Default: it is unhealthy. */
  readonly isUnknownWithoutAnswer?: boolean;
  readonly intervalMs: number;
  /** Held on subscription; released between two checks and when the verdict is `unhealthy` (R8). */
  readonly slot: Slot;
  readonly scheduler: SchedulerLike;
}

/**
 * Checks at once, then every `intervalMs` until the process is healthy or `timeoutMs` have passed (R21). Waiting for
 * a slot does not count. Emits one verdict. At the deadline a running check is unsubscribed, and the verdict has the
 * last known reason; if there was no answer at all, `isUnknownWithoutAnswer` decides. The verdict of a check that errors is
 * unknown (R27). No verdict is
 * `unhealthy` while our own event loop is late.
 *
 * `proveRestart` (streams/cycle) goes on from here: it waits for `stable_for` after a healthy verdict (R30).
 */
export function verifyHealth(options: VerifyHealthOptions): Observable<HealthVerdict> {
  const { timeoutMs, isUnknownWithoutAnswer = false } = options;
  const noAnswer: HealthVerdict = {
    healthy: false,
    reason: `no answer within ${timeoutMs / 1000} s`,
    ...(isUnknownWithoutAnswer && { isUnknown: true }),
  };
  return checkUntil(timeoutMs, noAnswer, options);
}

function checkUntil(
  leftMs: number,
  last: HealthVerdict,
  options: VerifyHealthOptions,
): Observable<HealthVerdict> {
  const { check, intervalMs, slot, scheduler } = options;
  return defer(() => {
    const stopwatch = startStopwatch(intervalMs, scheduler);
    return defer(() => check(leftMs)).pipe(
      // The check is unsubscribed before the verdict is emitted: the slot must not be given away while the check
      // still runs.
      timeout({ first: leftMs, scheduler, with: () => of(last) }),
      take(1),
      catchError((error: unknown) => of(unknownBy(error))),
      defaultIfEmpty(last),
      repeatIfLate(({ healthy }) => healthy, scheduler),
      finalize(() => stopwatch.stop()),
      switchMap((verdict) => {
        const spentMs = Math.min(stopwatch.stop(), leftMs);
        if (verdict.healthy) return of(verdict);
        slot.release();
        const pauseMs = Math.max(intervalMs - spentMs, 0);
        const restMs = leftMs - spentMs - pauseMs;
        if (restMs <= 0) return timer(leftMs - spentMs, scheduler).pipe(switchMap(() => of(verdict)));
        return timer(pauseMs, scheduler).pipe(
          switchMap(() => slot.acquire()),
          switchMap(() => checkUntil(restMs, verdict, options)),
        );
      }),
    );
  });
}

/**
 * Measures elapsed time in ms. A wall clock that is set meanwhile must neither stop the checks nor cause a storm of
 * them, so each of its steps is limited to the `tickMs` that a timer confirms.
 */
function startStopwatch(tickMs: number, scheduler: SchedulerLike): { stop(): number } {
  const startedAt = scheduler.now();
  let ticks = 0;
  const ticking = timer(tickMs, tickMs, scheduler).subscribe(() => {
    ticks += 1;
  });
  return {
    stop() {
      ticking.unsubscribe();
      const leastMs = ticks * tickMs;
      return Math.min(Math.max(scheduler.now() - startedAt, leastMs), leastMs + tickMs);
    },
  };
}

function unknownBy(error: unknown): HealthVerdict {
  return { healthy: false, reason: describeError(error), isUnknown: true };
}
