import { map, NEVER, type Observable, of, type SchedulerLike, throwError, timer } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { describe, expect, it } from 'vitest';
import type { Alarm, AlarmSignal, Trigger } from '../../../src/domain/alarm/alarm.js';
import type { StreamSignal } from '../../../src/domain/alarm/binlog-signal.js';
import { StandingPage } from '../../../src/domain/alarm/standing-page.js';
import type { StandingAlarm } from '../../../src/domain/alarm/table-rows.js';
import { LogicalClock } from '../../../src/domain/logical-clock.js';
import { CycleCapacity } from '../../../src/operators/cycle-capacity.js';
import { CycleInbox } from '../../../src/operators/cycle-inbox.js';
import { type AlarmSignalOptions, alarmSignals } from '../../../src/streams/alarm-signals.js';
import { SuppressedAlarms } from '../../../src/streams/suppressed-alarms.js';
import { WaitsInOrder } from '../../../src/streams/waits-in-order.js';
import { type Marbles, marbles } from '../../support/marbles.js';
import { cycleEvent } from '../../support/streams/cycle-events.js';

const SIGNALS: Record<string, StreamSignal> = {
  s: { kind: 'streaming' },
  r: { kind: 'raised', processId: 7, notes: 'disk full' },
  l: { kind: 'lowered', lowering: { processId: 7, notes: null } },
  o: { kind: 'own-statement', processId: 7 },
  h: { kind: 'hidden', namesTable: true },
  p: { kind: 'hidden', namesTable: false },
  d: { kind: 'hidden', namesTable: false, foreign: 'definition' },
  f: { kind: 'hidden', namesTable: false, foreign: 'statement' },
};
const TICKS = { c: 'check', f: 'fallback' } as const;
const NGINX: StandingAlarm = { processId: 7, processName: 'nginx', notes: null };
const CRON: StandingAlarm = { processId: 8, processName: 'cron', notes: null };

/** The alarm of nginx as a poll finds it, whose reading began at `seq`. */
function standing(seq: number): Alarm {
  return { ...NGINX, trigger: 'poll', raised: false, seenAt: 0, steadyAt: 0, causeSeq: seq, readSeq: seq };
}

describe('R2, R3: row changes', () => {
  it('are told at once, without a reading, each with its place in the order of events', () => {
    const readings: number[] = [];
    marbles(({ hot, scheduler, expectObservable }) => {
      const stream = hot('  -r-l-o-r-', SIGNALS);
      const subscription = '^-------!';
      const expected = '    -r-l-o-t-';
      const raise = (seenAt: number, place: number): AlarmSignal => ({
        kind: 'alarm',
        alarm: {
          processId: 7,
          notes: 'disk full',
          trigger: 'binlog',
          raised: true,
          seenAt,
          steadyAt: seenAt,
          causeSeq: place,
          readSeq: place,
        },
      });
      const told = alarmSignals(sources({ stream, scheduler, readings }));
      expectObservable(told, subscription).toBe(expected, {
        r: raise(1, 1),
        l: { kind: 'lowered', lowering: { processId: 7, notes: null } },
        o: { kind: 'own-write', processId: 7 },
        t: raise(7, 2),
      });
    });
    expect(readings).toEqual([]);
  });
});

describe('R4: a statement of others', () => {
  const readingsOf = (stream: string, isFleet: boolean) =>
    play(4000, ({ hot }) => ({ stream: hot(stream, SIGNALS), isFleet: () => isFleet })).readings;

  it('that defines something costs one reading, at a random moment', () => {
    expect(readingsOf('-d', false)).toEqual([1101]);
  });

  it('many of them cost one reading together', () => {
    expect(readingsOf('-d 99ms d 99ms d 99ms d', false)).toEqual([1101]);
  });

  it('is read for late enough after the last of those that share a reading (R3)', () => {
    expect(readingsOf('-d 898ms d', false)).toEqual([1101]);
    expect(readingsOf('-d 901ms d', false)).toEqual([1101, 2003]);
  });

  it('hides no raise from a clear if it defines something, since it changes no row; any other may', () => {
    const kindsOf = (signal: string) =>
      play(10, ({ hot }) => ({ stream: hot(signal, SIGNALS), readStanding: () => NEVER })).signals.map(
        ({ kind }) => kind,
      );
    expect(kindsOf('d')).toEqual([]);
    for (const signal of ['f', 'p', 'h']) expect(kindsOf(signal)).toEqual(['possible-raise']);
  });

  it('R7: is the cause of its reading from when it comes: a restart that begins meanwhile answers what it may have hidden', () => {
    const causesOf = (stream: string, isFleet: boolean) =>
      play(4000, ({ hot }) => ({
        ...{ clock: new LogicalClock(), stream: hot(stream, SIGNALS), isFleet: () => isFleet },
        reconcileRequests: NEVER,
      })).signals.flatMap((signal) => (signal.kind === 'alarm' ? [signal.alarm.causeSeq] : []));
    // The row change between the two takes the second place, or the third if a reading has begun.
    expect(causesOf('-d-r', false)).toEqual([2, 1]);
    expect(causesOf('p-p-r', false).at(-1)).toBe(3);
  });

  it('costs one reading in a fleet, whatever it is', () => {
    expect(readingsOf('-f', true)).toEqual([1101]);
  });

  it('costs four where the table is of one host, or if it may be ours: a payload, a commit of XA, an alarm by its effect', () => {
    expect(readingsOf('-f', false)).toEqual([1, 21, 101, 1501]);
    expect(readingsOf('-p', true)).toEqual([1, 21, 101, 1501]);
    expect(readingsOf('-h', true)).toEqual([1, 21, 101, 1501]);
  });

  it('is read for until visible_within, as it is when the statement comes', () => {
    const values = [300, 2000];
    const { readings } = play(9000, ({ hot }) => ({
      stream: hot('-h 4999ms h', SIGNALS),
      visibleWithinMs: () => values.shift() ?? 0,
    }));
    expect(readings).toEqual([1, 21, 101, 301, 5001, 5021, 5101, 7001]);
  });

  it('is read for once more, if its one reading always comes before a long visible_within', () => {
    const readings = (visibleWithinMs: number) =>
      play(9000, ({ hot }) => ({
        ...{ stream: hot('-f 99ms f', SIGNALS), isFleet: () => true },
        visibleWithinMs: () => visibleWithinMs,
      })).readings;
    expect(readings(2000)).toEqual([1101]);
    expect(readings(5000)).toEqual([1101, 5901]);
  });
});

describe('R4: what makes the service read the table', () => {
  it.each([
    ['a reconnect', 's', 'reconnect'],
    ['a statement that names our table', 'h', 'binlog'],
    ['a statement that may have changed it', 'p', 'binlog'],
  ] as const)('%s: at once, and about 20 ms, 100 ms and 1.5 s later', (_, signal, trigger) => {
    const { told, readings } = play(2000, ({ hot }) => ({ stream: hot(`--${signal}`, SIGNALS) }));
    expect(readings).toEqual([2, 22, 102, 1502]);
    expect(told).toEqual([2, 22, 102, 1502].map((at) => `${at} 7 ${trigger}`));
  });

  it('more events begin the repetitions anew, and every one is read for', () => {
    const { readings } = play(2000, ({ hot }) => ({ stream: hot('h 9ms h 49ms s', SIGNALS) }));
    expect(readings).toEqual([0, 10, 30, 60, 80, 160, 1560]);
  });

  it('mere possibilities are read for once a second, and the last one is not forgotten', () => {
    const { readings } = play(4000, ({ hot }) => ({
      stream: hot('p 99ms p 99ms p 99ms p', SIGNALS),
    }));
    expect(readings.filter((at) => at % 1000 === 0)).toEqual([0, 1000]);
  });

  it('a raise, a lowering, a write of ours and a lost stream are no reason', () => {
    const { readings } = play(2000, ({ hot }) => ({ stream: hot('rlo', SIGNALS) }));
    expect(readings).toEqual([]);
  });

  it('R13: a reading that fails is told, and made again', () => {
    let isAway = true;
    const { told, readings, errors } = play(30_000, ({ hot, scheduler }) => ({
      ticks: hot('-f 9s f', TICKS),
      readStanding: () => {
        if (isAway && scheduler.now() >= 5000) isAway = false;
        return isAway ? throwError(() => new Error('away')) : of(pageOf(NGINX));
      },
    }));
    expect(errors).toHaveLength(1);
    expect(readings).toEqual([1, 5001, 9002]);
    expect(told).toEqual(['5001 7 poll', '9002 7 poll']);
  });

  it('triggers that fall into a reading get a single further one', () => {
    const { readings, told } = play(2000, ({ hot, scheduler }) => ({
      ticks: hot('f-f-f-f', TICKS),
      readStanding: () => timer(10, scheduler).pipe(map(() => pageOf(NGINX))),
    }));
    expect(readings).toEqual([0, 10]);
    expect(told).toEqual(['10 7 poll', '20 7 poll']);
  });

  it('R12: an alarm knows what caused its reading and when that began, the latest cause counts', () => {
    const clock = new LogicalClock();
    const { signals } = play(2000, ({ hot, scheduler }) => ({
      clock,
      stream: hot('--r', SIGNALS),
      ticks: hot('f--f', TICKS),
      reconcileRequests: hot('----m', { m: 'manual' as const }),
      readStanding: () => timer(10, scheduler).pipe(map(() => pageOf(NGINX))),
    }));
    const slots = signals.map((signal) =>
      signal.kind === 'alarm' ? [signal.alarm.trigger, signal.alarm.causeSeq, signal.alarm.readSeq] : [],
    );
    expect(slots).toEqual([
      ['binlog', 3, 3],
      ['poll', 1, 2],
      ['manual', 5, 6],
    ]);
  });

  it('R12: a repetition of an earlier cause that falls together with a later cause stands for the later one', () => {
    const { signals } = play(60, ({ hot, scheduler }) => ({
      stream: hot('h', SIGNALS),
      ticks: hot('--f 15ms f', TICKS),
      // Readings begin at 0, 15 and 30; during the second come a poll, at 18, and the repetition, at 20.
      readStanding: () => timer(15, scheduler).pipe(map(() => pageOf(NGINX))),
    }));
    const last = signals
      .filter((signal) => signal.kind === 'alarm')
      .map(({ alarm }) => [alarm.trigger, alarm.causeSeq]);
    expect(last).toEqual([
      ['binlog', 1],
      ['poll', 3],
      ['poll', 5],
    ]);
  });
});

describe('R5, R10: polls and suppressed alarms', () => {
  it('a failed cycle is held until the next check, a fallback does not release it', () => {
    const suppressed = new SuppressedAlarms();
    suppressed.onEvent(cycleEvent({ type: 'exhausted', step: 'restart', reason: 'x', attempts: 1 }), 0);
    const { told } = play(100, ({ hot }) => ({ suppressed, ticks: hot('-f-f-c-f', TICKS) }));
    expect(told).toEqual(['5 7 poll', '7 7 poll']);
  });

  it('R9: a breaker that is due releases its own process only', () => {
    const suppressed = new SuppressedAlarms();
    const skipped = cycleEvent({ type: 'skipped-open', failures: 3, retryAt: 0 });
    for (const { processId, processName } of [NGINX, CRON])
      suppressed.onEvent({ ...skipped, processId, processName: processName ?? '' }, 0);
    const { told } = play(100, ({ hot }) => ({
      suppressed,
      halfOpened: hot('-d', { d: 7 }),
      readStanding: () => of(pageOf(NGINX, CRON)),
    }));
    expect(told).toEqual(['1 7 circuit-reset']);
  });

  it('a failed cycle of another process that had this process_id holds nothing', () => {
    const suppressed = new SuppressedAlarms();
    const exhausted = cycleEvent({ type: 'exhausted', step: 'restart', reason: 'x', attempts: 1 });
    suppressed.onEvent({ ...exhausted, processName: 'apache' }, 0);
    const { told } = play(100, ({ hot }) => ({ suppressed, ticks: hot('-f', TICKS) }));
    expect(told).toEqual(['1 7 poll']);
  });

  it('a raise is never held', () => {
    const suppressed = new SuppressedAlarms();
    suppressed.onEvent(cycleEvent({ type: 'faulted', reason: 'x' }), 0);
    const { told } = play(100, ({ hot }) => ({ suppressed, stream: hot('-r', SIGNALS) }));
    expect(told).toEqual(['1 7 binlog']);
  });

  it.each(['verified', 'rechecked'] as const)('%s ends a hold', (type) => {
    const suppressed = new SuppressedAlarms();
    suppressed.onEvent(cycleEvent({ type: 'faulted', reason: 'x' }), 0);
    const report = { strategy: 'service', detail: 'x' } as const;
    const alarm = standing(1);
    if (type === 'verified')
      suppressed.onEvent(cycleEvent({ type, attempt: 1, report, detail: 'x', tookMs: 1 }), 0);
    else suppressed.onEvent(cycleEvent({ type, alarm, healthy: true, detail: 'x' }), 0);
    expect(suppressed.isSuppressed(alarm)).toBe(false);
  });

  it('an alarm that is gone takes its hold along; one noted since the reading began keeps it', () => {
    const suppressed = new SuppressedAlarms();
    suppressed.onEvent(cycleEvent({ type: 'faulted', reason: 'x' }), 3);
    const alarm = standing(5);
    suppressed.forgetGone(() => true, 2, 0);
    expect(suppressed.isSuppressed(alarm)).toBe(true);
    suppressed.forgetGone((id) => id !== 7, 4, 0);
    expect(suppressed.isSuppressed(alarm)).toBe(true);
    suppressed.forgetGone(() => true, 4, 0);
    expect(suppressed.isSuppressed(alarm)).toBe(false);
  });

  it('what may have been raised during a cycle is forgotten with the alarm: the next one is no leftover of it', () => {
    for (const isGone of [true, false]) {
      const suppressed = new SuppressedAlarms();
      const alarm = standing(1);
      const inbox = new CycleInbox(alarm, new LogicalClock());
      suppressed.noteBegin(alarm, inbox);
      suppressed.takeStatement({ lowers: [7], raises: [] }, 2, 0);
      suppressed.onEvent(cycleEvent({ type: 'exhausted', step: 'restart', reason: 'x', attempts: 1 }), 3);
      expect(suppressed.noteEnd(7, 4, inbox)).toBe('binlog');
      suppressed.forgetGone(() => isGone, 5, 0);
      expect(suppressed.noteBegin({ ...alarm, causeSeq: 6, readSeq: 6 }, inbox)).toBe(!isGone);
    }
  });

  it('R14: a refused row is held for as long as it is the same, through every check', () => {
    const suppressed = new SuppressedAlarms();
    const alarm = standing(1);
    suppressed.onEvent(cycleEvent({ type: 'refused', alarm, reason: 'x' }), 0);
    const { told } = play(100, ({ hot }) => ({ suppressed, ticks: hot('-c-c', TICKS) }));
    expect(told).toEqual([]);
    expect(suppressed.isSuppressed({ ...alarm, processName: 'other' })).toBe(false);
    suppressed.releaseAll();
    expect(suppressed.isSuppressed(alarm)).toBe(false);
  });
});

/** Plays for some time and returns what was told, as `ms process_id trigger`, and when the table was read. */
function play(untilMs: number, scene: (helpers: Marbles) => Partial<AlarmSignalOptions>) {
  const told: string[] = [];
  const signals: AlarmSignal[] = [];
  const readings: number[] = [];
  const errors: unknown[] = [];
  const scheduler = new TestScheduler(() => {});
  scheduler.run((helpers) => {
    const onReconcileError = (error: unknown): number => errors.push(error);
    const all = sources({ scheduler, readings, onReconcileError, ...scene({ ...helpers, scheduler }) });
    const listening = alarmSignals(all).subscribe((signal) => {
      signals.push(signal);
      if (signal.kind !== 'alarm') return;
      told.push(`${scheduler.now()} ${signal.alarm.processId} ${signal.alarm.trigger}`);
    });
    scheduler.schedule(() => listening.unsubscribe(), untilMs);
  });
  return { told, signals, readings, errors };
}

function pageOf(...alarms: readonly StandingAlarm[]): StandingPage {
  return new StandingPage(alarms, { after: undefined, upTo: undefined });
}

function sources(
  scene: Partial<AlarmSignalOptions> & { readonly scheduler: SchedulerLike; readonly readings: number[] },
): AlarmSignalOptions {
  const { readings, scheduler, readStanding = () => of(pageOf(NGINX)) } = scene;
  const never: Observable<never> = NEVER;
  return {
    stream: never,
    ticks: never,
    halfOpened: never,
    pausesEnded: never,
    isPaused: () => false,
    dropped: never,
    isFleet: () => false,
    isStreaming: () => true,
    random: () => 0.5,
    capacity: new CycleCapacity(() => ({ page: 500, fromTable: 2000, total: 4000 })),
    onNoRoom: () => {},
    heldBy: () => undefined,
    reconcileRequests: scene.reconcileRequests ?? (never as Observable<Trigger>),
    visibleWithinMs: () => 1500,
    retryAfterMs: () => 5000,
    wallNow: () => scheduler.now(),
    onReconcileError: () => {},
    suppressed: new SuppressedAlarms(),
    order: new WaitsInOrder({
      ...{ scheduler, isInUse: () => false, isRequired: () => false },
      capacity: new CycleCapacity(() => ({ page: 500, fromTable: 2000, total: 4000 })),
    }),
    clock: new LogicalClock(),
    ...scene,
    readStanding: (after) => {
      readings.push(scheduler.now());
      return readStanding(after);
    },
  };
}
