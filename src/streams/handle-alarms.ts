import { type Observable, type Subject, tap } from 'rxjs';
import {
  type Alarm,
  type AlarmSignal,
  displayName,
  type LogicalClock,
  type Trigger,
} from '../domain/alarm/alarm.js';
import type { CycleEvent } from '../domain/cycle/cycle-event.js';
import { describeError } from '../domain/errors.js';
import { oneCyclePerProcess } from '../operators/one-cycle-per-process.js';
import type { CycleEffects } from './cycle/effects.js';
import { runCycle } from './cycle/run-cycle.js';
import type { SuppressedAlarms } from './suppressed-alarms.js';

interface HandleAlarmsOptions {
  readonly effects: CycleEffects;
  readonly holds: SuppressedAlarms;
  readonly order: LogicalClock;
  /** Where a reconcile is asked for because the last one may have been out of date. */
  readonly reconcileRequests: Subject<Trigger>;
  readonly watch?: CycleObserver;
  /** The cycle of this process has ended, and nothing that its clear may have overwritten is left to be answered. */
  readonly onSettled: (processId: number) => void;
}

/** Whoever must know which cycles run: no event tells of their very begin and end. */
export interface CycleObserver {
  /** `beginsWithCheck`: a health check decides first whether there is anything to restart. */
  begun(alarm: Alarm, beginsWithCheck: boolean): void;
  ended(processId: number): void;
}

/** From what is told about processes to what happens to them: one cycle per process, in the words of CycleEvent. */
export function handleAlarms(
  signals: Observable<AlarmSignal>,
  { effects, holds, order, reconcileRequests, watch, onSettled }: HandleAlarmsOptions,
): Observable<CycleEvent> {
  return signals.pipe(
    tap((signal) => {
      if (signal.kind === 'lowered') holds.answered.lower(signal.lowering.processId, effects.scheduler.now());
    }),
    oneCyclePerProcess<CycleEvent>({
      cycle: (alarm, inbox, isFollowUp) => {
        const { processId, raised, trigger } = alarm;
        const isVerified = effects.wasVerified(processId);
        const isDone = isVerified || effects.isUnproven(processId) || holds.answered.has(processId);
        const isAnswered = !raised && trigger !== 'manual' && isDone;
        // The run before may have cleared it, and a raise after that.
        if (isAnswered && isVerified) inbox.followsClear = true;
        const beginsWithCheck = isFollowUp || isAnswered;
        watch?.begun(alarm, beginsWithCheck);
        return runCycle(effects, alarm, inbox, beginsWithCheck);
      },
      onEnd: ({ processId }, inbox, isFaulted) => {
        holds.noteEnd(processId, order.next());
        // When the service ends no follow-up comes any more, nor does the stream show what came before a clear.
        if (!isFaulted && !inbox.raisedAgain && !effects.slots.isClosed) onSettled(processId);
        watch?.ended(processId);
      },
      isSuccess: (event) => event.type === 'verified' || (event.type === 'rechecked' && event.healthy),
      onError: (error, alarm) => faulted(error, alarm, effects.scheduler.now()),
      onStale: ({ trigger }) => reconcileRequests.next(trigger),
      order,
    }),
    tap((event) => holds.onEvent(event, order.next())),
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
