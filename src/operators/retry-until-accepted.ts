import {
  merge,
  NEVER,
  Observable,
  type OperatorFunction,
  retry,
  type SchedulerLike,
  take,
  timer,
} from 'rxjs';
import { type Backoff, backoffDelay } from '../domain/backoff.js';

interface RetryUntilAcceptedOptions<E> {
  readonly backoff: Backoff;
  /** The value to emit for failed try number `attempt`, counted from 1. */
  readonly onFailure: (error: unknown, attempt: number, retryInMs: number) => E;
  /** There is reason to believe that the next try succeeds: the present wait is over, and the back-off begins anew. */
  readonly startAnew?: Observable<unknown>;
  readonly scheduler: SchedulerLike;
  readonly random: () => number;
}

/** Subscribes to a failed source again, after a back-off, until it succeeds (R12). Never errors. */
export function retryUntilAccepted<T, E>(options: RetryUntilAcceptedOptions<E>): OperatorFunction<T, T | E> {
  return (source) =>
    new Observable<T | E>((subscriber) => {
      const { startAnew = NEVER, scheduler } = options;
      let failures = 0;
      subscriber.add(
        startAnew.subscribe(() => {
          failures = 0;
        }),
      );
      return source
        .pipe(
          retry({
            delay: (error: unknown, attempt) => {
              failures += 1;
              const delayMs = backoffDelay(failures, options.backoff, options.random);
              subscriber.next(options.onFailure(error, attempt, delayMs));
              return merge(timer(delayMs, scheduler), startAnew).pipe(take(1));
            },
          }),
        )
        .subscribe(subscriber);
    });
}
