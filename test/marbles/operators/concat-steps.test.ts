import { NEVER, Observable, of, take } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { concatSteps } from '../../../src/operators/concat-steps.js';
import { marbles } from '../../support/marbles.js';

describe('concatSteps', () => {
  it('makes and runs each when the one before has completed', () => {
    marbles(({ cold, expectObservable, flush }) => {
      const made: string[] = [];
      const step = (name: string, diagram: string) => () => {
        made.push(name);
        return cold(diagram);
      };
      expectObservable(concatSteps(step('one', '-a-b|'), step('two', '|'), step('three', '--c|'))).toBe(
        '-a-b--c|',
      );
      expect(made).toEqual([]);
      flush();
      expect(made).toEqual(['one', 'two', 'three']);
    });
  });

  it('what a step is found to consist of takes its place', () => {
    marbles(({ cold, expectObservable }) => {
      const nested = concatSteps<string>(
        () => cold('a|'),
        () => [() => cold('-b|'), () => [], () => [() => cold('-c|')]],
        () => cold('-d|'),
      );
      expectObservable(nested).toBe('a-b-c-d|');
    });
  });

  it('completes at once where there is nothing to do', () => {
    marbles(({ expectObservable }) => expectObservable(concatSteps()).toBe('|'));
  });

  it('an error ends it; nothing follows', () => {
    marbles(({ cold, expectObservable }) => {
      let isMade = false;
      const after = (): Observable<string> => {
        isMade = true;
        return of('x');
      };
      expectObservable(concatSteps(() => cold('-a-#'), after)).toBe('-a-#');
      expect(isMade).toBe(false);
    });
  });

  it.each([0, 1])('R13: so does a step that throws, at place %i', (place) => {
    const fault = new Error('fault');
    const steps = [() => of('a'), () => of('b')];
    steps[place] = () => {
      throw fault;
    };
    const seen: unknown[] = [];
    concatSteps(...steps).subscribe({
      next: (value) => seen.push(value),
      error: (error) => seen.push(error),
    });
    expect(seen).toEqual(place === 0 ? [fault] : ['a', fault]);
  });

  it('who leaves, leaves what runs', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const [first, second] = [cold('-a|'), cold('-b-c-')];
      expectObservable(
        concatSteps(
          () => first,
          () => second,
        ),
        '----!',
      ).toBe('-a-b');
      expectSubscriptions(second.subscriptions).toBe('  --^-!');
    });
  });

  it('who leaves at a value that comes at once starts nothing further', () => {
    let isGoingOn = false;
    const source = new Observable<number>((subscriber) => {
      subscriber.next(1);
      isGoingOn = !subscriber.closed;
    });
    const after = (): Observable<number> => {
      isGoingOn = true;
      return NEVER;
    };
    concatSteps(() => source, after)
      .pipe(take(1))
      .subscribe();
    expect(isGoingOn).toBe(false);
    concatSteps(() => of(1), after)
      .pipe(take(1))
      .subscribe();
    expect(isGoingOn).toBe(false);
  });
});
