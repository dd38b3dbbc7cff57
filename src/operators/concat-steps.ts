import { Observable, type Subscriber } from 'rxjs';
import { ForwardingSubscriber } from './forwarding-subscriber.js';

/**
 * One after the other, each made when the one before has completed. So does `concat` of deferred sources, but it keeps
 * several times the memory while it waits, and in a storm thousands of cycles do.
 */
export function concatSteps<T>(...steps: LazySteps<T>): Observable<T> {
  return new Observable<T>((subscriber) => start(steps, 0, subscriber));
}

/** Steps that a step is found to consist of take its place. */
export type LazySteps<T> = readonly (() => Observable<T> | LazySteps<T>)[];

function start<T>(steps: LazySteps<T>, place: number, subscriber: Subscriber<T>): void {
  const step = steps[place];
  if (!step) {
    subscriber.complete();
    return;
  }
  const made = step();
  if (made instanceof Observable) made.subscribe(new StepRelay(subscriber, steps, place));
  else start([...made, ...steps.slice(place + 1)], 0, subscriber);
}

class StepRelay<T> extends ForwardingSubscriber<T> {
  constructor(
    to: Subscriber<T>,
    private readonly steps: LazySteps<T>,
    private readonly place: number,
  ) {
    super(to);
  }

  protected override _complete(): void {
    this.guard(() => start(this.steps, this.place + 1, this.to));
    this.unsubscribe();
  }
}
