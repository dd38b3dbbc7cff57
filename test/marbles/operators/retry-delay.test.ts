import { defer } from 'rxjs';
import { describe, it } from 'vitest';
import { maxAttempts } from '../../../src/operators/max-attempts.js';
import { retryDelay } from '../../../src/operators/retry-delay.js';
import { marbles } from '../../support/marbles.js';

describe('retryDelay', () => {
  it('restart_delay: passes between two attempts, not before the first and not after the last', () => {
    marbles(({ cold, scheduler, expectObservable, expectSubscriptions }) => {
      const source = cold(' -a#');
      const sourceSubs = ['^-!', '2ms 100ms ^-!', '104ms 100ms ^-!'];
      const expected = '    -a 101ms a 101ms a#';

      const result = source.pipe(
        retryDelay(() => 100, scheduler),
        maxAttempts(3),
      );
      expectObservable(result).toBe(expected);
      expectSubscriptions(source.subscriptions).toBe(sourceSubs);
    });
  });

  it('restart_delay_max: each repetition is asked for by its number', () => {
    marbles(({ cold, scheduler, expectObservable, expectSubscriptions }) => {
      const source = cold(' -#');
      const sourceSubs = ['^!', '1ms 10ms ^!', '12ms 20ms ^!'];
      const expected = '    33ms #';

      const result = source.pipe(
        retryDelay((retry) => retry * 10, scheduler),
        maxAttempts(3),
      );
      expectObservable(result).toBe(expected);
      expectSubscriptions(source.subscriptions).toBe(sourceSubs);
    });
  });

  it('a source that succeeds at once waits for nothing', () => {
    marbles(({ cold, scheduler, expectObservable, expectSubscriptions }) => {
      const source = cold(' -a-b|');
      const sourceSubs = '  ^---!';
      const expected = '    -a-b|';

      expectObservable(
        source.pipe(
          retryDelay(() => 100, scheduler),
          maxAttempts(3),
        ),
      ).toBe(expected);
      expectSubscriptions(source.subscriptions).toBe(sourceSubs);
    });
  });

  it('counts subscriptions of one application: applied anew, it begins without a delay', () => {
    marbles(({ cold, scheduler, expectObservable, expectSubscriptions }) => {
      const source = cold('   -a|         ');
      const sourceSubs = [
        '                     ^-!         ',
        '                     ^-!         ',
        '                     -----^-!    ',
      ];

      const one = source.pipe(retryDelay(() => 5, scheduler));
      const other = source.pipe(retryDelay(() => 5, scheduler));
      expectObservable(one).toBe('  -a|   ');
      expectObservable(other).toBe('-a|   ');
      expectObservable(one).toBe('  ------a|');
      expectSubscriptions(source.subscriptions).toBe(sourceSubs);
    });
  });

  it('an empty source completes, a silent one stays silent, an error is passed on', () => {
    marbles(({ cold, scheduler, expectObservable, expectSubscriptions }) => {
      const empty = cold('  |   ');
      const emptySubs = '   (^!)';
      const silent = cold(' ----');
      const silentSubs = '  ^   ';
      const failed = cold(' -#  ');
      const failedSubs = '  ^!  ';

      expectObservable(empty.pipe(retryDelay(() => 5, scheduler))).toBe(' |');
      expectObservable(silent.pipe(retryDelay(() => 5, scheduler))).toBe('----');
      expectObservable(failed.pipe(retryDelay(() => 5, scheduler))).toBe('-#');
      expectSubscriptions(empty.subscriptions).toBe(emptySubs);
      expectSubscriptions(silent.subscriptions).toBe(silentSubs);
      expectSubscriptions(failed.subscriptions).toBe(failedSubs);
    });
  });

  it('leaving during the wait begins no further attempt; leaving during an attempt ends it', () => {
    marbles(({ cold, scheduler, expectObservable, expectSubscriptions }) => {
      const source = cold(' -#          ');
      const inWait = '      ---!        ';
      const inWaitSubs = '  ^!          ';
      const slow = cold('   -a------|   ');
      const inAttempt = '   ---!        ';
      const slowSubs = '    ^--!        ';

      const waiting = source.pipe(
        retryDelay(() => 5, scheduler),
        maxAttempts(3),
      );
      expectObservable(waiting, inWait).toBe('----');
      expectSubscriptions(source.subscriptions).toBe(inWaitSubs);
      expectObservable(slow.pipe(retryDelay(() => 5, scheduler)), inAttempt).toBe('-a--');
      expectSubscriptions(slow.subscriptions).toBe(slowSubs);
    });
  });

  it('R13: a synchronous throw in the source is a failed attempt like any other', () => {
    marbles(({ cold, scheduler, expectObservable, expectSubscriptions }) => {
      const good = cold('       -(a|)');
      const goodSubs = '   -----^!   ';
      const expected = '   ------(a|)';

      let attempts = 0;
      const source = defer(() => {
        attempts += 1;
        if (attempts === 1) throw new Error('fault');
        return good;
      });
      expectObservable(
        source.pipe(
          retryDelay(() => 5, scheduler),
          maxAttempts(2),
        ),
      ).toBe(expected);
      expectSubscriptions(good.subscriptions).toBe(goodSubs);
    });
  });
});
