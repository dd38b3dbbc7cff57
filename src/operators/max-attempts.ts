import { type MonoTypeOperatorFunction, of, retry, throwError } from 'rxjs';

/**
 * Subscribes to a failed source again until it was tried `max` times, then passes the last error on. An error that
 * `isTerminal` is passed on at once, because another try cannot help.
 */
export function maxAttempts<T>(
  max: number,
  isTerminal: (error: unknown) => boolean = () => false,
): MonoTypeOperatorFunction<T> {
  return retry({
    count: max - 1,
    delay: (error: unknown) => (isTerminal(error) ? throwError(() => error) : of(undefined)),
  });
}
