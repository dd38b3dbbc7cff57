import {
  concat,
  concatMap,
  defer,
  EMPTY,
  NEVER,
  type Observable,
  of,
  type TimestampProvider,
  take,
  throwError,
} from 'rxjs';
import { describe, expect, it } from 'vitest';
import {
  type Breaker,
  type CycleOutcome,
  INITIAL_BREAKER,
  msUntilHalfOpen,
  type Permit,
  reportOutcome,
  requestPermit,
  toHalfOpen,
} from '../../../src/domain/cycle/circuit-breaker.js';
import { type CircuitBreakerPort, guardByBreaker } from '../../../src/operators/guard-by-breaker.js';
import { BREAKER_LIMITS } from '../../support/breaker-limits.js';
import { marbles } from '../../support/marbles.js';

/**
 * The real breaker, reset after 100 ms, behind marbles: a cycle emits `v` for verified, `x` for exhausted; the breaker
 * adds `O` opened, `C` closed, and `s` for a cycle that it skips.
 */
function setUp(
  { scheduler }: { scheduler: TimestampProvider },
  maxFailures: number,
  initial: Breaker = INITIAL_BREAKER,
) {
  const limits = { ...BREAKER_LIMITS, maxFailures, resetTimeMs: 100 };
  const outcomes: CycleOutcome[] = [];
  const state = { breaker: initial };
  const resetWhenDue = (): Breaker =>
    msUntilHalfOpen(state.breaker, scheduler.now(), limits) > 0 ? state.breaker : toHalfOpen(state.breaker);
  const port: CircuitBreakerPort<string, Permit> = {
    request: () => {
      const { breaker, permit } = requestPermit(resetWhenDue(), scheduler.now(), limits);
      state.breaker = breaker;
      return permit;
    },
    report: (permit, outcome) => {
      outcomes.push(outcome);
      const before = state.breaker;
      state.breaker = reportOutcome(before, permit, outcome, scheduler.now(), limits);
      if (before.state === state.breaker.state) return [];
      return state.breaker.state === 'open' ? ['O'] : state.breaker.state === 'closed' ? ['C'] : [];
    },
    outcomeOf: (value) => (value === 'v' ? 'success' : value === 'x' ? 'failure' : undefined),
    whenOpen: () => ['s'],
  };
  return { port, outcomes, state };
}

/** A clock that stands still, for what happens at once. */
const still = { scheduler: { now: () => 0 } };
const ONE_FAILURE: Breaker = { state: 'closed', generation: 0, failures: 1 };
const HALF_OPEN: Breaker = { state: 'half-open', generation: 7, failures: 2, openings: 1, onTrial: false };

describe('circuitBreaker', () => {
  it('R9: opens after `maxFailures` failed cycles in a row; nothing is restarted while it is open', () => {
    marbles((helpers) => {
      const { hot, cold, expectObservable, expectSubscriptions } = helpers;
      const alarms = hot('  a 9ms a 9ms       a     9ms a 9ms |');
      const alarmSubs = '   ^ 39ms                            !';
      const cycle = cold('  -(x|)                            ');
      const cycleSubs = ['  ^!', '10ms ^!                    '];
      const expected = '    -x 9ms (xO) 5ms s     9ms s 9ms |';

      const { port } = setUp(helpers, 2);
      const run = concatMap(() => cycle.pipe(guardByBreaker(port)));
      expectObservable(alarms.pipe(run)).toBe(expected);
      expectSubscriptions(alarms.subscriptions).toBe(alarmSubs);
      expectSubscriptions(cycle.subscriptions).toBe(cycleSubs);
    });
  });

  it('R9: a success in between begins the count anew', () => {
    marbles((helpers) => {
      const { hot, cold, expectObservable, expectSubscriptions } = helpers;
      const alarms = hot('  f-----s-----f-----f-----|');
      const alarmSubs = '   ^-----------------------!';
      const failed = cold(' -(x|)                    ');
      const failedSubs = [' ^!', '------------^!', '------------------^!'];
      const good = cold('   -(v|)                    ');
      const goodSubs = '    ------^!                 ';
      const expected = '    -x-----v-----x-----(xO)-|';

      const { port } = setUp(helpers, 2);
      const run = concatMap((alarm) => (alarm === 'f' ? failed : good).pipe(guardByBreaker(port)));
      expectObservable(alarms.pipe(run)).toBe(expected);
      expectSubscriptions(alarms.subscriptions).toBe(alarmSubs);
      expectSubscriptions(failed.subscriptions).toBe(failedSubs);
      expectSubscriptions(good.subscriptions).toBe(goodSubs);
    });
  });

  it('R9: half-open after the reset time; a failed trial opens it at once, a good one zeroes the count', () => {
    marbles((helpers) => {
      const { hot, cold, expectObservable, expectSubscriptions } = helpers;
      const alarms = hot('  50ms f 49ms f  100ms g    8ms f 9ms |');
      const alarmSubs = '   ^ 219ms                             !';
      const failed = cold('               -(x|)                  ');
      const failedSubs = ['         100ms ^!', '        210ms ^!'];
      const good = cold('                        -(v|)         ');
      const goodSubs = '                   201ms ^!           ';
      const expected = '    50ms s 50ms (xO) 97ms (vC) 5ms x 8ms |';

      const { port } = setUp(helpers, 2, {
        state: 'open',
        generation: 1,
        failures: 2,
        openings: 1,
        openedAt: 0,
      });
      const run = concatMap((alarm) => (alarm === 'f' ? failed : good).pipe(guardByBreaker(port)));
      expectObservable(alarms.pipe(run)).toBe(expected);
      expectSubscriptions(alarms.subscriptions).toBe(alarmSubs);
      expectSubscriptions(failed.subscriptions).toBe(failedSubs);
      expectSubscriptions(good.subscriptions).toBe(goodSubs);
    });
  });

  it('R9: half-open lets exactly one cycle run', () => {
    marbles((helpers) => {
      const { cold, expectObservable, expectSubscriptions } = helpers;
      const trial = cold('  ----(v|)       ');
      const trialSubs = '   ^---!          ';
      const second = cold('   (v|)         ');
      const third = cold('       -(v|)     ');
      const thirdSubs = '   -----^!        ';

      const { port } = setUp(helpers, 2, HALF_OPEN);
      expectObservable(trial.pipe(guardByBreaker(port)), ' ^     ').toBe('----(vC|)');
      expectObservable(second.pipe(guardByBreaker(port)), '--^   ').toBe('--(s|)   ');
      expectObservable(third.pipe(guardByBreaker(port)), ' -----^').toBe('------(v|)');
      expectSubscriptions(trial.subscriptions).toBe(trialSubs);
      expectSubscriptions(second.subscriptions).toBe([]);
      expectSubscriptions(third.subscriptions).toBe(thirdSubs);
    });
  });

  it('R9: a late failure of a cycle begun while closed does not reopen a half-open breaker', () => {
    marbles((helpers) => {
      const { cold, expectObservable, expectSubscriptions } = helpers;
      const slow = cold('         150ms (x|)');
      const slowSubs = '  ^       149ms !   ';
      const quick = cold('  -(x|)           ');
      const quickSubs = ' -^!               ';
      const trial = cold('         50ms (v|)');
      const trialSubs = ' 120ms ^  49ms !   ';
      const second = cold('           (v|) ');

      const { port } = setUp(helpers, 1);
      expectObservable(slow.pipe(guardByBreaker(port))).toBe('150ms (x|)');
      expectObservable(quick.pipe(guardByBreaker(port)), '-^').toBe('--(xO|)');
      expectObservable(trial.pipe(guardByBreaker(port)), '120ms ^').toBe('170ms (vC|)');
      expectObservable(second.pipe(guardByBreaker(port)), '160ms ^').toBe('160ms (s|)');
      expectSubscriptions(slow.subscriptions).toBe(slowSubs);
      expectSubscriptions(quick.subscriptions).toBe(quickSubs);
      expectSubscriptions(trial.subscriptions).toBe(trialSubs);
      expectSubscriptions(second.subscriptions).toBe([]);
    });
  });

  it('R9: a late success of a cycle begun while closed does not close an open breaker', () => {
    marbles((helpers) => {
      const { cold, expectObservable, expectSubscriptions } = helpers;
      const slow = cold('    50ms (v|)');
      const slowSubs = '  ^  49ms !   ';
      const quick = cold('  -(x|)      ');
      const quickSubs = ' -^!          ';
      const third = cold('     -(v|)   ');

      const { port } = setUp(helpers, 1);
      expectObservable(slow.pipe(guardByBreaker(port))).toBe('50ms (v|)');
      expectObservable(quick.pipe(guardByBreaker(port)), '-^').toBe('--(xO|)');
      expectObservable(third.pipe(guardByBreaker(port)), '60ms ^').toBe('60ms (s|)');
      expectSubscriptions(slow.subscriptions).toBe(slowSubs);
      expectSubscriptions(quick.subscriptions).toBe(quickSubs);
      expectSubscriptions(third.subscriptions).toBe([]);
    });
  });

  it('R9: a trial that ends without a verdict, or is left, lets the next one try', () => {
    marbles((helpers) => {
      const { cold, expectObservable, expectSubscriptions } = helpers;
      const empty = cold(' --|          ');
      const emptySubs = '  ^-!          ';
      const never = cold('    -----     ');
      const neverSubs = '  ---^---!     ';
      const trial = cold('         -(v|)');
      const trialSubs = '  --------^!   ';

      const { port, outcomes } = setUp(helpers, 2, HALF_OPEN);
      expectObservable(empty.pipe(guardByBreaker(port)), '^       ').toBe('--|');
      expectObservable(never.pipe(guardByBreaker(port)), '---^---!').toBe('--------');
      expectObservable(trial.pipe(guardByBreaker(port)), '--------^').toBe('---------(vC|)');
      expectSubscriptions(empty.subscriptions).toBe(emptySubs);
      expectSubscriptions(never.subscriptions).toBe(neverSubs);
      expectSubscriptions(trial.subscriptions).toBe(trialSubs);
      helpers.flush();
      expect(outcomes).toEqual(['abandoned', 'abandoned', 'success']);
    });
  });

  it('R9: an abandoned cycle neither counts as a failure nor zeroes the count', () => {
    marbles((helpers) => {
      const { cold, expectObservable, expectSubscriptions } = helpers;
      const source = cold(' -a|');
      const sourceSubs = '  ^-!';
      const expected = '    -a|';

      const { port, state } = setUp(helpers, 2, ONE_FAILURE);
      expectObservable(source.pipe(guardByBreaker(port))).toBe(expected);
      expectSubscriptions(source.subscriptions).toBe(sourceSubs);
      helpers.flush();
      expect(state.breaker).toEqual(ONE_FAILURE);
    });
  });

  it('R9: an error is a failure, and is told after what the breaker has to say', () => {
    marbles((helpers) => {
      const { cold, expectObservable, expectSubscriptions } = helpers;
      const source = cold(' -a-#   ');
      const sourceSubs = '  ^--!   ';
      const expected = '    -a-(O#)';

      const { port, outcomes } = setUp(helpers, 1);
      expectObservable(source.pipe(guardByBreaker(port))).toBe(expected);
      expectSubscriptions(source.subscriptions).toBe(sourceSubs);
      helpers.flush();
      expect(outcomes).toEqual(['failure']);
    });
  });

  it('R9: the first verdict counts, whatever follows it', () => {
    marbles((helpers) => {
      const { cold, expectObservable, expectSubscriptions } = helpers;
      const source = cold(' -v-x-#');
      const sourceSubs = '  ^----!';
      const expected = '    -v-x-#';

      const { port, outcomes } = setUp(helpers, 1);
      expectObservable(source.pipe(guardByBreaker(port))).toBe(expected);
      expectSubscriptions(source.subscriptions).toBe(sourceSubs);
      helpers.flush();
      expect(outcomes).toEqual(['success']);
    });
  });

  it('R9: what the breaker says about a cycle without a verdict is told before the end', () => {
    marbles((helpers) => {
      const { cold, expectObservable, expectSubscriptions } = helpers;
      const source = cold(' -a|   ');
      const sourceSubs = '  ^-!   ';
      const expected = '    -a(A|)';

      const { port } = setUp(helpers, 1);
      const talkative = { ...port, report: (_: Permit, outcome: CycleOutcome) => [outcome] };
      expectObservable(source.pipe(guardByBreaker(talkative))).toBe(expected, { a: 'a', A: 'abandoned' });
      expectSubscriptions(source.subscriptions).toBe(sourceSubs);
    });
  });

  it('R9: who leaves because of the verdict does not take it back', () => {
    const { port, outcomes } = setUp(still, 1);
    const values: string[] = [];
    concat(of('v'), NEVER)
      .pipe(guardByBreaker(port), take(1))
      .subscribe((value) => values.push(value));
    expect([values, outcomes]).toEqual([['v'], ['success']]);
  });

  it('R9: who leaves at an earlier value starts nothing further; the cycle is abandoned', () => {
    const { port, outcomes } = setUp(still, 1, HALF_OPEN);
    let ran = false;
    const effect = defer(() => {
      ran = true;
      return NEVER;
    });
    concat(of('a'), effect).pipe(guardByBreaker(port), take(1)).subscribe();
    expect([ran, outcomes]).toEqual([false, ['abandoned']]);
  });

  it('R9: leave is asked for at every subscription, not before', () => {
    const { port, outcomes, state } = setUp(still, 1, HALF_OPEN);
    const cycle = EMPTY.pipe(guardByBreaker(port));
    expect([outcomes, state.breaker]).toEqual([[], HALF_OPEN]);
    cycle.subscribe();
    cycle.subscribe();
    expect(outcomes).toEqual(['abandoned', 'abandoned']);
  });

  it.each<[string, Observable<string>, Partial<CircuitBreakerPort<string, Permit>>]>([
    ['the source', defer(() => throwNow()), {}],
    ['outcomeOf', of('v'), { outcomeOf: () => throwNow() }],
    ['request', of('v'), { request: () => throwNow() }],
    ['whenOpen', of('v'), { request: () => undefined, whenOpen: () => throwNow() }],
    ['report', of('v'), { report: () => throwNow() }],
    ['report at the end', EMPTY, { report: () => throwNow() }],
    ['report of an error', throwError(() => 'lost'), { report: () => throwNow() }],
  ])('R13: a synchronous throw in %s is an error of the stream, told once', (_, source, overrides) => {
    const { port } = setUp(still, 1);
    const errors: unknown[] = [];
    source
      .pipe(guardByBreaker({ ...port, ...overrides }))
      .subscribe({ error: (error) => errors.push(error) });
    expect(errors).toEqual([FAULT]);
  });

  it('R9: a cycle whose code throws has failed and frees the trial', () => {
    const { port, outcomes } = setUp(still, 1, HALF_OPEN);
    of('v')
      .pipe(guardByBreaker({ ...port, outcomeOf: () => throwNow() }))
      .subscribe({ error: () => {} });
    expect(outcomes).toEqual(['failure']);
  });
});

const FAULT = new Error('fault');

function throwNow(): never {
  throw FAULT;
}
