import { concat, defer, delay, EMPTY, map, merge, type Observable, of, Subject, take, tap } from 'rxjs';
import { describe, expect, it } from 'vitest';
import type { Alarm, AlarmSignal } from '../../../src/domain/alarm/alarm.js';
import { LogicalClock } from '../../../src/domain/logical-clock.js';
import { CycleCapacity } from '../../../src/operators/cycle-capacity.js';
import type { CycleInbox } from '../../../src/operators/cycle-inbox.js';
import {
  type OneCyclePerProcessOptions,
  oneCyclePerProcess,
} from '../../../src/operators/one-cycle-per-process.js';
import { marbles } from '../../support/marbles.js';
import { lowered, ownWrite, raised, standing } from '../../support/process-signals.js';

/** Process 1 is raised by a, b, c and o; process 2 by x and y. The end of the first cycle has place 1 in the order. */
const signals: Record<string, AlarmSignal> = {
  a: raised(1, 'a'),
  b: raised(1, 'b'),
  c: raised(1, 'c'),
  x: raised(2, 'x'),
  y: raised(2, 'y'),
  /** Lowered by somebody else. */
  L: lowered(1),
  M: lowered(2),
  /** Standing: looked for before anything began, because of a later event, and after a cycle has ended. */
  S: standing(1, 'stood', 0, 0),
  P: standing(1, 'possible', 5, 0),
  F: standing(1, 'f', 9, 9),
  /** What our own clear and our own raise look like, and our clear as a statement. */
  E: lowered(1, 'OK'),
  R: raised(1, 'FAILED'),
  W: ownWrite(1),
  /** A raise that leaves the notes of our clear. */
  o: raised(1, 'OK'),
};

type Cycle = (alarm: Alarm, inbox: CycleInbox, isFollowUp: boolean) => Observable<string>;

/** `s` says that a cycle succeeded, `z` that it errored. */
function setUp(cycle: Cycle, overrides: Partial<OneCyclePerProcessOptions<string>> = {}) {
  const stale: (string | null)[] = [];
  const operator = oneCyclePerProcess<string>({
    cycle,
    isSuccess: (event) => event === 's',
    onError: () => 'z',
    onStale: ({ notes }) => stale.push(notes),
    onNoRoom: () => {},
    capacity: new CycleCapacity(() => ({ page: 500, fromTable: 2000, total: 4000 })),
    clock: new LogicalClock(),
    ...overrides,
  });
  return { operator, stale };
}

/** A cycle tells the notes of its alarm, in upper case where it is a follow-up, then what `body` tells. */
function telling(body: Observable<string>): Cycle {
  return ({ notes }, _, isFollowUp) => concat(of(nameOf(notes, isFollowUp)), body);
}

/** The same, but `s` reads `w` where the alarm had been withdrawn by then. */
function tellingWithdrawal(body: Observable<string>): Cycle {
  return ({ notes }, inbox, isFollowUp) =>
    concat(
      of(nameOf(notes, isFollowUp)),
      body.pipe(map((event) => (event === 's' && inbox.withdrawn ? 'w' : event))),
    );
}

function nameOf(notes: string | null, isFollowUp: boolean): string {
  const name = (notes ?? '?').charAt(0).toLowerCase();
  return isFollowUp ? name.toUpperCase() : name;
}

interface Diagram {
  readonly source: string;
  readonly body: string;
  readonly bodySubs: string | string[];
  readonly expected: string;
  readonly stale?: string[];
  readonly cycle?: (body: Observable<string>) => Cycle;
}

/** A source that completes, cycles that all run the same body, and what comes of it. */
function check({ source: diagram, body: bodyDiagram, bodySubs, expected, ...rest }: Diagram): void {
  let stale: unknown;
  marbles(({ hot, cold, expectObservable, expectSubscriptions }) => {
    const source = hot(diagram, signals);
    const sourceSubs = untilTheEndOf(diagram);
    const body = cold(bodyDiagram);
    const set = setUp((rest.cycle ?? telling)(body));
    stale = set.stale;
    expectObservable(source.pipe(set.operator)).toBe(expected);
    expectSubscriptions(source.subscriptions).toBe(sourceSubs);
    expectSubscriptions(body.subscriptions).toBe(bodySubs);
  });
  expect(stale).toEqual(rest.stale ?? []);
}

/** The source is always subscribed to once, from the beginning to its own end. */
function untilTheEndOf(diagram: string): string {
  const end = diagram.trim().search(/[|#]/);
  return end === 0 ? '(^!)' : `^ ${end - 1}ms !`;
}

describe('oneCyclePerProcess: raises', () => {
  it('R7: a raise runs a cycle, at once', () => {
    check({
      source: '  -a--------|',
      body: '     -----(s|) ',
      bodySubs: ' -^----!    ',
      expected: '-a----s---|',
    });
  });

  it('R7: raises during a cycle never run beside it; the latest gets one follow-up', () => {
    check({
      source: '   -abc----------|',
      body: '      -----(s|)     ',
      bodySubs: ['-^----!        ', ' ------^----!   '],
      expected: ' -a----(sC)-s--|',
    });
  });

  it('R7: a raise in the frame in which the cycle ends, before its end, gets a follow-up', () => {
    check({
      source: '   -a----b-------|',
      body: '      -----(s|)     ',
      bodySubs: ['-^----!        ', ' ------^----!   '],
      expected: ' -a----(sB)-s--|',
    });
  });

  it('R7: a raise in the frame in which the cycle ended, after its end, runs a cycle of its own', () => {
    marbles(({ hot, cold, scheduler, expectObservable, expectSubscriptions }) => {
      const source = hot('   -a----------', signals);
      const sourceSubs = '   ^-----------!';
      const late = hot('     --b         ', signals);
      const body = cold('     -----(s|)  ');
      const bodySubs = ['    -^----!     ', '------^----!'];
      const expected = '     -a----(sb)-s';
      const unsub = '        ------------!';

      const { operator } = setUp(telling(body));
      const result = merge(source, late.pipe(delay(4, scheduler))).pipe(operator);
      expectObservable(result, unsub).toBe(expected);
      expectSubscriptions(source.subscriptions).toBe(sourceSubs);
      expectSubscriptions(body.subscriptions).toBe(bodySubs);
    });
  });

  it('R7: a raise between the last event of a cycle and its end gets a follow-up', () => {
    marbles(({ hot, cold, expectObservable, expectSubscriptions }) => {
      const source = hot('   -a----------', signals);
      const sourceSubs = '   ^-----------!';
      const body = cold('     -----(s|)  ');
      const bodySubs = ['    -^----!     ', '------^----!'];
      const expected = '     -a----(sB)-s';
      const unsub = '        ------------!';

      const extra = new Subject<AlarmSignal>();
      const { operator } = setUp(telling(body));
      const result = merge(source, extra.pipe(take(1))).pipe(
        operator,
        tap((event) => {
          if (event === 's') extra.next(raised(1, 'b'));
        }),
      );
      expectObservable(result, unsub).toBe(expected);
      expectSubscriptions(source.subscriptions).toBe(sourceSubs);
      expectSubscriptions(body.subscriptions).toBe(bodySubs);
    });
  });

  it('R7: a raise during a follow-up gets a follow-up in turn', () => {
    check({
      source: '   -a-b----c----------|',
      body: '      -----(s|)          ',
      bodySubs: ['-^----!             ', ' ------^----!        ', '-----------^----!   '],
      expected: ' -a----(sB)-(sC)-s--|',
    });
  });

  it('R7: a raise during a cycle that fails gets its follow-up as well', () => {
    check({
      source: '   -ab-----------|',
      body: '      -----(f|)     ',
      bodySubs: ['-^----!        ', ' ------^----!   '],
      expected: ' -a----(fB)-f--|',
    });
  });

  it('R7: a raise after the end begins anew', () => {
    check({
      source: '   -a------b------|',
      body: '      -----(s|)      ',
      bodySubs: ['-^----!         ', ' --------^----!   '],
      expected: ' -a----s-b----s-|',
    });
  });

  it('R8: two processes run side by side, each with its own follow-up', () => {
    check({
      source: '   -ab--xy--------------------|',
      body: '      ----------(s|)              ',
      bodySubs: [
        '         -^---------!                ',
        '         -----^---------!            ',
        '         -----------^---------!      ',
        '         ---------------^---------!  ',
      ],
      expected: ' -a---x-----(sB)(sY)--s---s-|',
    });
  });

  it('R8: a cycle that never ends holds back its own process alone', () => {
    marbles(({ hot, cold, expectObservable, expectSubscriptions }) => {
      const source = hot('  -axb----y----', signals);
      const sourceSubs = '  ^------------!';
      const never = cold('   ------------');
      const neverSubs = '   -^-----------!';
      const body = cold('     ---(s|)    ');
      const bodySubs = ['   --^--!        ', ' --------^--!  '];
      const expected = '    -ax--s--y--s-';
      const unsub = '       -------------!';

      const { operator } = setUp((alarm, inbox, isFollowUp) =>
        telling(alarm.processId === 1 ? never : body)(alarm, inbox, isFollowUp),
      );
      expectObservable(source.pipe(operator), unsub).toBe(expected);
      expectSubscriptions(source.subscriptions).toBe(sourceSubs);
      expectSubscriptions(never.subscriptions).toBe(neverSubs);
      expectSubscriptions(body.subscriptions).toBe(bodySubs);
    });
  });
});

describe('oneCyclePerProcess: standing alarms', () => {
  it('R4: one that a reconcile finds without a cycle runs one', () => {
    check({
      source: '  -S--------|',
      body: '     -----(s|) ',
      bodySubs: ' -^----!    ',
      expected: '-s----s---|',
    });
  });

  it('R7: the alarm whose cycle runs is the same alarm', () => {
    check({
      source: '  -aSSS-----|',
      body: '     -----(s|) ',
      bodySubs: ' -^----!    ',
      expected: '-a----s---|',
    });
  });

  it('R4: one that was looked for because of a later event gets a follow-up when the cycle succeeded', () => {
    check({
      source: '   -aP-----------|',
      body: '      -----(s|)     ',
      bodySubs: ['-^----!        ', ' ------^----!   '],
      expected: ' -a----(sP)-s--|',
    });
  });

  it('R10: and waits for the next check_interval when it failed', () => {
    check({
      source: '  -aP-------|',
      body: '     -----(f|) ',
      bodySubs: ' -^----!    ',
      expected: '-a----f---|',
    });
  });

  it('R12: one that was read before the cycle ended is read again, one read after it runs a cycle', () => {
    check({
      source: '   -a-----S--F----|',
      body: '      ---(s|)        ',
      bodySubs: ['-^--!           ', ' ----------^--!   '],
      expected: ' -a--s-----f--s-|',
      stale: ['stood'],
    });
  });

  it('one that was read before somebody lowered the alarm is read again', () => {
    check({
      source: '  L-S--F-----|',
      body: '          ---(s|) ',
      bodySubs: ' -----^--!   ',
      expected: '-----f--s--|',
      stale: ['stood'],
    });
  });

  it('the end of another process makes no reading stale', () => {
    check({
      source: '   -x-----S-----|',
      body: '      ---(s|)      ',
      bodySubs: ['-^--!         ', ' -------^--!    '],
      expected: ' -x--s--s--s--|',
    });
  });
});

describe('oneCyclePerProcess: lowerings by somebody else', () => {
  const cycle = tellingWithdrawal;

  it('before the cycle: the raise after it stands', () => {
    check({
      source: '  La--------|',
      body: '     -----(s|) ',
      bodySubs: ' -^----!    ',
      expected: '-a----s---|',
      cycle,
    });
  });

  it('during the cycle: it is told so', () => {
    check({
      source: '  -a-L------|',
      body: '     -----(s|) ',
      bodySubs: ' -^----!    ',
      expected: '-a----w---|',
      cycle,
    });
  });

  it('during the cycle, after a raise: no follow-up', () => {
    check({
      source: '  -ab-L-----|',
      body: '     -----(s|) ',
      bodySubs: ' -^----!    ',
      expected: '-a----w---|',
      cycle,
    });
  });

  it('R7: during the cycle, before a raise: the raise stands and gets its follow-up', () => {
    check({
      source: '   -aL-b---------|',
      body: '      -----(s|)     ',
      bodySubs: ['-^----!        ', ' ------^----!   '],
      expected: ' -a----(sB)-s--|',
      cycle,
    });
  });

  it('in the frame in which the cycle ends: it is told so, and a raise before it is gone', () => {
    check({
      source: '  -ab---L---|',
      body: '     -----(s|) ',
      bodySubs: ' -^----!    ',
      expected: '-a----w---|',
      cycle,
    });
  });

  it('during a follow-up: the follow-up is told so', () => {
    check({
      source: '   -ab-----L-----|',
      body: '      -----(s|)     ',
      bodySubs: ['-^----!        ', ' ------^----!   '],
      expected: ' -a----(sB)-w--|',
      cycle,
    });
  });

  it('of another process: nothing', () => {
    check({
      source: '  -a-M------|',
      body: '     -----(s|) ',
      bodySubs: ' -^----!    ',
      expected: '-a----s---|',
      cycle,
    });
  });

  it('R4: an alarm that a reconcile sees after it is read again when the cycle has ended', () => {
    check({
      source: '  -aLP------|',
      body: '     -----(s|) ',
      bodySubs: ' -^----!    ',
      expected: '-a----w---|',
      stale: ['possible'],
      cycle,
    });
  });
});

describe('oneCyclePerProcess: writes of our own', () => {
  /** Clears the row when its body has ended, and stays open until the clear has come back: `e`. */
  const clearing =
    (body: Observable<string>): Cycle =>
    (alarm, inbox, isFollowUp) =>
      concat(
        tellingWithdrawal(body)(alarm, inbox, isFollowUp),
        defer(() => inbox.expectEcho('lowered', 'OK')).pipe(map(() => 'e')),
      );
  /** The same, but does not wait for what it wrote. */
  const leaving =
    (change: 'lowered' | 'raised', notes: string) =>
    (body: Observable<string>): Cycle =>
    (alarm, inbox, isFollowUp) =>
      concat(
        tellingWithdrawal(body)(alarm, inbox, isFollowUp),
        defer(() => {
          inbox.expectEcho(change, notes);
          return EMPTY;
        }),
      );

  it('R12: a raise that stands before our clear in the binlog gets its follow-up', () => {
    check({
      source: '   -a-------b--E--------E--|',
      body: '      -----s|                  ',
      bodySubs: ['-^-----!                 ', ' ------------^-----!       '],
      expected: ' -a----s-----(eB)-s---e--|',
      cycle: clearing,
    });
  });

  it('R12: one that stands after it runs a cycle of its own', () => {
    check({
      source: '   -a-----E-b-----E-|',
      body: '      --s|              ',
      bodySubs: ['-^--!             ', ' ---------^--!      '],
      expected: ' -a-s---e-b-s---e-|',
      cycle: clearing,
    });
  });

  it('R7: so does a raise that leaves the notes of our clear', () => {
    check({
      source: '   -a-----E-o-----E-|',
      body: '      --s|              ',
      bodySubs: ['-^--!             ', ' ---------^--!      '],
      expected: ' -a-s---e-o-s---e-|',
      cycle: clearing,
    });
  });

  it('R12: a clear that comes back as a statement is our own as well', () => {
    check({
      source: '  -a---W--|',
      body: '     --s|     ',
      bodySubs: ' -^--!    ',
      expected: '-a-s-e--|',
      cycle: clearing,
    });
  });

  it('R12: a clear that comes back only during the follow-up does not withdraw it', () => {
    check({
      source: '   -a-b----E-----|',
      body: '      -----(s|)     ',
      bodySubs: ['-^----!        ', ' ------^----!   '],
      expected: ' -a----(sB)-s--|',
      cycle: leaving('lowered', 'OK'),
    });
  });

  it('R12: a clear that has come back between two cycles is not expected in the second', () => {
    check({
      source: '   -a------Eb-E----|',
      body: '      -----(s|)       ',
      bodySubs: ['-^----!          ', ' ---------^----!  '],
      expected: ' -a----s--b----w-|',
      cycle: leaving('lowered', 'OK'),
    });
  });

  it('R10: our own raise that comes back after the cycle runs no other', () => {
    check({
      source: '  -a------R--|',
      body: '     -----(f|)  ',
      bodySubs: ' -^----!     ',
      expected: '-a----f----|',
      cycle: leaving('raised', 'FAILED'),
    });
  });

  it('R10: nor does one that comes back during the follow-up', () => {
    check({
      source: '   -a-b----R-----|',
      body: '      -----(f|)     ',
      bodySubs: ['-^----!        ', ' ------^----!   '],
      expected: ' -a----(fB)-f--|',
      cycle: leaving('raised', 'FAILED'),
    });
  });

  it('a write of ours to a process without a cycle is nothing', () => {
    check({ source: '-WE-|', body: '-|', bodySubs: [], expected: '----|' });
  });
});

describe('oneCyclePerProcess: the end', () => {
  it('R22: when the source has completed the running cycles end, and what was kept is not begun', () => {
    check({
      source: '  -abxy|       ',
      body: '     -------(s|)  ',
      bodySubs: ['-^------!      ', '---^------!    '],
      expected: '-a-x----s-(s|) ',
    });
  });

  it('R22: nor is anything read again then', () => {
    check({
      source: '  -aLP|     ',
      body: '     -----(s|) ',
      bodySubs: ' -^----!    ',
      expected: '-a----(w|) ',
      cycle: tellingWithdrawal,
    });
  });

  it('an empty source completes, a silent one stays silent', () => {
    check({ source: ' |', body: '-|', bodySubs: [], expected: '|' });
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source = cold<AlarmSignal>('----');
      const sourceSubs = '                ^---';
      const expected = '                  ----';

      expectObservable(source.pipe(setUp(() => of('s')).operator)).toBe(expected);
      expectSubscriptions(source.subscriptions).toBe(sourceSubs);
    });
  });

  it('an error of the source is passed on and ends the running cycles', () => {
    check({
      source: '  -ax-#      ',
      body: '     -----(s|)  ',
      bodySubs: ['-^--!        ', '--^-!        '],
      expected: '-ax-#      ',
    });
  });

  it('R22: leaving early ends the running cycles and begins none', () => {
    marbles(({ hot, cold, expectObservable, expectSubscriptions }) => {
      const source = hot('  -axb--c---', signals);
      const sourceSubs = '  ^---!     ';
      const body = cold('    -----(s|)');
      const bodySubs = ['   -^--!     ', '  --^-!     '];
      const expected = '    -ax-------';
      const unsub = '       ----!     ';

      const { operator } = setUp(telling(body));
      expectObservable(source.pipe(operator), unsub).toBe(expected);
      expectSubscriptions(source.subscriptions).toBe(sourceSubs);
      expectSubscriptions(body.subscriptions).toBe(bodySubs);
    });
  });

  it('R22: who leaves at an event begins neither another cycle nor a follow-up', () => {
    const begun: (string | null)[] = [];
    const again = new Subject<AlarmSignal>();
    const { operator } = setUp(({ notes }) => {
      begun.push(notes);
      again.next(raised(1, 'b'));
      return of('s');
    });
    merge(again, of(raised(1, 'a'), raised(2, 'x')))
      .pipe(operator, take(1))
      .subscribe();
    expect(begun).toEqual(['a']);
  });

  it('R13: a cycle without any event ends, and frees its process', () => {
    check({
      source: '   -a--b----|',
      body: '      -|       ',
      bodySubs: ['-^!       ', ' ----^!     '],
      expected: ' -a--b----|',
    });
  });
});

describe('oneCyclePerProcess: what throws', () => {
  const fault = new Error('fault');
  const throwNow = (): never => {
    throw fault;
  };

  it('R13: a cycle that errors is told of, and its process is free', () => {
    check({
      source: '   -a------b----|',
      body: '      --#          ',
      bodySubs: ['-^-!          ', ' --------^-!    '],
      expected: ' -a-z----b-z--|',
    });
  });

  it('R7: a raise during a cycle that errors gets its follow-up', () => {
    check({
      source: '   -a-b----------|',
      body: '      -----#        ',
      bodySubs: ['-^----!        ', ' ------^----!   '],
      expected: ' -a----(zB)-z--|',
    });
  });

  it('R13: a synchronous throw in `cycle` is an error of that cycle', () => {
    const told: string[] = [];
    of(raised(1, 'a'), raised(2, 'x'), raised(1, 'b'))
      .pipe(
        setUp((alarm) => (alarm.processId === 1 ? throwNow() : of('s')), {
          onError: (error, { notes }) => `${notes} ${String(error)}`,
        }).operator,
      )
      .subscribe({ next: (event) => told.push(event), complete: () => told.push('completed') });
    expect(told).toEqual(['a Error: fault', 's', 'b Error: fault', 'completed']);
  });

  it('R13: so is a throw in `isSuccess`', () => {
    const told: string[] = [];
    of(raised(1, 'a'), raised(2, 'x'))
      .pipe(setUp(() => of('s'), { isSuccess: throwNow }).operator)
      .subscribe({ next: (event) => told.push(event), complete: () => told.push('completed') });
    expect(told).toEqual(['z', 'z', 'completed']);
  });

  it('R13: so is a throw in `onEnd`, which is called once', () => {
    const ends: unknown[] = [];
    const onEnd = ({ notes }: Alarm, _: unknown, isFaulted: boolean): never => {
      ends.push([notes, isFaulted]);
      return throwNow();
    };
    const told: string[] = [];
    of(raised(1, 'a'), raised(1, 'b'))
      .pipe(setUp(({ notes }) => (notes === 'a' ? of('s') : throwNow()), { onEnd }).operator)
      .subscribe({ next: (event) => told.push(event), complete: () => told.push('completed') });
    expect([ends, told.at(-1)]).toEqual([
      [
        ['a', false],
        ['b', true],
      ],
      'completed',
    ]);
    expect(told).toContain('z');
  });

  it.each<[string, Partial<OneCyclePerProcessOptions<string>>]>([
    ['onError', { onError: throwNow }],
    ['onStale', { onStale: throwNow }],
  ])('a throw in `%s` is an error of the stream', (_, overrides) => {
    const errors: unknown[] = [];
    of(lowered(3), standing(3, 'stood', 0, 0), raised(1, 'a'))
      .pipe(setUp(throwNow, overrides).operator)
      .subscribe({ error: (error) => errors.push(error) });
    expect(errors).toEqual([fault]);
  });
});
