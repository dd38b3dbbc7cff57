import { Observable, type OperatorFunction, retry, type SchedulerLike, timer } from 'rxjs';
import { type Backoff, backoffDelay } from '../domain/backoff.js';

interface RetryUntilAcceptedOptions<E> {
  readonly backoff: Backoff;
  /** The value to emit for failed try number `attempt`, counted from 1. */
  readonly onFailure: (error: unknown, attempt: number, retryInMs: number) => E;
  readonly scheduler: SchedulerLike;
  readonly random: () => number;
}

/** Subscribes to a failed source again, after a back-off, until it succeeds (R12). Never errors. */
export function retryUntilAccepted<T, E>(options: RetryUntilAcceptedOptions<E>): OperatorFunction<T, T | E> {
  return (source) =>
    new Observable<T | E>((subscriber) =>
      source
        .pipe(
          retry({
            delay: (error: unknown, attempt) => {
              const delayMs = backoffDelay(attempt, options.backoff, options.random);
              subscriber.next(options.onFailure(error, attempt, delayMs));
              return timer(delayMs, options.scheduler);
            },
          }),
        )
        .subscribe(subscriber),
    );
}
