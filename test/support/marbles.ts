import { type RunHelpers, TestScheduler } from 'rxjs/testing';
import { expect } from 'vitest';

/** What `TestScheduler.run` gives, and the scheduler itself: our operators are told which clock to use. */
export interface Marbles extends RunHelpers {
  readonly scheduler: TestScheduler;
}

/**
 * Runs a marble test in virtual time, one frame a millisecond. What does not end by itself must be unsubscribed.
 * Throws where an expectation was begun and not finished, or none was made: such a test could not fail.
 */
export function marbles(test: (helpers: Marbles) => void): void {
  let begun = 0;
  let compared = 0;
  const scheduler = new TestScheduler((actual, expected) => {
    compared += 1;
    expect(actual).toStrictEqual(expected);
  });
  scheduler.run((helpers) => {
    const { expectObservable, expectSubscriptions } = helpers;
    test({
      ...helpers,
      scheduler,
      expectObservable: (observable, subscription) => {
        begun += 1;
        return expectObservable(observable, subscription);
      },
      expectSubscriptions: (log) => {
        begun += 1;
        return expectSubscriptions(log);
      },
    });
  });
  if (begun === 0) throw new Error('a marble test must expect something');
  if (compared < begun)
    throw new Error(`${begun - compared} expectations were never compared: toBe is missing`);
}
