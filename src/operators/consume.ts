import { Observable, type OperatorFunction, Subscriber } from 'rxjs';

/**
 * Calls `take` for each value and passes on only completion and errors. `tap` and `ignoreElements` do the same with
 * twice the memory.
 */
export function consume<T>(take: (value: T) => void): OperatorFunction<T, never> {
  return (source) => new Observable((subscriber) => source.subscribe(new Receiver(subscriber, take)));
}

class Receiver<T> extends Subscriber<T> {
  constructor(
    to: Subscriber<never>,
    private readonly take: (value: T) => void,
  ) {
    super(to);
  }

  protected override _next(value: T): void {
    try {
      this.take(value);
    } catch (error) {
      this.error(error);
    }
  }
}
