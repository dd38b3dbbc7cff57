import { EMPTY, type MonoTypeOperatorFunction, Observable } from 'rxjs';
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
    new Observable<T>((subscriber) => {
      const permit = breaker.request();
      if (permit === undefined) {
        for (const value of breaker.whenOpen()) subscriber.next(value);
        return EMPTY.subscribe(subscriber);
      }
      let reported = false;
      const report = (outcome: Outcome): void => {
        if (reported) return;
        reported = true;
        for (const value of breaker.report(permit, outcome)) subscriber.next(value);
      };
      subscriber.add(() => report('abandoned'));
      subscriber.add(
        source.subscribe({
          next: (value) => {
            subscriber.next(value);
            const outcome = breaker.outcomeOf(value);
            if (outcome) report(outcome);
          },
          error: (error: unknown) => {
            report('failure');
            subscriber.error(error);
          },
          complete: () => {
            report('abandoned');
            subscriber.complete();
          },
        }),
      );
      return undefined;
    });
}
