import {
  catchError,
  concat,
  defer,
  finalize,
  from,
  type MonoTypeOperatorFunction,
  mergeMap,
  throwError,
} from 'rxjs';
import type { Outcome } from '../domain/circuit.js';

export interface CircuitBreakerPort<T, P> {
  /** Leave to run once, or undefined while the breaker is open. */
  readonly request: () => P | undefined;
  /** Called once for every permit; returns what to tell downstream, such as `opened`. */
  readonly report: (permit: P, outcome: Outcome) => readonly T[];
  /** The verdict that a value of the source stands for, if any. The first one counts. */
  readonly outcomeOf: (value: T) => 'success' | 'failure' | undefined;
  /** What to tell instead of running the source. */
  readonly whenOpen: () => readonly T[];
}

/**
 * Subscribes to the source only with the breaker's leave (R9) and reports how it ended: by its first value with a
 * verdict, as a failure if it errors, as abandoned if it ends or is left without one.
 */
export function circuitBreaker<T, P>(breaker: CircuitBreakerPort<T, P>): MonoTypeOperatorFunction<T> {
  return (source) =>
    defer(() => {
      const permit = breaker.request();
      if (permit === undefined) return from(breaker.whenOpen());
      let reported = false;
      const report = (outcome: Outcome): readonly T[] => {
        if (reported) return [];
        reported = true;
        return breaker.report(permit, outcome);
      };
      const judged = source.pipe(
        mergeMap((value) => {
          const outcome = breaker.outcomeOf(value);
          // Reported before the value is passed on: who leaves because of the verdict must not turn it into `abandoned`.
          return outcome ? [value, ...report(outcome)] : [value];
        }),
        catchError((error: unknown) =>
          concat(
            report('failure'),
            throwError(() => error),
          ),
        ),
      );
      return concat(
        judged,
        defer(() => report('abandoned')),
      ).pipe(finalize(() => report('abandoned')));
    });
}
