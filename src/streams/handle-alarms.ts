import { EMPTY, finalize, type Observable, type Subject, switchMap, tap } from 'rxjs';
import { type Alarm, type AlarmSignal, displayName, type Trigger } from '../domain/alarm/alarm.js';
import { LOWERED_VISIBLE_AFTER_MS } from '../domain/alarm/row-visibility.js';
import type { CycleEvent } from '../domain/cycle/cycle-event.js';
import { describeError } from '../domain/errors.js';
import type { LogicalClock } from '../domain/logical-clock.js';
import type { CycleCapacity } from '../operators/cycle-capacity.js';
import { oneCyclePerProcess } from '../operators/one-cycle-per-process.js';
import { beginCycle } from './begin-cycle.js';
import type { CycleEffects } from './cycle/effects.js';
import { runCycle } from './cycle/run-cycle.js';
import { DelayedReading } from './delayed-reading.js';
import { isOverwrittenRaise } from './is-overwritten-raise.js';
import { RecentLowerings } from './recent-lowerings.js';
import type { SuppressedAlarms } from './suppressed-alarms.js';

interface HandleAlarmsOptions {
  readonly effects: CycleEffects;
  readonly suppressed: SuppressedAlarms;
  readonly clock: LogicalClock;
  /** Receives a request to read the table again when the last reading may have been out of date. */
  readonly reconcileRequests: Subject<Trigger>;
  /** Emits for every raise that was dropped because there are too many cycles. */
  readonly dropped: Subject<void>;
  readonly capacity: CycleCapacity;
  readonly watch?: CycleObserver;
  /** The cycle of this process has ended, and its clear has overwritten no raise that still needs an answer. */
  readonly onSettled: (processId: number) => void;
}

/** Learns which cycles run. Cycle events do not cover the very begin and end of a cycle. */
export interface CycleObserver {
  /**
   * `beginsWithCheck`: a health check decides first whether a restart is needed. Called again if that is known only later.
   */
  begun(alarm: Alarm, beginsWithCheck: boolean): void;
  ended(processId: number): void;
}

/** When the table is read after a raise that a relay has told and the primary does not show, ms. */
const READ_AFTER_MS = 5000;

/** Turns alarm signals into cycles, one per process at a time, and emits their events. */
export function handleAlarms(
  signals: Observable<AlarmSignal>,
  { effects, suppressed, clock, reconcileRequests, dropped, capacity, watch, onSettled }: HandleAlarmsOptions,
): Observable<CycleEvent> {
  const { order } = effects;
  const lowerings = new RecentLowerings();
  const again = new DelayedReading(reconcileRequests, effects.scheduler);
  /** What a relay told may become visible on the primary only now: a node of a cluster may apply it late. */
  const late = new DelayedReading(reconcileRequests, effects.scheduler);
  return signals.pipe(
    tap((signal) => {
      if (signal.kind === 'alarm' && signal.alarm.raised) order.raised(signal.alarm.processId);
      if (signal.kind === 'lowered') order.lowered(signal.lowering.processId);
      if (signal.kind === 'possible-raise' && signal.effect)
        suppressed.takeStatement(signal.effect, clock.next(), effects.scheduler.now());
    }),
    oneCyclePerProcess<CycleEvent>({
      cycle: (alarm, inbox, isFollowUp) => {
        const begin = beginCycle(alarm, inbox, isFollowUp, effects, suppressed);
        const tellBegin = (beginsWithCheck: boolean): void => {
          watch?.begun(alarm, beginsWithCheck);
          // Not for the order: this alarm is decided already, and whoever requires its process goes on waiting.
          if (!begin.isOfFailed) order.begun(alarm, inbox, beginsWithCheck);
        };
        tellBegin(begin.beginsWithCheck);
        if (begin.isOfFailed) return EMPTY;
        const run = (beginsWithCheck: boolean): Observable<CycleEvent> =>
          runCycle(effects, begin.alarm, inbox, beginsWithCheck);
        const isOverwritten = begin.beginsWithCheck ? undefined : isOverwrittenRaise(alarm, inbox, effects);
        if (!isOverwritten) return run(begin.beginsWithCheck);
        return isOverwritten.pipe(
          tap((beginsWithCheck) => {
            if (!beginsWithCheck) return;
            inbox.followsClear = true;
            tellBegin(true);
          }),
          switchMap(run),
        );
      },
      onEnd: ({ processId }, inbox, isFaulted) => {
        // The readings before may all have come too early.
        const reread = suppressed.noteEnd(processId, clock.next(), inbox);
        // Only after the end: a reading from before it is stale, and whoever requires the process would not wait for it.
        if (reread) effects.scheduler.schedule(() => reconcileRequests.next(reread));
        // When the service stops there are no follow-ups, and the stream no longer shows what came before a clear.
        if (!isFaulted && !inbox.raisedAgain && !effects.slots.isClosed) onSettled(processId);
        order.ended(processId, isFaulted, effects.slots.isClosed);
        watch?.ended(processId);
      },
      isSuccess: (event) => event.type === 'verified' || (event.type === 'rechecked' && event.healthy),
      onError: (error, alarm) => faulted(error, alarm, effects.wallNow()),
      isLoweringDoubted: ({ doubtsLoweringsUntil }) => effects.scheduler.now() < doubtsLoweringsUntil,
      onLoweredByOthers: (processId, isDoubted) => {
        const now = effects.scheduler.now();
        if (isDoubted) suppressed.takeStatement({ lowers: [processId], raises: [] }, clock.next(), now);
        else suppressed.takeLowering(processId, now);
        lowerings.add(processId, now);
      },
      isReadTooSoon: (alarm) => lowerings.mayBeLowered(alarm),
      onStale: (alarm) => {
        order.lowered(alarm.processId);
        // A reading that follows at once would be too soon as well.
        if (lowerings.mayBeLowered(alarm)) again.readIn(LOWERED_VISIBLE_AFTER_MS, alarm.trigger);
        else reconcileRequests.next(alarm.trigger);
      },
      onNoRoom: ({ processId }) => {
        suppressed.releaseRaised(processId);
        dropped.next();
      },
      capacity,
      clock,
    }),
    tap((event) => {
      suppressed.onEvent(event, clock.next());
      order.onEvent(event);
      if (event.type === 'told-late') late.readIn(READ_AFTER_MS, 'binlog');
    }),
    finalize(() => {
      again.cancel();
      late.cancel();
    }),
  );
}

function faulted(error: unknown, { processId, processName }: Alarm, at: number): CycleEvent {
  return {
    type: 'faulted',
    processId,
    processName: displayName(processId, processName),
    at,
    reason: describeError(error),
  };
}
