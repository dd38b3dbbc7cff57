import {
  catchError,
  concat,
  defer,
  map,
  type Observable,
  type OperatorFunction,
  of,
  repeat,
  type SchedulerLike,
  switchMap,
  take,
  takeUntil,
  timer,
} from 'rxjs';
import type { HealthVerdict } from '../domain/cycle/restart-target.js';
import { describeError } from '../domain/errors.js';

interface VerifyHealthOptions<R> {
  /** One check of what the source emitted; it is unsubscribed at the deadline. */
  readonly check: (restarted: R) => Observable<HealthVerdict>;
  readonly timeoutMs: number;
  readonly intervalMs: number;
  readonly scheduler: SchedulerLike;
}

/**
 * Checks the health of each thing that the source emits: at once, then every `intervalMs` until it is healthy or
 * `timeoutMs` have passed (R21). Emits one verdict; at the deadline a running check is unsubscribed and the verdict is
 * the last reason known. A check that errors counts as unhealthy.
 */
export function verifyHealth<R>(options: VerifyHealthOptions<R>): OperatorFunction<R, HealthVerdict> {
  return (source) => source.pipe(switchMap((restarted) => verify(restarted, options)));
}

function verify<R>(
  restarted: R,
  { check, timeoutMs, intervalMs, scheduler }: VerifyHealthOptions<R>,
): Observable<HealthVerdict> {
  return defer(() => {
    let startedAt = scheduler.now();
    let lastReason = `no answer within ${timeoutMs / 1000} s`;
    const once = defer(() => {
      startedAt = scheduler.now();
      return check(restarted);
    }).pipe(
      catchError((error: unknown) => of<HealthVerdict>({ healthy: false, reason: describeError(error) })),
    );
    const healthy = once.pipe(
      repeat({ delay: () => timer(clamp(startedAt + intervalMs - scheduler.now(), intervalMs), scheduler) }),
      map((verdict) => {
        if (!verdict.healthy) lastReason = verdict.reason;
        return verdict;
      }),
      takeFirstHealthy(),
      takeUntil(timer(timeoutMs, scheduler)),
    );
    const unhealthy = defer(() => of<HealthVerdict>({ healthy: false, reason: lastReason }));
    return concat(healthy, unhealthy).pipe(take(1));
  });
}

// A wall clock that is set while we wait must neither stop the checks nor make them a storm.
function clamp(ms: number, maxMs: number): number {
  return Math.min(Math.max(ms, 0), maxMs);
}

function takeFirstHealthy(): OperatorFunction<HealthVerdict, HealthVerdict> {
  return (source) => source.pipe(switchMap((verdict) => (verdict.healthy ? of(verdict) : [])));
}
