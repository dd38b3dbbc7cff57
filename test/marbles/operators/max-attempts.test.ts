import { defer, Observable, of } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { maxAttempts } from '../../../src/operators/max-attempts.js';
import { marbles } from '../../support/marbles.js';

describe('maxAttempts', () => {
  it('R9: a source that fails every time is tried `max` times, and the last error is passed on', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const tries = [cold('-a#', undefined, 1), cold('-b#', undefined, 2), cold('-c#', undefined, 3)];
      const subs = ['      ^-!   ', '              --^-!  ', '              ----^-!'];
      const expected = '   -a-b-c#';

      let tried = 0;
      const source = defer(() => tries[tried++] ?? of('too many'));
      expectObservable(source.pipe(maxAttempts(3))).toBe(expected, undefined, 3);
      tries.forEach((each, index) => {
        expectSubscriptions(each.subscriptions).toBe(subs[index] ?? []);
      });
    });
  });

  it('max_attempts: one that succeeds is not tried again', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const failing = cold(' -a#    ');
      const failingSubs = '  ^-!    ';
      const good = cold('      -b-|  ');
      const goodSubs = '     --^--! ';
      const expected = '     -a-b-| ';

      let tried = 0;
      const source = defer(() => (tried++ === 0 ? failing : good));
      expectObservable(source.pipe(maxAttempts(3))).toBe(expected);
      expectSubscriptions(failing.subscriptions).toBe(failingSubs);
      expectSubscriptions(good.subscriptions).toBe(goodSubs);
    });
  });

  it('max_attempts = 1: one try', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source = cold(' -a#');
      const sourceSubs = '  ^-!';
      const expected = '    -a#';

      expectObservable(source.pipe(maxAttempts(1))).toBe(expected);
      expectSubscriptions(source.subscriptions).toBe(sourceSubs);
    });
  });

  it('a terminal error is passed on at once', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const retryable = cold(' -#  ', undefined, 'retryable');
      const retryableSubs = '  ^!  ';
      const terminal = cold('   -# ', undefined, 'terminal');
      const terminalSubs = '   -^! ';
      const expected = '       --# ';

      let tried = 0;
      const source = defer(() => (tried++ === 0 ? retryable : terminal));
      const result = source.pipe(maxAttempts(5, (error) => error === 'terminal'));
      expectObservable(result).toBe(expected, undefined, 'terminal');
      expectSubscriptions(retryable.subscriptions).toBe(retryableSubs);
      expectSubscriptions(terminal.subscriptions).toBe(terminalSubs);
    });
  });

  it('an empty source completes, a silent one stays silent; neither is tried again', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const empty = cold('  |   ');
      const emptySubs = '   (^!)';
      const silent = cold(' ----');
      const silentSubs = '  ^   ';

      expectObservable(empty.pipe(maxAttempts(3))).toBe(' |');
      expectObservable(silent.pipe(maxAttempts(3))).toBe('----');
      expectSubscriptions(empty.subscriptions).toBe(emptySubs);
      expectSubscriptions(silent.subscriptions).toBe(silentSubs);
    });
  });

  it('leaving early ends the running try and begins no other', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source = cold(' --#  ');
      const sourceSubs = ['^-!', '--^!'];
      const unsub = '       ---! ';
      const expected = '    -----';

      expectObservable(source.pipe(maxAttempts(9)), unsub).toBe(expected);
      expectSubscriptions(source.subscriptions).toBe(sourceSubs);
    });
  });

  it('R13: a synchronous throw in the source is a failed try', () => {
    const fault = new Error('fault');
    let tried = 0;
    const errors: unknown[] = [];
    new Observable<string>(() => {
      tried += 1;
      throw fault;
    })
      .pipe(maxAttempts(3))
      .subscribe({ error: (error) => errors.push(error) });
    expect([tried, errors]).toEqual([3, [fault]]);
  });

  it('a throw in `isTerminal` is an error of the stream', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const fault = new Error('fault');
      const source = cold(' -#');
      const sourceSubs = '  ^!';
      const expected = '    -#';

      const result = source.pipe(
        maxAttempts(3, () => {
          throw fault;
        }),
      );
      expectObservable(result).toBe(expected, undefined, fault);
      expectSubscriptions(source.subscriptions).toBe(sourceSubs);
    });
  });
});
