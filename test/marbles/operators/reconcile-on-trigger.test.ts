import { concat, merge, NEVER, type Observable, of, Subject, take, tap, throwError } from 'rxjs';
import { describe, expect, it } from 'vitest';
import type { PageKey } from '../../../src/domain/alarm/standing-page.js';
import {
  type ReconcileOnTriggerOptions,
  reconcileOnTrigger,
} from '../../../src/operators/reconcile-on-trigger.js';
import { type Marbles, marbles } from '../../support/marbles.js';

/** Triggers in upper case follow an event; two that fall together read `ab`. */
function setUp(
  { scheduler }: Marbles,
  reconcile: (trigger: string, after?: PageKey) => Observable<string>,
  overrides: Partial<ReconcileOnTriggerOptions<string, string>> = {},
) {
  const asked: string[] = [];
  const errors: unknown[] = [];
  const operator = reconcileOnTrigger<string, string>({
    readPage: (trigger, after) => {
      asked.push(trigger);
      return reconcile(trigger, after);
    },
    endOf: () => undefined,
    hasRoom: () => true,
    roomFreed: NEVER,
    onNoRoom: () => {},
    isRepeated: (trigger) => trigger === trigger.toUpperCase(),
    merge: (earlier, later) => earlier + later,
    repeatAfterMs: () => [20, 100, 1500],
    retryAfterMs: () => 5000,
    onError: (error) => errors.push(error),
    scheduler,
    ...overrides,
  });
  return { operator, asked, errors };
}

/** The reading at the poll, three of the first event, which has no last repeat, and the fourth of the second one. */
const LAST_REPEAT = 1 + 3 + 4;

describe('reconcileOnTrigger', () => {
  it('R4: reconciles once for each trigger', () => {
    marbles((helpers) => {
      const { hot, cold, expectObservable, expectSubscriptions } = helpers;
      const source = hot('  -p-----q--|');
      const sourceSubs = '  ^---------!';
      const select = cold('  --(r|)    ');
      const selectSubs = ['-^-!', '  -------^-!'];
      const expected = '    ---r-----r|';

      const { operator } = setUp(helpers, () => select);
      expectObservable(source.pipe(operator)).toBe(expected);
      expectSubscriptions(source.subscriptions).toBe(sourceSubs);
      expectSubscriptions(select.subscriptions).toBe(selectSubs);
    });
  });

  it('R4: never reconciles twice at once; triggers that arrive during one share a single further one', () => {
    let asked: string[] = [];
    marbles((helpers) => {
      const { hot, cold, expectObservable, expectSubscriptions } = helpers;
      const source = hot('  -abcd-------|');
      const sourceSubs = '  ^-----------!';
      const select = cold('  ----(r|)    ');
      const selectSubs = ['                   -^---!', '                   -----^---!'];
      const expected = '    -----r---r--|';

      const set = setUp(helpers, () => select);
      asked = set.asked;
      expectObservable(source.pipe(set.operator)).toBe(expected);
      expectSubscriptions(source.subscriptions).toBe(sourceSubs);
      expectSubscriptions(select.subscriptions).toBe(selectSubs);
    });
    expect(asked).toEqual(['a', 'bcd']);
  });

  it('R4: a trigger that its own result causes waits for the running reconcile', () => {
    marbles((helpers) => {
      const { hot, cold, expectObservable, expectSubscriptions } = helpers;
      const source = hot('  a-------');
      const sourceSubs = '  ^-------!';
      const select = cold(' --r-|   ');
      const selectSubs = ['^---!', ' ----^---!'];
      const expected = '    --r---r--';
      const unsub = '       --------!';

      const again = new Subject<string>();
      const { operator } = setUp(helpers, () => select);
      const triggers = again.pipe(take(1));
      const result = merge(source, triggers).pipe(
        operator,
        tap(() => again.next('again')),
      );
      expectObservable(result, unsub).toBe(expected);
      expectSubscriptions(source.subscriptions).toBe(sourceSubs);
      expectSubscriptions(select.subscriptions).toBe(selectSubs);
    });
  });

  it('R4: a trigger inside a reconcile that answers at once waits for its end as well', () => {
    let asked: string[] = [];
    marbles((helpers) => {
      const { hot, expectObservable, expectSubscriptions } = helpers;
      const source = hot('  a---');
      const sourceSubs = '  ^--!';
      const expected = '    (rr)';
      const unsub = '       ---!';

      const again = new Subject<string>();
      const set = setUp(helpers, () => of('r'));
      asked = set.asked;
      const result = merge(source, again.pipe(take(1))).pipe(
        set.operator,
        tap(() => again.next('b')),
      );
      expectObservable(result, unsub).toBe(expected);
      expectSubscriptions(source.subscriptions).toBe(sourceSubs);
    });
    expect(asked).toEqual(['a', 'b']);
  });

  it('R4: an event is reconciled again 20 ms, 100 ms and 1.5 s later', () => {
    marbles((helpers) => {
      const { hot, cold, expectObservable, expectSubscriptions } = helpers;
      const source = hot('  E                     1999ms |');
      const sourceSubs = '  ^                     1999ms !';
      const select = cold(' (r|)                          ');
      const selectSubs = ['(^!)', '20ms (^!)', '100ms (^!)', '1500ms (^!)'];
      const expected = '    r 19ms r 79ms r 1399ms r 499ms |';

      const { operator } = setUp(helpers, () => select);
      expectObservable(source.pipe(operator)).toBe(expected);
      expectSubscriptions(source.subscriptions).toBe(sourceSubs);
      expectSubscriptions(select.subscriptions).toBe(selectSubs);
    });
  });

  it('R5: a poll is not repeated', () => {
    marbles((helpers) => {
      const { hot, cold, expectObservable, expectSubscriptions } = helpers;
      const source = hot('  p 1999ms |');
      const sourceSubs = '  ^ 1999ms !';
      const select = cold(' (r|)      ');
      const selectSubs = '  (^!)      ';
      const expected = '    r 1999ms |';

      const { operator } = setUp(helpers, () => select);
      expectObservable(source.pipe(operator)).toBe(expected);
      expectSubscriptions(source.subscriptions).toBe(sourceSubs);
      expectSubscriptions(select.subscriptions).toBe(selectSubs);
    });
  });

  it('R4: a new event starts the schedule anew', () => {
    marbles((helpers) => {
      const { hot, cold, expectObservable, expectSubscriptions } = helpers;
      const source = hot('  E         49ms E                      1999ms |');
      const sourceSubs = '  ^                                     2049ms !';
      const select = cold(' (r|)');
      const selectSubs = ['(^!)', '20ms (^!)', '50ms (^!)', '70ms (^!)', '150ms (^!)', '1550ms (^!)'];
      const expected = '    r 19ms r 29ms r 19ms r 79ms r 1399ms r 499ms |';

      const { operator } = setUp(helpers, () => select);
      expectObservable(source.pipe(operator)).toBe(expected);
      expectSubscriptions(source.subscriptions).toBe(sourceSubs);
      expectSubscriptions(select.subscriptions).toBe(selectSubs);
    });
  });

  it('R4: a poll leaves the schedule of the event before it as it is', () => {
    marbles((helpers) => {
      const { hot, cold, expectObservable, expectSubscriptions } = helpers;
      const source = hot('  E         49ms p             1949ms |');
      const sourceSubs = '  ^ 1999ms                            !';
      const select = cold(' (r|)');
      const selectSubs = ['(^!)', '20ms (^!)', '50ms (^!)', '100ms (^!)', '1500ms (^!)'];
      const expected = '    r 19ms r 29ms r 49ms r 1399ms r 499ms |';

      const { operator } = setUp(helpers, () => select);
      expectObservable(source.pipe(operator)).toBe(expected);
      expectSubscriptions(source.subscriptions).toBe(sourceSubs);
      expectSubscriptions(select.subscriptions).toBe(selectSubs);
    });
  });

  it('R4: a repeat that falls into a running reconcile waits for it', () => {
    marbles((helpers) => {
      const { hot, cold, expectObservable, expectSubscriptions } = helpers;
      const source = hot('  E                              1999ms |');
      const sourceSubs = '  ^                              1999ms !';
      const select = cold(' 30ms (r|)');
      const selectSubs = ['^ 29ms !', '30ms ^ 29ms !', '100ms ^ 29ms !', '1500ms ^ 29ms !'];
      const expected = '    30ms r 29ms r 69ms r 1399ms r 469ms |';

      const { operator } = setUp(helpers, () => select);
      expectObservable(source.pipe(operator)).toBe(expected);
      expectSubscriptions(source.subscriptions).toBe(sourceSubs);
      expectSubscriptions(select.subscriptions).toBe(selectSubs);
    });
  });

  it('R4: tells when the last repeat has been read: not after a poll, and not while a failed one is to be tried again', () => {
    const told: number[] = [];
    marbles((helpers) => {
      const { hot, cold, expectObservable, scheduler } = helpers;
      const source = hot('  p 99ms E 899ms E                                           9s |');
      const expected = '    30ms r 99ms r 29ms r 69ms r 799ms r 29ms r 69ms r 6429ms r 2440ms |';
      const working = cold('30ms (r|)');
      const failing = cold('30ms #');

      let asked = 0;
      const { operator } = setUp(
        helpers,
        () => {
          asked += 1;
          return asked === LAST_REPEAT ? failing : working;
        },
        { onAllRepeated: () => told.push(scheduler.now()) },
      );
      expectObservable(source.pipe(operator)).toBe(expected);
    });
    // The first schedule was started anew by the second event, whose last repeat was read at the second try.
    expect(told).toEqual([1000 + 1500 + 30 + 5000 + 30]);
  });

  it('R13: a reconcile that failed is reported and tried again, as often as it takes', () => {
    let errors: unknown[] = [];
    marbles((helpers) => {
      const { hot, cold, expectObservable, expectSubscriptions } = helpers;
      const source = hot('    p              14999ms |');
      const sourceSubs = '    ^              14999ms !';
      const failing = cold('  -#                      ');
      const failingSubs = ['  ^!', '5001ms ^!'];
      const working = cold('  -(r|)                   ');
      const workingSubs = '   10002ms ^!              ';
      const expected = '      10003ms r       4996ms |';

      let tries = 0;
      const set = setUp(helpers, () => {
        tries += 1;
        return tries <= 2 ? failing : working;
      });
      errors = set.errors;
      expectObservable(source.pipe(set.operator)).toBe(expected);
      expectSubscriptions(source.subscriptions).toBe(sourceSubs);
      expectSubscriptions(failing.subscriptions).toBe(failingSubs);
      expectSubscriptions(working.subscriptions).toBe(workingSubs);
    });
    expect(errors).toEqual(['error', 'error']);
  });

  it('R22: when a failed reconcile is tried again is asked for each time', () => {
    marbles((helpers) => {
      const { hot, cold, expectObservable, expectSubscriptions } = helpers;
      const source = hot('    p   3999ms |');
      const failing = cold('  -#          ');
      const failingSubs = ['  ^!', '1001ms ^!', '1202ms ^!', '1403ms ^!'];
      const working = cold('  (r|)        ');
      const expected = '      1604ms r 2395ms |';

      const delays = [1000];
      let tries = 0;
      const { operator } = setUp(
        helpers,
        () => {
          tries += 1;
          return tries <= 4 ? failing : working;
        },
        { retryAfterMs: () => delays.pop() ?? 200 },
      );
      expectObservable(source.pipe(operator)).toBe(expected);
      expectSubscriptions(failing.subscriptions).toBe(failingSubs);
    });
  });

  it('R13: what waited during a reconcile that failed is reconciled at once', () => {
    marbles((helpers) => {
      const { hot, cold, expectObservable, expectSubscriptions } = helpers;
      const source = hot('    pq                   5999ms |');
      const sourceSubs = '    ^                    6000ms !';
      const failing = cold('  --#                         ');
      const failingSubs = '   ^-!                         ';
      const working = cold('  -(r|)                       ');
      const workingSubs = ['  --^!', '5002ms ^!           '];
      const expected = '      ---r 4999ms r         997ms |';

      let tries = 0;
      const { operator } = setUp(helpers, () => {
        tries += 1;
        return tries === 1 ? failing : working;
      });
      expectObservable(source.pipe(operator)).toBe(expected);
      expectSubscriptions(source.subscriptions).toBe(sourceSubs);
      expectSubscriptions(failing.subscriptions).toBe(failingSubs);
      expectSubscriptions(working.subscriptions).toBe(workingSubs);
    });
  });

  it('R13: a synchronous throw in `reconcile` is a failed reconcile', () => {
    let errors: unknown[] = [];
    marbles((helpers) => {
      const { hot, expectObservable, expectSubscriptions } = helpers;
      const source = hot('  p        5999ms |');
      const sourceSubs = '  ^        5999ms !';
      const expected = '    5s r      999ms |';

      let tries = 0;
      const set = setUp(helpers, () => {
        tries += 1;
        if (tries === 1) throw new Error('no connection');
        return of('r');
      });
      errors = set.errors;
      expectObservable(source.pipe(set.operator)).toBe(expected);
      expectSubscriptions(source.subscriptions).toBe(sourceSubs);
    });
    expect(errors).toEqual([new Error('no connection')]);
  });

  it('a throw in `onError`, `isRepeated` or `merge` is an error of the stream', () => {
    const fault = new Error('fault');
    const fail = (): never => {
      throw fault;
    };
    marbles((helpers) => {
      const { hot, cold, expectObservable, expectSubscriptions } = helpers;
      const failing = setUp(helpers, () => throwError(() => 'error'), { onError: fail });
      const source = hot('  -p-');
      expectObservable(source.pipe(failing.operator)).toBe('-#', {}, fault);
      expectSubscriptions(source.subscriptions).toBe('      ^!');

      const repeated = setUp(helpers, () => of('r'), { isRepeated: fail });
      expectObservable(hot('-p-').pipe(repeated.operator)).toBe('-#', {}, fault);

      const merged = setUp(helpers, () => cold('-----(r|)'), { merge: fail });
      expectObservable(hot('-pqs-').pipe(merged.operator)).toBe('---#', {}, fault);
    });
  });

  it('R4: reads page by page, in order, and with the next trigger from the beginning', () => {
    const keys: (PageKey | undefined)[] = [];
    marbles((helpers) => {
      const { hot, cold, expectObservable } = helpers;
      const source = hot('  p---------q------|');
      const expected = '    --a-b-c-----a-b-c|';
      const pages = { undefined: cold('--(a|)'), 1: cold('--(b|)'), 2: cold('--(c|)') };
      const { operator } = setUp(
        helpers,
        (_, after) => {
          keys.push(after);
          return pages[String(after) as keyof typeof pages];
        },
        { endOf: (page) => ({ a: 1, b: 2 })[page] },
      );
      expectObservable(source.pipe(operator)).toBe(expected);
    });
    expect(keys).toEqual([undefined, 1, 2, undefined, 1, 2]);
  });

  it('no page is read while there is no room; a trigger that comes then is told of, and is served later', () => {
    const noRoom: string[] = [];
    let asked: string[] = [];
    marbles((helpers) => {
      const { hot, cold, expectObservable } = helpers;
      const source = hot('  p--q--------');
      const freed = hot('   ------f-f--');
      const expected = '    -r-------rr';
      let room = 1;
      const set = setUp(helpers, () => cold('-(r|)'), {
        endOf: () => (set.asked.length === 1 ? 1 : undefined),
        hasRoom: () => room > 0,
        roomFreed: freed.pipe(
          tap(() => {
            room = helpers.scheduler.now() < 7 ? 0 : 3;
          }),
        ),
        onNoRoom: (trigger) => noRoom.push(trigger),
      });
      asked = set.asked;
      const result = source.pipe(
        set.operator,
        tap(() => {
          room -= 1;
        }),
      );
      expectObservable(result).toBe(expected);
    });
    expect(noRoom).toEqual(['q']);
    expect(asked).toEqual(['p', 'pq', 'pq']);
  });

  it('an empty source: completes', () => {
    marbles((helpers) => {
      const { cold, expectObservable, expectSubscriptions } = helpers;
      const source = cold(' |   ');
      const sourceSubs = '  (^!)';
      const expected = '    |   ';

      const { operator } = setUp(helpers, () => of('r'));
      expectObservable(source.pipe(operator)).toBe(expected);
      expectSubscriptions(source.subscriptions).toBe(sourceSubs);
    });
  });

  it('a source that never tells anything: nothing', () => {
    marbles((helpers) => {
      const { cold, expectObservable, expectSubscriptions } = helpers;
      const source = cold(' ----');
      const sourceSubs = '  ^   ';
      const expected = '    ----';

      const { operator } = setUp(helpers, () => of('r'));
      expectObservable(source.pipe(operator)).toBe(expected);
      expectSubscriptions(source.subscriptions).toBe(sourceSubs);
    });
  });

  it('a reconcile without a result, and one that never ends', () => {
    marbles((helpers) => {
      const { hot, cold, expectObservable, expectSubscriptions } = helpers;
      const source = hot('  -p--q--r-');
      const sourceSubs = '  ^-------!';
      const empty = cold('   -|      ');
      const emptySubs = '   -^!      ';
      const never = cold('      ----- ');
      const neverSubs = '   ----^---!';
      const expected = '    ---------';
      const unsub = '       --------!';

      const { operator } = setUp(helpers, (trigger) => (trigger === 'p' ? empty : never));
      expectObservable(source.pipe(operator), unsub).toBe(expected);
      expectSubscriptions(source.subscriptions).toBe(sourceSubs);
      expectSubscriptions(empty.subscriptions).toBe(emptySubs);
      expectSubscriptions(never.subscriptions).toBe(neverSubs);
    });
  });

  it('an error of the source is passed on and ends the running reconcile and its repeats', () => {
    marbles((helpers) => {
      const { hot, cold, expectObservable, expectSubscriptions } = helpers;
      const source = hot('  -E-#     ');
      const sourceSubs = '  ^--!     ';
      const select = cold('  ----(r|)');
      const selectSubs = '  -^-!     ';
      const expected = '    ---#     ';

      const { operator } = setUp(helpers, () => select);
      expectObservable(source.pipe(operator)).toBe(expected);
      expectSubscriptions(source.subscriptions).toBe(sourceSubs);
      expectSubscriptions(select.subscriptions).toBe(selectSubs);
    });
  });

  it('leaving early ends the running reconcile, its repeats and its retry', () => {
    marbles((helpers) => {
      const { hot, cold, expectObservable, expectSubscriptions } = helpers;
      const source = hot('  -E-------');
      const sourceSubs = '  ^--!     ';
      const select = cold('  ----(r|)');
      const selectSubs = '  -^-!     ';
      const failing = cold(' #       ');
      const failingSubs = ' -(^!)    ';
      const expected = '    ---------';
      const unsub = '       ---!     ';

      expectObservable(source.pipe(setUp(helpers, () => select).operator), unsub).toBe(expected);
      expectSubscriptions(source.subscriptions).toBe([sourceSubs, sourceSubs]);
      expectSubscriptions(select.subscriptions).toBe(selectSubs);
      expectObservable(source.pipe(setUp(helpers, () => failing).operator), unsub).toBe(expected);
      expectSubscriptions(failing.subscriptions).toBe(failingSubs);
    });
  });

  it('leaving within a result: what comes at once after it is not reconciled', () => {
    let asked: string[] = [];
    marbles((helpers) => {
      const set = setUp(helpers, () => of('r'));
      asked = set.asked;
      helpers.expectObservable(of('E', 'F').pipe(set.operator, take(1))).toBe('(r|)');
    });
    expect(asked).toEqual(['E']);
  });

  it('leaving within a result: what waited for its end is not reconciled', () => {
    let asked: string[] = [];
    marbles((helpers) => {
      const again = new Subject<string>();
      const set = setUp(helpers, () => of('r'));
      asked = set.asked;
      const result = merge(again, of('a')).pipe(
        set.operator,
        tap(() => again.next('b')),
        take(1),
      );
      helpers.expectObservable(result).toBe('(r|)');
    });
    expect(asked).toEqual(['a']);
  });

  it.each([
    ['at a result', of('E', 'F'), of('r'), '(r|)'],
    ['after a failure', of('E'), throwError(() => 'gone'), '---'],
  ])('R22: who leaves %s leaves no timer behind', (_, source, select, expected) => {
    let pending = -1;
    marbles((helpers) => {
      const { scheduler, expectObservable } = helpers;
      const { operator } = setUp(helpers, () => select);
      expectObservable(concat(source, NEVER).pipe(operator, take(1)), '--!').toBe(expected);
      scheduler.schedule(() => {
        pending = scheduler.actions.filter(({ closed, delay }) => !closed && delay > 3).length;
      }, 3);
    });
    expect(pending).toBe(0);
  });

  it('completes only when the running reconcile and its repeats are done', () => {
    marbles((helpers) => {
      const { cold, expectObservable, expectSubscriptions } = helpers;
      const source = cold(' (E|)');
      const sourceSubs = '  (^!)';
      const select = cold(' --(r|)');
      const selectSubs = ['^-!', '20ms ^-!', '100ms ^-!', '1500ms ^-!'];
      const expected = '    --r 19ms r 79ms r 1399ms (r|)';

      const { operator } = setUp(helpers, () => select);
      expectObservable(source.pipe(operator)).toBe(expected);
      expectSubscriptions(source.subscriptions).toBe(sourceSubs);
      expectSubscriptions(select.subscriptions).toBe(selectSubs);
    });
  });

  it('R13: completes only when a failed reconcile has been made up for', () => {
    marbles((helpers) => {
      const { cold, expectObservable, expectSubscriptions } = helpers;
      const source = cold('   (p|)');
      const sourceSubs = '    (^!)';
      const failing = cold('  -#  ');
      const failingSubs = '   ^!  ';
      const working = cold('  -(r|)');
      const workingSubs = '   5001ms ^!';
      const expected = '      5002ms (r|)';

      let tries = 0;
      const { operator } = setUp(helpers, () => {
        tries += 1;
        return tries === 1 ? failing : working;
      });
      expectObservable(source.pipe(operator)).toBe(expected);
      expectSubscriptions(source.subscriptions).toBe(sourceSubs);
      expectSubscriptions(failing.subscriptions).toBe(failingSubs);
      expectSubscriptions(working.subscriptions).toBe(workingSubs);
    });
  });
});
