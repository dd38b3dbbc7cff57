import {
  audit,
  filter,
  from,
  map,
  merge,
  mergeMap,
  type Observable,
  type SchedulerLike,
  tap,
  throttleTime,
  timer,
} from 'rxjs';
import type { Trigger } from '../domain/alarm/alarm.js';
import type { StreamSignal } from '../domain/alarm/binlog-signal.js';
import type { LogicalClock } from '../domain/logical-clock.js';
import type { SuppressedAlarms } from './suppressed-alarms.js';

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

/** More processes than this are not kept apart: then the change may concern any. */
const MAX_CONCERNED = 1000;

export interface ReconcileSources {
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
  /** Whether the table is shared with other hosts: then a statement of others costs one reading, or two, and not four. */
  readonly isFleet: () => boolean;
  readonly random: () => number;
  /** When a reading that follows an event is repeated the last time, in ms. Called each time, because a reload may change it. */
  readonly visibleWithinMs: () => number;
  readonly suppressed: SuppressedAlarms;
  readonly clock: LogicalClock;
  readonly scheduler: SchedulerLike;
}

/** Why a reconcile runs. */
interface ReconcileTrigger {
  readonly trigger: Trigger;
  /** Sequence number of the event that triggered it. */
  readonly seq: number;
  /** Sequence number of the last event that may have changed any alarm. */
  readonly anySeq: number;
  /** The processes that a later event concerns, each with its sequence number: it tells nothing new of the others. */
  readonly concerned: ReadonlyMap<number, number>;
  /** Whether it follows an event. If so it is repeated, because the row may not be visible to a SELECT yet. */
  readonly isRepeated: boolean;
}

/** Sequence number of the last event that may have changed the alarm of this process. */
export function causeSeqOf({ anySeq, concerned }: ReconcileTrigger, processId: number): number {
  return Math.max(anySeq, concerned.get(processId) ?? anySeq);
}

/**
 * One reconcile for two triggers. A repetition of an earlier trigger may come after a later trigger: the reconcile
 * counts for the latest of them.
 */
export function mergeTriggers(one: ReconcileTrigger, other: ReconcileTrigger): ReconcileTrigger {
  const [earlier, latest] = one.seq > other.seq ? [other, one] : [one, other];
  const concerned = new Map([...earlier.concerned, ...latest.concerned]);
  const isAny = concerned.size > MAX_CONCERNED;
  return {
    ...latest,
    anySeq: isAny ? latest.seq : Math.max(one.anySeq, other.anySeq),
    concerned: isAny ? NOBODY : concerned,
    isRepeated: one.isRepeated || other.isRepeated,
  };
}

const NOBODY: ReadonlyMap<number, number> = new Map();

/** Everything that makes the service read the table (R1, R4, R5). */
export function reconcileTriggers(sources: ReconcileSources): Observable<ReconcileTrigger> {
  const { stream, ticks, halfOpened, pausesEnded, reconcileRequests, suppressed, clock, scheduler } = sources;
  let anySeq = 0;
  const trigger = (name: Trigger, isRepeated: boolean): ReconcileTrigger => {
    anySeq = clock.next();
    return { trigger: name, seq: anySeq, anySeq, concerned: NOBODY, isRepeated };
  };
  const hidden = (signal: StreamSignal): ReconcileTrigger => {
    if (signal.kind !== 'hidden' || !signal.concerns) return trigger('binlog', true);
    const seq = clock.next();
    const concerned = new Map(signal.concerns.map((processId) => [processId, seq]));
    return { trigger: 'binlog', seq, anySeq, concerned, isRepeated: true };
  };
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
    stream.pipe(filter(isHidden(true)), map(hidden)),
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
      mergeMap((cause) =>
        from(readOnceAfterMs(sources)).pipe(
          mergeMap((ms) => timer(ms, scheduler)),
          map(() => cause),
        ),
      ),
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

/** If changes may become visible later than the one reading at its latest, a second one follows. */
function readOnceAfterMs({ visibleWithinMs }: ReconcileSources): readonly number[] {
  const visibleMs = visibleWithinMs();
  const { spread, after } = READ_ONCE_MS;
  return visibleMs > spread + after ? [after, visibleMs] : [after];
}
