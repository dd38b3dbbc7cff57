import { defer, type MonoTypeOperatorFunction, type SchedulerLike, switchMap, timer } from 'rxjs';

/**
 * Makes every subscription to the source but the first wait `delayMs`, so that a `maxAttempts` behind it pauses
 * between attempts and not after the last. Counts subscriptions: apply it anew for every cycle.
 */
export function retryDelay<T>(delayMs: number, scheduler: SchedulerLike): MonoTypeOperatorFunction<T> {
  return (source) => {
    let isRetry = false;
    return defer(() => {
      if (isRetry) return timer(delayMs, scheduler).pipe(switchMap(() => source));
      isRetry = true;
      return source;
    });
  };
}
