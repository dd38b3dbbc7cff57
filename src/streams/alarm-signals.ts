import {
  audit,
  defer,
  delay,
  EMPTY,
  filter,
  map,
  merge,
  mergeMap,
  type Observable,
  of,
  type SchedulerLike,
  tap,
  throttleTime,
  timer,
} from 'rxjs';
import { type Alarm, type AlarmSignal, type Trigger, withProcessName } from '../domain/alarm/alarm.js';
import type { StreamSignal } from '../domain/alarm/binlog-signal.js';
import type { PageKey, StandingPage } from '../domain/alarm/standing-page.js';
import type { StandingAlarm } from '../domain/alarm/table-rows.js';
import type { LogicalClock } from '../domain/logical-clock.js';
import type { CycleCapacity } from '../operators/cycle-capacity.js';
import { reconcileOnTrigger } from '../operators/reconcile-on-trigger.js';
import type { HeldBy, SuppressedAlarms } from './suppressed-alarms.js';
import type { WaitsInOrder } from './waits-in-order.js';

export interface AlarmSignalOptions {
  /** Must be hot: it is subscribed to more than once. */
  readonly stream: Observable<StreamSignal>;
  readonly ticks: Observable<'check' | 'fallback'>;
  /** Processes whose breaker has become half-open. */
  readonly halfOpened: Observable<number>;
  /** Emits when a pause has ended. `isPaused` says whether another pause still applies to a process. */
  readonly pausesEnded: Observable<unknown>;
  readonly isPaused: (processName: string, processId: number) => boolean;
  /** Emits when the table must be read, with the trigger of the cycles that follow. */
  readonly reconcileRequests: Observable<Trigger>;
  /** A raise was dropped because there are too many cycles. */
  readonly dropped: Observable<unknown>;
  /** The page of the standing alarms that begins behind `after`. */
  readonly readStanding: (after: PageKey | undefined) => Observable<StandingPage>;
  /** The table must be read, but there is no room for the alarms that would be found. */
  readonly onNoRoom: () => void;
  readonly capacity: CycleCapacity;
  /** Whether the table is shared with other hosts: then a statement of others costs one reading, and not four. */
  readonly isFleet: () => boolean;
  readonly random: () => number;
  /** Why an alarm of this name gets no restart, if the name alone decides that. */
  readonly heldBy: (processName: string | null, processId: number) => HeldBy | undefined;
  /** Delay before a failed reading is tried again, in ms. Called each time, because a reload may change it. */
  readonly retryAfterMs: () => number;
  readonly onReconcileError: (error: unknown) => void;
  /** The readings that follow an event are over. */
  readonly onAllRead?: () => void;
  readonly suppressed: SuppressedAlarms;
  readonly order: WaitsInOrder;
  readonly clock: LogicalClock;
  readonly scheduler: SchedulerLike;
}

/**
 * When a reconcile that follows an event is repeated, in ms: the row may become visible later than its event (R3,
 * R4).
 */
export const REPEAT_AFTER_MS = [20, 100, 1500] as const;
/**
 * At most one reconcile in this time for statements that do not name our table but may have changed it, and for raises
 * that found no room, ms.
 */
const THROTTLE_MS = 1000;

/**
 * When the one reconcile for a definition of others runs, or in a fleet for any statement of others: at another moment on
 * each host, and late enough for R3 after each of the statements that it stands for, ms.
 */
const READ_ONCE_MS = { spread: 1800, after: 200 };

/**
 * Merges all sources of alarms into one stream: row changes as they come, and the alarms that a reconcile finds
 * raised (R2–R5).
 */
export function alarmSignals(sources: AlarmSignalOptions): Observable<AlarmSignal> {
  const { stream, suppressed, order, clock, scheduler } = sources;
  const changes = stream.pipe(mergeMap((signal) => toAlarmSignal(signal, sources)));
  const standing = reconcileTriggers(sources).pipe(
    reconcileOnTrigger({
      readPage: ({ trigger, causeSeq }, after) =>
        defer(() => {
          const readSeq = clock.next();
          const seenAt = scheduler.now();
          // Written out: there may be a million rows.
          const toAlarm = ({ processId, processName, notes }: StandingAlarm): Alarm => ({
            processId,
            processName,
            notes,
            trigger,
            raised: false,
            seenAt,
            causeSeq,
            readSeq,
          });
          return sources.readStanding(after).pipe(
            map((page) => ({
              readSeq,
              seenAt,
              page,
              alarms: [...page.alarms, ...page.before].map(toAlarm),
            })),
          );
        }),
      endOf: ({ page }) => page.upTo,
      hasRoom: () => sources.capacity.hasRoomForPage,
      roomFreed: sources.capacity.freed,
      onNoRoom: sources.onNoRoom,
      isRepeated: ({ isRepeated }) => isRepeated,
      merge: mergeTriggers,
      repeatAfterMs: REPEAT_AFTER_MS,
      retryAfterMs: sources.retryAfterMs,
      onError: sources.onReconcileError,
      onAllRepeated: () => sources.onAllRead?.(),
      scheduler,
    }),
    tap(({ readSeq, seenAt, page, alarms }) => {
      const isGone = (processId: number): boolean => page.isGone(processId);
      suppressed.forgetGone(isGone, readSeq);
      order.onPage(alarms, isGone, (alarm) => suppressed.isHandled(alarm), seenAt);
    }),
    mergeMap(({ alarms }) => alarms),
    filter((alarm) => !suppressed.isSuppressed(alarm) && isHandledNow(alarm, sources)),
    map((alarm): AlarmSignal => ({ kind: 'alarm', alarm })),
  );
  return merge(changes, standing);
}

/** An alarm that gets no restart must not keep others from being read. */
function isHandledNow(alarm: Alarm, { heldBy, suppressed }: AlarmSignalOptions): boolean {
  const reason = heldBy(alarm.processName ?? null, alarm.processId);
  return reason === undefined || suppressed.isReportedNow(alarm, reason);
}

function toAlarmSignal(
  signal: StreamSignal,
  { clock, scheduler }: AlarmSignalOptions,
): Observable<AlarmSignal> {
  switch (signal.kind) {
    case 'raised': {
      const { processId, processName, notes } = signal;
      const seq = clock.next();
      const seenAt = scheduler.now();
      const order = { seenAt, causeSeq: seq, readSeq: seq };
      const raised: Alarm = { processId, notes, trigger: 'binlog', raised: true, ...order };
      return of({
        kind: 'alarm',
        alarm: processName === undefined ? raised : withProcessName(raised, processName),
      });
    }
    case 'lowered':
      return of({ kind: 'lowered', lowering: signal.lowering });
    case 'own-statement':
      return of({ kind: 'own-write', processId: signal.processId });
    case 'hidden':
      // It changes no row, so it has hidden no raise from a clear. The table is read all the same.
      if (signal.foreign === 'definition') return EMPTY;
      return of({ kind: 'possible-raise', ...(signal.effect && { effect: signal.effect }) });
    // No connection has streamed what was committed between the old one and the new one.
    case 'lost':
    case 'streaming':
      return of({ kind: 'possible-raise' });
  }
}

/** Why a reconcile runs. */
interface ReconcileTrigger {
  readonly trigger: Trigger;
  /** Sequence number of the event that triggered it. */
  readonly causeSeq: number;
  /** Whether it follows an event. If so it is repeated, because the row may not be visible to a SELECT yet. */
  readonly isRepeated: boolean;
}

// A repetition of an earlier trigger may come after a later trigger. The merged reconcile counts for the latest of
// them.
function mergeTriggers(one: ReconcileTrigger, other: ReconcileTrigger): ReconcileTrigger {
  const latest = one.causeSeq > other.causeSeq ? one : other;
  return { ...latest, isRepeated: one.isRepeated || other.isRepeated };
}

function reconcileTriggers(sources: AlarmSignalOptions): Observable<ReconcileTrigger> {
  const { stream, ticks, halfOpened, pausesEnded, reconcileRequests, suppressed, clock, scheduler } = sources;
  const trigger = (name: Trigger, isRepeated: boolean): ReconcileTrigger => ({
    trigger: name,
    causeSeq: clock.next(),
    isRepeated,
  });
  const isReadOnce = (signal: StreamSignal): boolean =>
    signal.kind === 'hidden' &&
    (signal.foreign === 'definition' || (signal.foreign === 'statement' && sources.isFleet()));
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
      filter((signal) => isHidden(false)(signal) && !isReadOnce(signal)),
      // Before the wait: what has begun when the reading follows answers what the event may have hidden.
      map(() => trigger('binlog', true)),
      throttleTime(THROTTLE_MS, scheduler, { leading: true, trailing: true }),
    ),
    stream.pipe(
      filter((signal) => isHidden(false)(signal) && isReadOnce(signal)),
      map(() => trigger('binlog', false)),
      audit(() => timer(READ_ONCE_MS.spread * sources.random(), scheduler)),
      delay(READ_ONCE_MS.after, scheduler),
    ),
    sources.dropped.pipe(
      throttleTime(THROTTLE_MS, scheduler, { leading: true, trailing: true }),
      map(() => trigger('binlog', true)),
    ),
    ticks.pipe(
      tap((tick) => {
        if (tick === 'check') suppressed.releaseFailed();
      }),
      map(() => trigger('poll', false)),
    ),
    halfOpened.pipe(
      tap((processId) => suppressed.release(processId)),
      map(() => trigger('circuit-reset', false)),
    ),
    pausesEnded.pipe(
      tap(() => suppressed.releasePaused(sources.isPaused)),
      map(() => trigger('resume', true)),
    ),
    reconcileRequests.pipe(map((name) => trigger(name, false))),
  );
}
