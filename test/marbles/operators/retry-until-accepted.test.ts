import { defer, type Observable, of, take } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { retryUntilAccepted } from '../../../src/operators/retry-until-accepted.js';
import { type Marbles, marbles } from '../../support/marbles.js';

/** A failed try number n reads `n`; the back-off is 100, 200, 400 … 1000 ms with random = 1. */
function setUp({ scheduler }: Marbles, random = 1, startAnew?: Observable<unknown>) {
  const told: [unknown, number, number][] = [];
  const operator = retryUntilAccepted<string, string>({
    backoff: { firstMs: 100, maxMs: 1000 },
    onFailure: (error, attempt, retryInMs) => {
      told.push([error, attempt, retryInMs]);
      return String(attempt);
    },
    ...(startAnew && { startAnew }),
    scheduler,
    random: () => random,
  });
  return { operator, told };
}

describe('retryUntilAccepted', () => {
  it('R12: a write that is taken at once is told and nothing else', () => {
    marbles((helpers) => {
      const { cold, expectObservable, expectSubscriptions } = helpers;
      const source = cold(' -w-|');
      const sourceSubs = '  ^--!';
      const expected = '    -w-|';

      expectObservable(source.pipe(setUp(helpers).operator)).toBe(expected);
      expectSubscriptions(source.subscriptions).toBe(sourceSubs);
    });
  });

  it('R12, R37: another server ends the wait, and the delays begin anew', () => {
    marbles((helpers) => {
      const { cold, hot, expectObservable, expectSubscriptions } = helpers;
      const failing = cold('  -#    ', undefined, 'gone');
      const failingSubs = ['  ^!', '101ms ^!', '302ms ^!', '400ms ^!', '501ms ^!', '702ms ^!'];
      const changes = hot('   400ms x');
      const { operator } = setUp(helpers, 1, changes);

      expectObservable(failing.pipe(operator, take(6))).toBe('-a 100ms b 200ms c 97ms d 100ms e 200ms (f|)', {
        ...{ a: '1', b: '2', c: '3', d: '4', e: '5', f: '6' },
      });
      expectSubscriptions(failing.subscriptions).toBe(failingSubs);
    });
  });

  it('R12: tries again after a growing delay, capped, for as long as it takes', () => {
    let told: unknown[] = [];
    marbles((helpers) => {
      const { cold, expectObservable, expectSubscriptions } = helpers;
      const failing = cold('  -#    ', undefined, 'gone');
      const failingSubs = ['  ^!', '101ms ^!', '302ms ^!', '703ms ^!', '1504ms ^!', '2505ms ^!'];
      const taken = cold('    -(w|)');
      const takenSubs = '     3506ms ^!';
      const expected = '      -1 100ms 2 200ms 3 400ms 4 800ms 5 1000ms 6 1000ms (w|)';

      const set = setUp(helpers);
      told = set.told;
      let tries = 0;
      const source = defer(() => (tries++ < 6 ? failing : taken));
      expectObservable(source.pipe(set.operator)).toBe(expected);
      expectSubscriptions(failing.subscriptions).toBe(failingSubs);
      expectSubscriptions(taken.subscriptions).toBe(takenSubs);
    });
    expect(told).toEqual([100, 200, 400, 800, 1000, 1000].map((ms, index) => ['gone', index + 1, ms]));
  });

  it('R12: random takes off up to half of the delay', () => {
    marbles((helpers) => {
      const { cold, expectObservable, expectSubscriptions } = helpers;
      const source = cold(' #                 ');
      const sourceSubs = ['(^!)', '50ms (^!)', '150ms (^!)'];
      const unsub = '       200ms !           ';
      const expected = '    1 49ms 2 99ms 3';

      expectObservable(source.pipe(setUp(helpers, 0).operator), unsub).toBe(expected);
      expectSubscriptions(source.subscriptions).toBe(sourceSubs);
    });
  });

  it('R13: a synchronous throw in the source is a failed try', () => {
    marbles((helpers) => {
      const { expectObservable } = helpers;
      const expected = '1 99ms (w|)';

      let tries = 0;
      const source = defer(() => {
        if (tries++ === 0) throw new Error('no connection');
        return of('w');
      });
      expectObservable(source.pipe(setUp(helpers).operator)).toBe(expected);
    });
  });

  it('a throw in `onFailure` is an error of the stream', () => {
    marbles((helpers) => {
      const { cold, scheduler, expectObservable, expectSubscriptions } = helpers;
      const fault = new Error('fault');
      const source = cold(' -#');
      const sourceSubs = '  ^!';
      const expected = '    -#';

      const operator = retryUntilAccepted<string, string>({
        backoff: { firstMs: 100, maxMs: 1000 },
        onFailure: () => {
          throw fault;
        },
        scheduler,
        random: () => 1,
      });
      expectObservable(source.pipe(operator)).toBe(expected, undefined, fault);
      expectSubscriptions(source.subscriptions).toBe(sourceSubs);
    });
  });

  it('an empty source completes, a silent one stays silent', () => {
    marbles((helpers) => {
      const { cold, expectObservable, expectSubscriptions } = helpers;
      const empty = cold('  |   ');
      const emptySubs = '   (^!)';
      const silent = cold(' ----');
      const silentSubs = '  ^   ';

      expectObservable(empty.pipe(setUp(helpers).operator)).toBe(' |   ');
      expectObservable(silent.pipe(setUp(helpers).operator)).toBe('----');
      expectSubscriptions(empty.subscriptions).toBe(emptySubs);
      expectSubscriptions(silent.subscriptions).toBe(silentSubs);
    });
  });

  it('R22: leaving early ends the running try, or the wait for the next', () => {
    marbles((helpers) => {
      const { cold, expectObservable, expectSubscriptions } = helpers;
      const slow = cold('    -----w|');
      const slowSubs = '     ^--!   ';
      const failing = cold(' -#     ');
      const failingSubs = '  ^!     ';
      const unsub = '        ---!   ';

      expectObservable(slow.pipe(setUp(helpers).operator), unsub).toBe('   ----');
      expectObservable(failing.pipe(setUp(helpers).operator), unsub).toBe('-1--');
      expectSubscriptions(slow.subscriptions).toBe(slowSubs);
      expectSubscriptions(failing.subscriptions).toBe(failingSubs);
    });
  });

  it('R22: who leaves at the news of a failure sees no further try', () => {
    marbles((helpers) => {
      const { cold, expectObservable, expectSubscriptions } = helpers;
      const source = cold(' -#   ');
      const sourceSubs = '  ^!   ';
      const expected = '    -(1|)';

      expectObservable(source.pipe(setUp(helpers).operator, take(1))).toBe(expected);
      expectSubscriptions(source.subscriptions).toBe(sourceSubs);
    });
  });
});
