import {
  catchError,
  concat,
  defer,
  EMPTY,
  ignoreElements,
  type MonoTypeOperatorFunction,
  merge,
  type Observable,
  of,
  repeat,
  type SchedulerLike,
  take,
  tap,
  throwError,
  timer,
} from 'rxjs';
import { type Backoff, backoffDelay } from '../domain/backoff.js';

export interface ReconnectOptions<T> {
  readonly backoff: Backoff;
  /** Whether this value shows that the connection works. */
  readonly isUp: (value: T) => boolean;
  /** How long a connection must have worked to reset the back-off, in ms. */
  readonly sustainedMs: number;
  /** A fixed delay for this error instead of the back-off, in ms. */
  readonly delayFor?: (error: unknown) => number | undefined;
  /** Cuts the present wait short: there is reason to believe that the next try succeeds. */
  readonly retryNow?: Observable<unknown>;
  /** The value to emit when the connection is lost. */
  readonly lost: (error: unknown, retryInMs: number, wasUpForMs: number | undefined) => T;
  readonly scheduler: SchedulerLike;
  readonly random: () => number;
}

/**
 * Subscribes to the source again whenever it ends or errors, after an exponential back-off with jitter. Never ends
 * and never errors. Only a connection that lasted resets the back-off, so that one that dies right after it came up
 * does not cause a tight loop.
 */
export function reconnect<T>(options: ReconnectOptions<T>): MonoTypeOperatorFunction<T> {
  const { scheduler, sustainedMs } = options;
  return (source) =>
    defer(() => {
      let failures = 0;
      const once = defer(() => {
        let upSince: number | undefined;
        return concat(
          source.pipe(
            tap((value) => {
              if (options.isUp(value)) upSince ??= scheduler.now();
            }),
          ),
          throwError(() => new Error('the connection was closed')),
        ).pipe(
          catchError((error: unknown): Observable<T> => {
            const wasUpForMs = upSince === undefined ? undefined : scheduler.now() - upSince;
            failures = wasUpForMs !== undefined && wasUpForMs >= sustainedMs ? 1 : failures + 1;
            const delayMs =
              options.delayFor?.(error) ?? backoffDelay(failures, options.backoff, options.random);
            // A timer even for a delay of 0: a source that fails at once would otherwise block the event loop.
            const wait = merge(timer(delayMs, scheduler), options.retryNow ?? EMPTY).pipe(
              take(1),
              ignoreElements(),
            );
            return concat(of(options.lost(error, delayMs, wasUpForMs)), wait);
          }),
        );
      });
      return once.pipe(repeat());
    });
}
