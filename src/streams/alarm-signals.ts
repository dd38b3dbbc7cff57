import { defer, EMPTY, filter, map, merge, mergeMap, type Observable, of, tap } from 'rxjs';
import { type Alarm, type AlarmSignal, withProcessName } from '../domain/alarm/alarm.js';
import type { StreamSignal } from '../domain/alarm/binlog-signal.js';
import type { PageKey, StandingPage } from '../domain/alarm/standing-page.js';
import type { StandingAlarm } from '../domain/alarm/table-rows.js';
import type { CycleCapacity } from '../operators/cycle-capacity.js';
import { reconcileOnTrigger } from '../operators/reconcile-on-trigger.js';
import type { HeldBy } from './held-by.js';
import { causeSeqOf, mergeTriggers, type ReconcileSources, reconcileTriggers } from './reconcile-triggers.js';
import type { WaitsInOrder } from './waits-in-order.js';

export interface AlarmSignalOptions extends ReconcileSources {
  /** Whether row changes reach us now. */
  readonly isStreaming: () => boolean;
  /** The page of the standing alarms that begins behind `after`. */
  readonly readStanding: (after: PageKey | undefined) => Observable<StandingPage>;
  /** The table must be read, but there is no room for the alarms that would be found. */
  readonly onNoRoom: () => void;
  readonly capacity: CycleCapacity;
  /** Why an alarm of this name gets no restart, if the name alone decides that. */
  readonly heldBy: (processName: string | null, processId: number) => HeldBy | undefined;
  /** Delay before a failed reading is tried again, in ms. Called each time, because a reload may change it. */
  readonly retryAfterMs: () => number;
  /**
   * The wall clock, ms since the epoch: when an alarm was seen. Everything else is told by the steady clock of
   * `scheduler`.
   */
  readonly wallNow: () => number;
  readonly onReconcileError: (error: unknown) => void;
  /** The readings that follow an event are over. */
  readonly onAllRead?: () => void;
  readonly order: WaitsInOrder;
}

/**
 * When a reconcile that follows an event is repeated before the last time, in ms: the row may become visible later than
 * its event (R3, R4).
 */
const REPEAT_AFTER_MS = [20, 100] as const;

/**
 * Merges all sources of alarms into one stream: row changes as they come, and the alarms that a reconcile finds
 * raised (R2–R5).
 */
export function alarmSignals(sources: AlarmSignalOptions): Observable<AlarmSignal> {
  const { stream, suppressed, order, clock, scheduler } = sources;
  const changes = stream.pipe(mergeMap((signal) => toAlarmSignal(signal, sources)));
  const standing = reconcileTriggers(sources).pipe(
    reconcileOnTrigger({
      readPage: (why, after) =>
        defer(() => {
          const readSeq = clock.next();
          const seenAt = sources.wallNow();
          const steadyAt = scheduler.now();
          // With the stream down the page itself is all that tells of a raise since the trigger.
          const isToldOfRaises = sources.isStreaming();
          // Written out: there may be a million rows.
          const toAlarm = ({ processId, processName, notes }: StandingAlarm): Alarm => ({
            processId,
            processName,
            notes,
            trigger: why.trigger,
            raised: false,
            seenAt,
            steadyAt,
            causeSeq: isToldOfRaises ? causeSeqOf(why, processId) : readSeq,
            readSeq,
          });
          return sources.readStanding(after).pipe(
            map((page) => ({
              readSeq,
              steadyAt,
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
      repeatAfterMs: () => [...REPEAT_AFTER_MS, sources.visibleWithinMs()],
      retryAfterMs: sources.retryAfterMs,
      onError: sources.onReconcileError,
      onAllRepeated: () => sources.onAllRead?.(),
      scheduler,
    }),
    tap(({ readSeq, steadyAt, page, alarms }) => {
      const isGone = (processId: number): boolean => page.isGone(processId);
      suppressed.forgetGone(isGone, readSeq, steadyAt);
      order.onPage(alarms, isGone, (alarm) => suppressed.isHandled(alarm), steadyAt);
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
  { clock, scheduler, wallNow }: AlarmSignalOptions,
): Observable<AlarmSignal> {
  switch (signal.kind) {
    case 'raised': {
      const { processId, processName, nameDoubtedForMs, notes } = signal;
      const seq = clock.next();
      const steadyAt = scheduler.now();
      const order = { seenAt: wallNow(), steadyAt, causeSeq: seq, readSeq: seq };
      const raised: Alarm = { processId, notes, trigger: 'binlog', raised: true, ...order };
      return of({
        kind: 'alarm',
        alarm:
          processName !== undefined
            ? withProcessName(raised, processName)
            : nameDoubtedForMs === undefined
              ? raised
              : { ...raised, nameVisibleAt: steadyAt + nameDoubtedForMs },
      });
    }
    case 'lowered':
      return of({ kind: 'lowered', lowering: signal.lowering });
    case 'renamed':
      return of(signal);
    case 'own-statement':
      return of({ kind: 'own-write', processId: signal.processId });
    case 'hidden':
      // It changes no row, so it has hidden no raise from a clear. The table is read all the same.
      if (signal.foreign === 'definition') return EMPTY;
      return of({
        kind: 'possible-raise',
        ...(signal.effect && { effect: signal.effect }),
        ...(signal.concerns && { concerns: signal.concerns }),
      });
    // No connection has streamed what was committed between the old one and the new one.
    case 'lost':
    case 'streaming':
      return of({ kind: 'possible-raise' });
  }
}
