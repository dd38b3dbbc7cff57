import { type MonoTypeOperatorFunction, Observable, type Subscriber } from 'rxjs';
import type { CycleOutcome } from '../domain/cycle/circuit-breaker.js';
import { ForwardingSubscriber } from './forwarding-subscriber.js';

export interface CircuitBreakerPort<T, P> {
  /** Returns a permit for one run, or undefined while the breaker is open. */
  readonly request: () => P | undefined;
  /** Called once for every permit. Returns the values to emit, such as `opened`. */
  readonly report: (permit: P, outcome: CycleOutcome) => readonly T[];
  /** The verdict that a value of the source stands for, if any. Only the first verdict counts. */
  readonly outcomeOf: (value: T) => 'success' | 'failure' | undefined;
  /** The values to emit instead of running the source. */
  readonly whenOpen: () => readonly T[];
}

/**
 * Subscribes to the source only with a permit of the breaker (R9) and reports the outcome: the verdict of the first
 * value that has one, a failure if the source errors, `abandoned` if it completes or is unsubscribed without a
 * verdict.
 */
export function guardByBreaker<T, P>(breaker: CircuitBreakerPort<T, P>): MonoTypeOperatorFunction<T> {
  return (source) =>
    new Observable<T>((subscriber) => {
      const permit = breaker.request();
      if (permit === undefined) {
        for (const value of breaker.whenOpen()) subscriber.next(value);
        subscriber.complete();
        return;
      }
      const judge = new Judge(subscriber, breaker, permit);
      source.subscribe(judge);
      // Added after the source, so that it runs once the source has been unsubscribed.
      judge.add(() => judge.report('abandoned'));
    });
}

class Judge<T, P> extends ForwardingSubscriber<T> {
  #reported = false;

  constructor(
    to: Subscriber<T>,
    private readonly breaker: CircuitBreakerPort<T, P>,
    private readonly permit: P,
  ) {
    super(to);
  }

  report(outcome: CycleOutcome): readonly T[] {
    if (this.#reported) return [];
    this.#reported = true;
    return this.breaker.report(this.permit, outcome);
  }

  protected override _next(value: T): void {
    this.guard(() => {
      const outcome = this.breaker.outcomeOf(value);
      // Reported before the value is emitted: a subscriber that leaves because of the verdict must not turn it into
      // `abandoned`.
      this.#tell(outcome ? [value, ...this.report(outcome)] : [value]);
    });
  }

  protected override _error(error: unknown): void {
    let told: unknown = error;
    try {
      this.#tell(this.report('failure'));
    } catch (another) {
      told = another;
    }
    super._error(told);
  }

  protected override _complete(): void {
    this.guard(() => {
      this.#tell(this.report('abandoned'));
      super._complete();
    });
  }

  #tell(values: readonly T[]): void {
    for (const value of values) this.to.next(value);
  }
}
