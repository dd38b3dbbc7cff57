import { Observable, of, Subject, type Subscriber } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { ForwardingSubscriber } from '../../../src/operators/forwarding-subscriber.js';
import { marbles } from '../../support/marbles.js';

/** Calls `step` with each value, and with `undefined` at the end. */
class Stepping extends ForwardingSubscriber<string> {
  constructor(
    to: Subscriber<string>,
    private readonly step: (value: string | undefined) => void,
  ) {
    super(to);
  }

  protected override _next(value: string): void {
    this.guard(() => {
      this.step(value);
      this.to.next(value);
    });
  }

  protected override _complete(): void {
    this.guard(() => {
      this.step(undefined);
      super._complete();
    });
  }
}

function stepping(source: Observable<string>, step: (value: string | undefined) => void = () => {}) {
  return new Observable<string>((subscriber) => source.subscribe(new Stepping(subscriber, step)));
}

function failAt(bad: string | undefined) {
  return (value: string | undefined): void => {
    if (value === bad) throw new Error('step failed');
  };
}

describe('ForwardingSubscriber', () => {
  it('forwards values, the end and an error, and leaves the source with its subscriber', () => {
    marbles(({ cold, hot, expectObservable, expectSubscriptions }) => {
      expectObservable(stepping(cold('a-b-|'))).toBe('a-b-|');
      expectObservable(stepping(cold('a-b-#'))).toBe('a-b-#');
      const source = hot('a-b-c');
      const unsub = '      ---!';
      expectObservable(stepping(source), unsub).toBe('a-b');
      expectSubscriptions(source.subscriptions).toBe('^--!');
    });
  });

  it('R13: a step that throws is an error downstream, and leaves the source', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source = cold('a-b-c-|');
      const expected = '   a-#';
      const sub = '        ^-!';
      expectObservable(stepping(source, failAt('b'))).toBe(expected, undefined, new Error('step failed'));
      expectSubscriptions(source.subscriptions).toBe(sub);
    });
  });

  it('R13: so is a step that throws when the source has completed', () => {
    marbles(({ cold, expectObservable }) => {
      expectObservable(stepping(cold('a-|'), failAt(undefined))).toBe(
        'a-#',
        undefined,
        new Error('step failed'),
      );
    });
  });

  it('no step runs for a value that the error brings about', () => {
    const steps: string[] = [];
    const source = new Subject<string>();
    const step = (value: string | undefined): void => {
      steps.push(value ?? 'end');
      throw new Error('step failed');
    };
    stepping(source, step).subscribe({ error: () => source.next('b') });
    source.next('a');
    expect(steps).toEqual(['a']);
  });

  it('nothing comes after a step that threw, even from a source that goes on', () => {
    const seen: string[] = [];
    stepping(of('a', 'b', 'c'), failAt('b')).subscribe({
      next: (value) => seen.push(value),
      error: () => seen.push('error'),
      complete: () => seen.push('complete'),
    });
    expect(seen).toEqual(['a', 'error']);
  });
});
