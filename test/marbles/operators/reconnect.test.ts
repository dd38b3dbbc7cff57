import { count, defer, EMPTY, take, throwError } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { type ReconnectOptions, reconnect } from '../../../src/operators/reconnect.js';
import { type Marbles, marbles } from '../../support/marbles.js';

interface Loss {
  readonly error: unknown;
  readonly retryInMs: number;
  readonly wasUpForMs: number | undefined;
}

/** `u` says that the connection is up; a loss reads `L`. First delay 100 ms, at most 1000 ms, reset after 500 ms up. */
function setUp({ scheduler }: Marbles, overrides: Partial<ReconnectOptions<string>> = {}) {
  const losses: Loss[] = [];
  const operator = reconnect<string>({
    backoff: { firstMs: 100, maxMs: 1000 },
    isUp: (value) => value === 'u',
    sustainedMs: 500,
    lost: (error, retryInMs, wasUpForMs) => {
      losses.push({ error, retryInMs, wasUpForMs });
      return 'L';
    },
    scheduler,
    random: () => 1,
    ...overrides,
  });
  return { operator, losses };
}

describe('reconnect', () => {
  it('R1: waits twice as long after each failure in a row, up to the maximum', () => {
    marbles((helpers) => {
      const { cold, expectObservable, expectSubscriptions } = helpers;
      const source = cold(' #');
      const sourceSubs = [
        '(^!)',
        '100ms (^!)',
        '300ms (^!)',
        '700ms (^!)',
        '1500ms (^!)',
        '2500ms (^!)',
        '3500ms (^!)',
      ];
      const unsub = '       4499ms !';
      const expected = '    L 99ms L 199ms L 399ms L 799ms L 999ms L 999ms L';

      const { operator } = setUp(helpers);
      expectObservable(source.pipe(operator), unsub).toBe(expected);
      expectSubscriptions(source.subscriptions).toBe(sourceSubs);
    });
  });

  it('R1: random takes off up to half of each delay', () => {
    marbles((helpers) => {
      const { cold, expectObservable, expectSubscriptions } = helpers;
      const source = cold(' #');
      const sourceSubs = [
        '(^!)',
        '50ms (^!)',
        '150ms (^!)',
        '350ms (^!)',
        '750ms (^!)',
        '1250ms (^!)',
        '1750ms (^!)',
      ];
      const unsub = '       2249ms !';
      const expected = '    L 49ms L 99ms L 199ms L 399ms L 499ms L 499ms L';

      const { operator } = setUp(helpers, { random: () => 0 });
      expectObservable(source.pipe(operator), unsub).toBe(expected);
      expectSubscriptions(source.subscriptions).toBe(sourceSubs);
    });
  });

  it('R1: a connection that lasted begins the back-off anew', () => {
    marbles((helpers) => {
      const { cold, expectObservable, expectSubscriptions } = helpers;
      const failing = cold('   #');
      const failingSubs = ['   (^!)', '100ms (^!)', '901ms (^!)', '1101ms (^!)'];
      const lasting = cold('   -u 499ms #');
      const lastingSubs = '    300ms ^ 500ms !';
      const unsub = '          1400ms !';
      const expected = '       L 99ms L 199ms - u 499ms L 99ms L 199ms L';

      const { operator, losses } = setUp(helpers);
      let connections = 0;
      const source = defer(() => (connections++ === 2 ? lasting : failing));
      expectObservable(source.pipe(operator), unsub).toBe(expected);
      expectSubscriptions(failing.subscriptions).toBe(failingSubs);
      expectSubscriptions(lasting.subscriptions).toBe(lastingSubs);
      helpers.flush();
      expect(losses.map(({ retryInMs }) => retryInMs)).toEqual([100, 200, 100, 200, 400]);
      expect(losses[2]?.wasUpForMs).toBe(500);
    });
  });

  it('R1: one that died a moment before that does not', () => {
    marbles((helpers) => {
      const { cold, expectObservable, expectSubscriptions } = helpers;
      const source = cold(' u 498ms #                                      ');
      const sourceSubs = ['^ 498ms !', '599ms ^ 498ms !', '1298ms ^ 498ms !'];
      const unsub = '       2196ms !                                       ';
      const expected = '    u 498ms L 99ms u 498ms L 199ms u 498ms L';

      const { operator, losses } = setUp(helpers);
      expectObservable(source.pipe(operator), unsub).toBe(expected);
      expectSubscriptions(source.subscriptions).toBe(sourceSubs);
      helpers.flush();
      expect(losses.map(({ wasUpForMs }) => wasUpForMs)).toEqual([499, 499, 499]);
    });
  });

  it('R1: it lasted from its first sign of life, not from the subscription and not from the latest', () => {
    marbles((helpers) => {
      const { cold, expectObservable, expectSubscriptions } = helpers;
      const late = cold('    499ms u 498ms #                              ');
      const lateSubs = '     ^ 997ms !                                    ';
      const twice = cold('               u 299ms u 199ms #              ');
      const twiceSubs = '    1098ms      ^ 499ms !                        ';
      const unsub = '        1650ms !                                     ';
      const expected = '     499ms u 498ms L 99ms u 299ms u 199ms L';

      const { operator, losses } = setUp(helpers);
      let connections = 0;
      const source = defer(() => (connections++ === 0 ? late : twice));
      expectObservable(source.pipe(operator), unsub).toBe(expected);
      expectSubscriptions(late.subscriptions).toBe(lateSubs);
      expectSubscriptions(twice.subscriptions).toBe(twiceSubs);
      helpers.flush();
      expect(losses.map(({ retryInMs, wasUpForMs }) => [retryInMs, wasUpForMs])).toEqual([
        [100, 499],
        [100, 500],
      ]);
    });
  });

  it('R1: a connection that never came up did not last, however long it stood', () => {
    marbles((helpers) => {
      const { cold, expectObservable, expectSubscriptions } = helpers;
      const source = cold(' x 9s #                          ');
      const sourceSubs = ['^ 9s !', '9101ms ^ 9s !'];
      const unsub = '       18300ms !                       ';
      const expected = '    x 9s L 99ms x 9s L';

      const { operator, losses } = setUp(helpers);
      expectObservable(source.pipe(operator), unsub).toBe(expected);
      expectSubscriptions(source.subscriptions).toBe(sourceSubs);
      helpers.flush();
      expect(losses.map(({ retryInMs, wasUpForMs }) => [retryInMs, wasUpForMs])).toEqual([
        [100, undefined],
        [200, undefined],
      ]);
    });
  });

  it('R6: waits a fixed time where the error has one, and the back-off where it has none', () => {
    marbles((helpers) => {
      const { cold, expectObservable, expectSubscriptions } = helpers;
      const fixed = cold('   #', undefined, 'no grant');
      const fixedSubs = '    (^!)';
      const other = cold('   #', undefined, 'gone');
      const otherSubs = ['   7s (^!)', '7200ms (^!)'];
      const unsub = '        7300ms !';
      const expected = '     L 6999ms L 199ms L';

      const delayFor = (error: unknown) => (error === 'no grant' ? 7000 : undefined);
      const { operator } = setUp(helpers, { delayFor });
      let connections = 0;
      const source = defer(() => (connections++ === 0 ? fixed : other));
      expectObservable(source.pipe(operator), unsub).toBe(expected);
      expectSubscriptions(fixed.subscriptions).toBe(fixedSubs);
      expectSubscriptions(other.subscriptions).toBe(otherSubs);
    });
  });

  it('R4: connects again at once where the error says so', () => {
    marbles((helpers) => {
      const { cold, expectObservable, expectSubscriptions } = helpers;
      const source = cold(' -u-#      ');
      const sourceSubs = ['^--!', '---^--!', '------^!'];
      const unsub = '       -------!  ';
      const expected = '    -u-L u-L';

      const { operator } = setUp(helpers, { delayFor: () => 0 });
      expectObservable(source.pipe(operator), unsub).toBe(expected);
      expectSubscriptions(source.subscriptions).toBe(sourceSubs);
    });
  });

  it('R13: 10,000 failures at once, without any delay, end neither the stream nor the stack', () => {
    marbles((helpers) => {
      const expected = '(n|)';

      const { operator } = setUp(helpers, { delayFor: () => 0 });
      const losses = throwError(() => 'gone').pipe(operator, take(10_000), count());
      helpers.expectObservable(losses).toBe(expected, { n: 10_000 });
    });
  });

  it('R13: a connection that ends without an error is lost as well', () => {
    marbles((helpers) => {
      const { cold, expectObservable, expectSubscriptions } = helpers;
      const source = cold(' -u|              ');
      const sourceSubs = ['^-!', '102ms ^-!'];
      const unsub = '       110ms !          ';
      const expected = '    -uL 99ms -uL';

      const { operator, losses } = setUp(helpers);
      expectObservable(source.pipe(operator), unsub).toBe(expected);
      expectSubscriptions(source.subscriptions).toBe(sourceSubs);
      helpers.flush();
      expect(losses[0]).toEqual({
        error: new Error('the connection was closed'),
        retryInMs: 100,
        wasUpForMs: 1,
      });
    });
  });

  it('R13: an empty source, a synchronous throw and a throw in `isUp` are losses', () => {
    const fault = new Error('fault');
    const throwNow = (): never => {
      throw fault;
    };
    marbles((helpers) => {
      const { cold, expectObservable, expectSubscriptions } = helpers;
      const source = cold(' u--');
      const sourceSubs = '  (^!)';
      const unsub = '       -!';
      const expected = '    L-';

      expectObservable(EMPTY.pipe(setUp(helpers).operator), unsub).toBe(expected);
      expectObservable(defer(throwNow).pipe(setUp(helpers).operator), unsub).toBe(expected);
      expectObservable(source.pipe(setUp(helpers, { isUp: throwNow }).operator), unsub).toBe(expected);
      expectSubscriptions(source.subscriptions).toBe(sourceSubs);
    });
  });

  it('R1: never two connections at once; a silent one is kept', () => {
    marbles((helpers) => {
      const { cold, expectObservable, expectSubscriptions } = helpers;
      const first = cold('  --u-#                 ');
      const firstSubs = '   ^---!                 ';
      const silent = cold('            u----------');
      const silentSubs = '  104ms      ^          ';
      const expected = '    --u-L 99ms u----------';

      const { operator } = setUp(helpers);
      let connections = 0;
      const source = defer(() => (connections++ === 0 ? first : silent));
      expectObservable(source.pipe(operator)).toBe(expected);
      expectSubscriptions(first.subscriptions).toBe(firstSubs);
      expectSubscriptions(silent.subscriptions).toBe(silentSubs);
    });
  });

  it('R1: the lost connection has been left before the next one begins', () => {
    const told: string[] = [];
    marbles((helpers) => {
      const { cold, expectObservable, expectSubscriptions } = helpers;
      const source = cold(' -#');
      const sourceSubs = ['^!', '-^!'];
      const unsub = '       --!';
      const expected = '    -L-';

      const { operator } = setUp(helpers, { delayFor: () => 0 });
      const connection = defer(() => {
        told.push(`begins beside ${source.subscriptions.filter(isOpen).length}`);
        return source;
      });
      expectObservable(connection.pipe(operator), unsub).toBe(expected);
      expectSubscriptions(source.subscriptions).toBe(sourceSubs);
    });
    expect(told).toEqual(['begins beside 0', 'begins beside 0']);
  });

  it('R22: leaving early ends the connection, or the wait for the next', () => {
    marbles((helpers) => {
      const { cold, expectObservable, expectSubscriptions } = helpers;
      const up = cold('      -u-----');
      const upSubs = '       ^--!   ';
      const failing = cold(' -#     ');
      const failingSubs = '  ^!     ';
      const unsub = '        ---!   ';

      expectObservable(up.pipe(setUp(helpers).operator), unsub).toBe('     -u-');
      expectObservable(failing.pipe(setUp(helpers).operator), unsub).toBe('-L-');
      expectSubscriptions(up.subscriptions).toBe(upSubs);
      expectSubscriptions(failing.subscriptions).toBe(failingSubs);
    });
  });

  it('each subscription has a back-off of its own', () => {
    marbles((helpers) => {
      const { cold, expectObservable } = helpers;
      const result = cold('#').pipe(setUp(helpers).operator);
      expectObservable(result, '^ 150ms !').toBe('L 99ms L');
      expectObservable(result, '^ 150ms !').toBe('L 99ms L');
    });
  });

  it('R5: a wait is cut short by what tells that the next try may succeed, and only the present one', () => {
    marbles((helpers) => {
      const { cold, hot, expectObservable, expectSubscriptions } = helpers;
      const source = cold('   #');
      const retryNow = hot('  50ms x 50ms x');
      const sourceSubs = ['   (^!)', '50ms (^!)', '101ms (^!)', '501ms (^!)'];
      const expected = '      L 49ms L 50ms L 399ms L';

      const { operator } = setUp(helpers, { retryNow });
      expectObservable(source.pipe(operator), '600ms !').toBe(expected);
      expectSubscriptions(source.subscriptions).toBe(sourceSubs);
    });
  });
});

function isOpen({ unsubscribedFrame }: { unsubscribedFrame: number }): boolean {
  return unsubscribedFrame === Number.POSITIVE_INFINITY;
}
