import { Observable, type Subscriber } from 'rxjs';
import { Relay } from './forwarding-subscriber.js';

/**
 * One after the other, each made when the one before has completed. So does `concat` of deferred sources, but it keeps
 * several times the memory while it waits, and in a storm thousands of cycles do.
 */
export function inTurn<T>(...steps: Steps<T>): Observable<T> {
  return new Observable<T>((subscriber) => start(steps, 0, subscriber));
}

/** Steps that a step is found to consist of take its place. */
export type Steps<T> = readonly (() => Observable<T> | Steps<T>)[];

function start<T>(steps: Steps<T>, place: number, subscriber: Subscriber<T>): void {
  const step = steps[place];
  if (!step) {
    subscriber.complete();
    return;
  }
  const made = step();
  if (made instanceof Observable) made.subscribe(new StepRelay(subscriber, steps, place));
  else start([...made, ...steps.slice(place + 1)], 0, subscriber);
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
