import { Observable, type Subscriber } from 'rxjs';
import { ForwardingSubscriber } from './forwarding-subscriber.js';

/**
 * Runs the steps one after the other. Each is created when the one before has completed. `concat` of deferred sources
 * does the same, but keeps several times the memory while it waits, and in a storm thousands of cycles wait.
 */
export function concatSteps<T>(...steps: LazySteps<T>): Observable<T> {
  return new Observable<T>((subscriber) => start(steps, 0, subscriber));
}

/** A step may return further steps, which then take its place. */
export type LazySteps<T> = readonly (() => Observable<T> | LazySteps<T>)[];

function start<T>(steps: LazySteps<T>, index: number, subscriber: Subscriber<T>): void {
  const step = steps[index];
  if (!step) {
    subscriber.complete();
    return;
  }
  const made = step();
  if (made instanceof Observable) made.subscribe(new StepRelay(subscriber, steps, index));
  else start([...made, ...steps.slice(index + 1)], 0, subscriber);
}

class StepRelay<T> extends ForwardingSubscriber<T> {
  constructor(
    to: Subscriber<T>,
    private readonly steps: LazySteps<T>,
    private readonly index: number,
  ) {
    super(to);
  }

  protected override _complete(): void {
    this.guard(() => start(this.steps, this.index + 1, this.to));
    this.unsubscribe();
  }
}
