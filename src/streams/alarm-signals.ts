import {
  defer,
  filter,
  map,
  merge,
  mergeMap,
  type Observable,
  of,
  type SchedulerLike,
  tap,
  throttleTime,
} from 'rxjs';
import type { Alarm, AlarmSignal, LogicalClock, Trigger } from '../domain/alarm/alarm.js';
import type { StreamSignal } from '../domain/alarm/binlog.js';
import type { StandingAlarm } from '../domain/alarm/table-rows.js';
import { reconcileOnTrigger } from '../operators/reconcile-on-trigger.js';
import type { SuppressedAlarms } from './suppressed-alarms.js';

export interface AlarmSignalOptions {
  /** Hot: it is subscribed to more than once. */
  readonly stream: Observable<StreamSignal>;
  readonly ticks: Observable<'check' | 'fallback'>;
  /** Processes whose open breaker has become half-open. */
  readonly circuitsDue: Observable<number>;
  /** A pause is over; `isPaused` tells whom another one still holds. */
  readonly pausesEnded: Observable<unknown>;
  readonly isPaused: (processName: string) => boolean;
  /** The table must be read again for this reason. */
  readonly reconcileRequests: Observable<Trigger>;
  /** One SELECT of the standing alarms. */
  readonly readStanding: () => Observable<readonly StandingAlarm[]>;
  /** When a reading that failed is tried again, ms. Asked for each time: a reload may change it. */
  readonly retryAfterMs: () => number;
  readonly onReconcileError: (error: unknown) => void;
  readonly holds: SuppressedAlarms;
  readonly order: LogicalClock;
  readonly scheduler: SchedulerLike;
}

/** When a reconcile that follows an event is repeated, ms: the row may become visible only after its event (R3, R4). */
export const REPEAT_AFTER_MS = [20, 100, 1500] as const;
/** At most one reconcile in this time for statements that do not name our table but may have changed it, ms. */
const POSSIBLE_CHANGE_THROTTLE_MS = 1000;

/** All that is told about processes: row changes as they come, and the standing alarms that reconciles find (R2–R5). */
export function alarmSignals(sources: AlarmSignalOptions): Observable<AlarmSignal> {
  const { stream, holds, order, scheduler } = sources;
  const changes = stream.pipe(mergeMap((signal) => toAlarmSignal(signal, sources)));
  const standing = reconcileTriggers(sources).pipe(
    reconcileOnTrigger({
      reconcile: ({ trigger, causeSeq }) =>
        defer(() => {
          const readSeq = order.next();
          const seenAt = scheduler.now();
          const toAlarm = (row: StandingAlarm): Alarm => ({
            ...row,
            trigger,
            raised: false,
            seenAt,
            causeSeq,
            readSeq,
          });
          return sources.readStanding().pipe(map((rows) => ({ readSeq, alarms: rows.map(toAlarm) })));
        }),
      isRepeated: ({ isRepeated }) => isRepeated,
      merge: mergeTriggers,
      repeatAfterMs: REPEAT_AFTER_MS,
      retryAfterMs: sources.retryAfterMs,
      onError: sources.onReconcileError,
      scheduler,
    }),
    tap(({ readSeq, alarms }) =>
      holds.retainStanding(new Set(alarms.map(({ processId }) => processId)), readSeq),
    ),
    mergeMap(({ alarms }) => alarms),
    filter((alarm) => !holds.isSuppressed(alarm)),
    map((alarm): AlarmSignal => ({ kind: 'alarm', alarm })),
  );
  return merge(changes, standing);
}

function toAlarmSignal(
  signal: StreamSignal,
  { order, scheduler }: AlarmSignalOptions,
): Observable<AlarmSignal> {
  switch (signal.kind) {
    case 'raised': {
      const { processId, notes } = signal;
      const place = order.next();
      const seenAt = scheduler.now();
      return of({
        kind: 'alarm',
        alarm: { processId, notes, trigger: 'binlog', raised: true, seenAt, causeSeq: place, readSeq: place },
      });
    }
    case 'lowered':
      return of({ kind: 'lowered', lowering: signal.lowering });
    case 'own-statement':
      return of({ kind: 'own-write', processId: signal.processId });
    case 'hidden':
    // What was committed between two connections was streamed by neither.
    case 'lost':
    case 'streaming':
      return of({ kind: 'possible-raise' });
  }
}

/** Why the table is read for standing alarms. */
interface ReconcileTrigger {
  readonly trigger: Trigger;
  /** Place in the order of events of what triggered it. */
  readonly causeSeq: number;
  /** True where it follows an event, so that the row may not be visible to a SELECT yet. */
  readonly isRepeated: boolean;
}

// A repetition of an earlier trigger can come after a later trigger: its reconcile stands for the latest of them.
function mergeTriggers(one: ReconcileTrigger, other: ReconcileTrigger): ReconcileTrigger {
  const latest = one.causeSeq > other.causeSeq ? one : other;
  return { ...latest, isRepeated: one.isRepeated || other.isRepeated };
}

function reconcileTriggers(sources: AlarmSignalOptions): Observable<ReconcileTrigger> {
  const { stream, ticks, circuitsDue, pausesEnded, reconcileRequests, holds, order, scheduler } = sources;
  const trigger = (name: Trigger, isRepeated: boolean): ReconcileTrigger => ({
    trigger: name,
    causeSeq: order.next(),
    isRepeated,
  });
  const isHidden = (namesTable: boolean) => (signal: StreamSignal) =>
    signal.kind === 'hidden' && signal.namesTable === namesTable;
  return merge(
    stream.pipe(
      filter(({ kind }) => kind === 'streaming'),
      map(() => trigger('reconnect', true)),
    ),
    stream.pipe(
      filter(isHidden(true)),
      map(() => trigger('binlog', true)),
    ),
    stream.pipe(
      filter(isHidden(false)),
      throttleTime(POSSIBLE_CHANGE_THROTTLE_MS, scheduler, { leading: true, trailing: true }),
      map(() => trigger('binlog', true)),
    ),
    ticks.pipe(
      tap((tick) => {
        if (tick === 'check') holds.releaseFailed();
      }),
      map(() => trigger('poll', false)),
    ),
    circuitsDue.pipe(
      tap((processId) => holds.release(processId)),
      map(() => trigger('circuit-reset', false)),
    ),
    pausesEnded.pipe(
      tap(() => holds.releasePaused(sources.isPaused)),
      map(() => trigger('resume', true)),
    ),
    reconcileRequests.pipe(map((name) => trigger(name, false))),
  );
}
