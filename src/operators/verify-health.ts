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
import type { Slot } from './keyed-semaphore.js';

interface VerifyHealthOptions {
  /** One check, told within how many ms it must answer; it is unsubscribed then. */
  readonly check: (limitMs: number) => Observable<HealthVerdict>;
  readonly timeoutMs: number;
  readonly intervalMs: number;
  /** Held when this is subscribed to; given back between two checks, and when the verdict is `unhealthy` (R8). */
  readonly slot: Slot;
  readonly scheduler: SchedulerLike;
}

/**
 * Checks at once, then every `intervalMs` until it is healthy or `timeoutMs` have passed (R21), not counting what was
 * waited for a place. Emits one verdict; at the deadline a running check is unsubscribed and the verdict is the last
 * reason known. A check that errors counts as unhealthy.
 */
export function verifyHealth(options: VerifyHealthOptions): Observable<HealthVerdict> {
  const { timeoutMs } = options;
  return checkUntil(timeoutMs, `no answer within ${timeoutMs / 1000} s`, options);
}

function checkUntil(
  leftMs: number,
  lastReason: string,
  options: VerifyHealthOptions,
): Observable<HealthVerdict> {
  const { check, intervalMs, slot, scheduler } = options;
  return defer(() => {
    const stopwatch = startStopwatch(intervalMs, scheduler);
    return defer(() => check(leftMs)).pipe(
      // Ends the check before it tells so: the place must not be given on while the check still runs.
      timeout({ first: leftMs, scheduler, with: () => of(unhealthy(lastReason)) }),
      take(1),
      catchError((error: unknown) => of(unhealthy(describeError(error)))),
      defaultIfEmpty(unhealthy(lastReason)),
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
          switchMap(() => checkUntil(restMs, verdict.reason, options)),
        );
      }),
    );
  });
}

/**
 * Tells how many ms have passed. A wall clock that is set meanwhile must neither stop the checks nor make them a storm:
 * it is believed only within the `tickMs` that a timer vouches for.
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

function unhealthy(reason: string): HealthVerdict {
  return { healthy: false, reason };
}
