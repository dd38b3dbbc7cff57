import { defer, type MonoTypeOperatorFunction, type SchedulerLike, switchMap, timer } from 'rxjs';

/**
 * Delays every subscription to the source except the first, so that a `maxAttempts` after it pauses between attempts
 * and not after the last. Calls `delayMs` once for each repetition, counted from 1. Counts subscriptions, so each
 * cycle needs an operator of its own.
 */
export function retryDelay<T>(
  delayMs: (retry: number) => number,
  scheduler: SchedulerLike,
): MonoTypeOperatorFunction<T> {
  return (source) => {
    let subscriptions = 0;
    return defer(() => {
      const retry = subscriptions;
      subscriptions += 1;
      if (retry === 0) return source;
      return timer(delayMs(retry), scheduler).pipe(switchMap(() => source));
    });
  };
}
