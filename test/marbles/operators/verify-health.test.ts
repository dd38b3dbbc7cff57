import {
  finalize,
  map,
  NEVER,
  type Observable,
  type OperatorFunction,
  of,
  type SchedulerLike,
  switchMap,
  take,
  tap,
  throwError,
  timer,
} from 'rxjs';
import { describe, expect, it } from 'vitest';
import type { HealthVerdict } from '../../../src/domain/cycle/restart-target.js';
import type { Slot } from '../../../src/operators/restart-slots.js';
import { verifyHealth } from '../../../src/operators/verify-health.js';
import { marbles } from '../../support/marbles.js';

/** `h` healthy; `u` and `v` unhealthy for different reasons; `n` no answer at all. */
const verdicts: Record<'h' | 'u' | 'v' | 'n', HealthVerdict> = {
  h: { healthy: true, detail: 'exit 0' },
  u: { healthy: false, reason: 'exit 1' },
  v: { healthy: false, reason: 'exit 2' },
  n: { healthy: false, reason: 'no answer within 5 s' },
};

const ALWAYS_FREE: Slot = { acquire: () => of(undefined), release() {} };

function verify(
  { scheduler, slot = ALWAYS_FREE }: { readonly scheduler: SchedulerLike; readonly slot?: Slot },
  check: (name: string) => Observable<HealthVerdict>,
): OperatorFunction<string, HealthVerdict> {
  const rest = { timeoutMs: 5000, intervalMs: 1000, slot, scheduler };
  return switchMap((name) => verifyHealth({ ...rest, check: () => check(name) }));
}

describe('verifyHealth', () => {
  it('R21: checks at once; a healthy process needs no second check', () => {
    marbles((helpers) => {
      const { cold, expectObservable, expectSubscriptions } = helpers;
      const source = cold(' -(r|)   ');
      const sourceSubs = '  ^!       ';
      const check = cold('   --(h|) ', verdicts);
      const checkSubs = '   -^-!     ';
      const expected = '    ---(h|) ';

      expectObservable(source.pipe(verify(helpers, () => check))).toBe(expected, verdicts);
      expectSubscriptions(source.subscriptions).toBe(sourceSubs);
      expectSubscriptions(check.subscriptions).toBe(checkSubs);
    });
  });

  it('R21: checks every second, counted from begin to begin, until it is healthy', () => {
    marbles((helpers) => {
      const { cold, expectObservable, expectSubscriptions } = helpers;
      const source = cold(' (r|)');
      const sourceSubs = '  (^!)';
      const bad = cold('    10ms (u|)', verdicts);
      const badSubs = ['    ^ 9ms !', '1s ^ 9ms !', '2s ^ 9ms !'];
      const good = cold('   10ms (h|)', verdicts);
      const goodSubs = '    3s ^ 9ms !';
      const expected = '    3010ms (h|)';

      let checks = 0;
      const check = verify(helpers, () => (checks++ < 3 ? bad : good));
      expectObservable(source.pipe(check)).toBe(expected, verdicts);
      expectSubscriptions(source.subscriptions).toBe(sourceSubs);
      expectSubscriptions(bad.subscriptions).toBe(badSubs);
      expectSubscriptions(good.subscriptions).toBe(goodSubs);
    });
  });

  it('R21: a check slower than a second is followed by the next at once, never overlapped', () => {
    marbles((helpers) => {
      const { cold, expectObservable, expectSubscriptions } = helpers;
      const source = cold(' (r|)');
      const sourceSubs = '  (^!)';
      const bad = cold('    1500ms (u|)', verdicts);
      const badSubs = ['    ^ 1499ms !', '1500ms ^ 1499ms !', '3000ms ^ 1499ms !', '4500ms ^ 499ms !'];
      const expected = '    5s (u|)';

      expectObservable(source.pipe(verify(helpers, () => bad))).toBe(expected, verdicts);
      expectSubscriptions(source.subscriptions).toBe(sourceSubs);
      expectSubscriptions(bad.subscriptions).toBe(badSubs);
    });
  });

  it('R21: gives up at the deadline with the last reason known; no check begins there', () => {
    marbles((helpers) => {
      const { cold, expectObservable, expectSubscriptions } = helpers;
      const source = cold(' (r|)');
      const sourceSubs = '  (^!)';
      const first = cold('  (u|)', verdicts);
      const firstSubs = ['  (^!)', '1s (^!)', '2s (^!)', '3s (^!)'];
      const last = cold('   (v|)', verdicts);
      const lastSubs = '    4s (^!)';
      const expected = '    5s (v|)';

      let checks = 0;
      const check = verify(helpers, () => (checks++ < 4 ? first : last));
      expectObservable(source.pipe(check)).toBe(expected, verdicts);
      expectSubscriptions(source.subscriptions).toBe(sourceSubs);
      expectSubscriptions(first.subscriptions).toBe(firstSubs);
      expectSubscriptions(last.subscriptions).toBe(lastSubs);
    });
  });

  it('R21: a check that hangs is ended at the deadline', () => {
    marbles((helpers) => {
      const { cold, expectObservable, expectSubscriptions } = helpers;
      const source = cold(' (r|)        ');
      const sourceSubs = '  (^!)        ';
      const hanging = cold('-           ', verdicts);
      const hangingSubs = ' ^ 4999ms !  ';
      const expected = '    5s       (n|)';

      expectObservable(source.pipe(verify(helpers, () => hanging))).toBe(expected, verdicts);
      expectSubscriptions(source.subscriptions).toBe(sourceSubs);
      expectSubscriptions(hanging.subscriptions).toBe(hangingSubs);
    });
  });

  it.each([
    ['back', -3_600_000, '2s (h|)'],
    // At most one check comes early.
    ['forward', 3_600_000, '1s (h|)'],
  ])('R21: a wall clock that is set %s does not stop the checks', (_, jumpMs, expected) => {
    marbles((helpers) => {
      const { cold, expectObservable, expectSubscriptions, scheduler } = helpers;
      let offsetMs = 0;
      const clock = {
        now: () => scheduler.now() + offsetMs,
        schedule: scheduler.schedule.bind(scheduler),
      };
      const bad = cold('u', verdicts).pipe(take(1));
      const good = cold('(h|)', verdicts);
      let checks = 0;
      const check = (): Observable<HealthVerdict> => {
        checks += 1;
        // Set between the begin of the second check and its end.
        return checks === 2
          ? bad.pipe(
              tap(() => {
                offsetMs = jumpMs;
              }),
            )
          : checks === 3
            ? good
            : bad;
      };
      const source = cold('   (r|)        ');
      expectObservable(source.pipe(verify({ scheduler: clock }, check))).toBe(expected, verdicts);
      expectSubscriptions(source.subscriptions).toBe('(^!)');
    });
  });

  it('R13, R27: a check that errors or throws could not be made, and has its reason', () => {
    marbles((helpers) => {
      const { cold, expectObservable, expectSubscriptions } = helpers;
      const source = cold(' (r|)');
      const sourceSubs = '  (^!)';
      const late = { ...verdicts, x: { healthy: false, reason: 'no pgrep', isUnknown: true } };
      const failing = throwError(() => new Error('no pgrep'));
      const expected = '    5s (x|)';

      let checks = 0;
      const check = verify(helpers, () => {
        if (checks++ % 2 === 0) throw new Error('no pgrep');
        return failing;
      });
      expectObservable(source.pipe(check)).toBe(expected, late);
      expectSubscriptions(source.subscriptions).toBe(sourceSubs);
    });
  });

  it('R21: a check without an answer is asked again', () => {
    marbles((helpers) => {
      const { cold, expectObservable, expectSubscriptions } = helpers;
      const source = cold(' (r|)');
      const sourceSubs = '  (^!)';
      const empty = cold('  |', verdicts);
      const emptySubs = '   (^!)';
      const good = cold('   (h|)', verdicts);
      const goodSubs = '    1s (^!)';
      const expected = '    1s (h|)';

      let checks = 0;
      const check = verify(helpers, () => (checks++ === 0 ? empty : good));
      expectObservable(source.pipe(check)).toBe(expected, verdicts);
      expectSubscriptions(source.subscriptions).toBe(sourceSubs);
      expectSubscriptions(empty.subscriptions).toBe(emptySubs);
      expectSubscriptions(good.subscriptions).toBe(goodSubs);
    });
  });

  it('one verdict for each thing; a new one ends the verification of the one before', () => {
    marbles((helpers) => {
      const { hot, cold, expectObservable, expectSubscriptions } = helpers;
      const source = hot('   -a-b-------|');
      const sourceSubs = '   ^----------!';
      const ofA = cold('      ------(h|) ', verdicts);
      const ofASubs = '      -^-!        ';
      const ofB = cold('        ----(h|) ', verdicts);
      const ofBSubs = '      ---^---!    ';
      const expected = '     -------h---|';

      const check = verify(helpers, (name) => (name === 'a' ? ofA : ofB));
      expectObservable(source.pipe(check)).toBe(expected, verdicts);
      expectSubscriptions(source.subscriptions).toBe(sourceSubs);
      expectSubscriptions(ofA.subscriptions).toBe(ofASubs);
      expectSubscriptions(ofB.subscriptions).toBe(ofBSubs);
    });
  });

  it('an empty source completes, a silent one stays silent, an error ends the running check', () => {
    marbles((helpers) => {
      const { cold, expectObservable, expectSubscriptions } = helpers;
      const empty = cold('  |    ');
      const emptySubs = '   (^!) ';
      const silent = cold(' -----');
      const silentSubs = '  ^    ';
      const failed = cold(' -r-# ');
      const failedSubs = '  ^--! ';
      const check = cold('   ----', verdicts);
      const checkSubs = '   -^-! ';

      const operator = verify(helpers, () => check);
      expectObservable(empty.pipe(operator)).toBe(' |    ');
      expectObservable(silent.pipe(operator)).toBe('-----');
      expectObservable(failed.pipe(operator)).toBe('---# ');
      expectSubscriptions(empty.subscriptions).toBe(emptySubs);
      expectSubscriptions(silent.subscriptions).toBe(silentSubs);
      expectSubscriptions(failed.subscriptions).toBe(failedSubs);
      expectSubscriptions(check.subscriptions).toBe(checkSubs);
    });
  });

  it('R22: leaving early ends the running check and begins no other', () => {
    marbles((helpers) => {
      const { cold, expectObservable, expectSubscriptions } = helpers;
      const source = cold(' (r|)');
      const sourceSubs = '  (^!)';
      const bad = cold('    10ms (u|)', verdicts);
      const badSubs = ['    ^ 9ms !', '1s ^ 4ms !'];
      const unsub = '       1005ms !';
      const expected = '    2s -';

      expectObservable(source.pipe(verify(helpers, () => bad)), unsub).toBe(expected, verdicts);
      expectSubscriptions(source.subscriptions).toBe(sourceSubs);
      expectSubscriptions(bad.subscriptions).toBe(badSubs);
    });
  });

  it('R21: what comes after a verdict of a check does not begin another verification', () => {
    marbles((helpers) => {
      const { cold, expectObservable, expectSubscriptions } = helpers;
      const source = cold(' (r|)');
      const sourceSubs = '  (^!)';
      const chatty = cold(' -h-u-h|', verdicts);
      const chattySubs = '  ^!';
      const expected = '    -(h|)';

      const checked = source.pipe(verify(helpers, () => chatty));
      expectObservable(checked).toBe(expected, verdicts);
      expectSubscriptions(source.subscriptions).toBe(sourceSubs);
      expectSubscriptions(chatty.subscriptions).toBe(chattySubs);
    });
  });

  it('R8: gives its slot back between two checks, and what it waits for a slot counts in no deadline', () => {
    marbles(({ cold, scheduler, expectObservable, expectSubscriptions }) => {
      const source = cold(' (r|)');
      const bad = cold('    10ms (u|)', verdicts);
      // Due at 1 s and every second, a slot is had 10 s late each time: five checks of a second each in all.
      const badSubs = ['    ^ 9ms !', '11s ^ 9ms !', '22s ^ 9ms !', '33s ^ 9ms !', '44s ^ 9ms !'];
      const expected = '    45s (u|)';
      const told: string[] = [];
      const slot: Slot = {
        release: () => told.push(`${scheduler.now()} release`),
        acquire: () => timer(10_000, scheduler).pipe(map(() => undefined)),
      };

      expectObservable(source.pipe(verify({ scheduler, slot }, () => bad))).toBe(expected, verdicts);
      expectSubscriptions(bad.subscriptions).toBe(badSubs);
      scheduler.flush();
      expect(told).toEqual([
        '10 release',
        '11010 release',
        '22010 release',
        '33010 release',
        '44010 release',
      ]);
    });
  });

  it('R8: a healthy process keeps its slot: what follows may need it', () => {
    marbles(({ cold, scheduler, expectObservable }) => {
      const slot: Slot = { acquire: () => throwError(() => new Error('held')), release: () => expect.fail() };
      const source = cold('(r|)');
      expectObservable(source.pipe(verify({ scheduler, slot }, () => cold('-(h|)', verdicts)))).toBe(
        '          -(h|)',
        verdicts,
      );
    });
  });

  it('R21: a check is told how much time is left', () => {
    marbles(({ cold, scheduler, expectObservable }) => {
      const limits: number[] = [];
      const rest = { timeoutMs: 2500, intervalMs: 1000, slot: ALWAYS_FREE, scheduler };
      const verdict = verifyHealth({
        ...rest,
        check: (limitMs) => {
          limits.push(limitMs);
          return cold('1200ms (u|)', verdicts);
        },
      });
      expectObservable(verdict).toBe('2500ms (u|)', verdicts);
      scheduler.flush();
      expect(limits).toEqual([2500, 1300, 100]);
    });
  });

  it('R27: no answer at all may say nothing of the process; a reason that is known does', () => {
    marbles(({ cold, scheduler, expectObservable }) => {
      const rest = { timeoutMs: 2500, intervalMs: 1000, slot: ALWAYS_FREE, scheduler };
      const checks = [cold<HealthVerdict>('(u|)', verdicts), NEVER, NEVER];
      const silent = verifyHealth({ ...rest, isUnknownWithoutAnswer: true, check: () => NEVER });
      const falling = verifyHealth({
        ...rest,
        isUnknownWithoutAnswer: true,
        check: () => checks.shift() ?? NEVER,
      });
      expectObservable(silent).toBe('2500ms (x|)', {
        x: { healthy: false, reason: 'no answer within 2.5 s', isUnknown: true },
      });
      expectObservable(falling).toBe('2500ms (u|)', verdicts);
    });
  });

  it('R8: a check that is ended at the deadline has been left before its slot is given back', () => {
    marbles(({ scheduler, expectObservable }) => {
      const told: string[] = [];
      const slot: Slot = { acquire: () => of(undefined), release: () => told.push('release') };
      const hanging = NEVER.pipe(finalize(() => told.push('left')));
      const rest = { timeoutMs: 1000, intervalMs: 1000, slot, scheduler };
      expectObservable(verifyHealth({ ...rest, check: () => hanging })).toBe('1s (x|)', {
        x: { healthy: false, reason: 'no answer within 1 s' },
      });
      scheduler.flush();
      expect(told).toEqual(['left', 'release']);
    });
  });
});
