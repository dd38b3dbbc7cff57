import { Observable, type Subscriber } from 'rxjs';
import { Relay } from './relay.js';

/**
 * One after the other, each made when the one before has completed. So does `concat` of deferred sources, but it keeps
 * several times the memory while it waits, and in a storm thousands of cycles do.
 */
export function inTurn<T>(...steps: readonly (() => Observable<T>)[]): Observable<T> {
  return new Observable<T>((subscriber) => start(steps, 0, subscriber));
}

type Steps<T> = readonly (() => Observable<T>)[];

function start<T>(steps: Steps<T>, place: number, subscriber: Subscriber<T>): void {
  const step = steps[place];
  if (step) step().subscribe(new StepRelay(subscriber, steps, place));
  else subscriber.complete();
}

class StepRelay<T> extends Relay<T> {
  constructor(
    to: Subscriber<T>,
    private readonly steps: Steps<T>,
    private readonly place: number,
  ) {
    super(to);
  }

  protected override _complete(): void {
    this.attempt(() => start(this.steps, this.place + 1, this.to));
    this.unsubscribe();
  }
}
