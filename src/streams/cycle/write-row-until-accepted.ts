import {
  concat,
  defer,
  EMPTY,
  ignoreElements,
  map,
  mergeMap,
  type Observable,
  of,
  race,
  tap,
  timer,
} from 'rxjs';
import type { Alarm } from '../../domain/alarm/alarm.js';
import { DATABASE_BACKOFF } from '../../domain/backoff.js';
import type { CycleEvent, CycleEventData } from '../../domain/cycle/cycle-event.js';
import { describeError } from '../../domain/errors.js';
import type { CycleInbox } from '../../operators/cycle-inbox.js';
import { retryUntilAccepted } from '../../operators/retry-until-accepted.js';
import type { CycleEffects, RowWrite } from './effects.js';

/** How long the cycle stays open for its own write to come back through the binlog, in ms, without the lag of a relay. */
const ECHO_TIMEOUT_MS = 2000;
/** The lag may have grown since it was measured. */
const LAGS = 2;

interface WriteRowOptions {
  readonly alarm: Alarm;
  readonly write: RowWrite;
  /**
   * The text of the note, with the number of the try: two clears, or two raises, must be distinguishable when they
   * come back.
   */
  readonly notesOf: (tries: number) => string;
  readonly inbox: CycleInbox;
  /** Whether the stream was up when the cycle began. */
  readonly wasStreaming: boolean;
  readonly effects: CycleEffects;
  /** Default: no limit. */
  readonly maxTries?: number;
  readonly tell: (data: CycleEventData) => CycleEvent;
}

/**
 * Writes the outcome to the row and tries again until the database accepts it (R12). Stays open until the write has
 * come back through the binlog. A raise that the binlog shows before our clear was overwritten by it; it arrives
 * while the inbox is open and gets its health check. If the binlog did not show everything before the clear, it may
 * have hidden such a raise, so one more health check is requested.
 */
export function writeRowUntilAccepted({
  alarm,
  write,
  notesOf,
  inbox,
  wasStreaming,
  effects,
  maxTries = Number.POSITIVE_INFINITY,
  tell,
}: WriteRowOptions): Observable<CycleEvent> {
  const { scheduler } = effects;
  const { processId } = alarm;
  return defer(() => {
    const startedAt = scheduler.now();
    let tries = 0;
    let notes = '';
    let echo: Observable<void> = EMPTY;
    let isEchoed = false;
    return defer(() => {
      tries += 1;
      const isObsolete = tries > 1 && isOvertaken(write, inbox);
      if (isObsolete || tries > maxTries) return EMPTY;
      // From now on the row may say that all is well, whatever the database answers.
      inbox.hasCleared ||= write === 'clear';
      if (write === 'clear') inbox.clearedAt = scheduler.now();
      notes = notesOf(tries);
      // A note does not change `alarma`, so there is no echo to wait for.
      if (write !== 'note') {
        echo = inbox.expectEcho(write === 'clear' ? 'lowered' : 'raised', notes).pipe(
          tap(() => {
            isEchoed = true;
          }),
        );
      }
      return effects.writeRow(write, processId, notes);
    }).pipe(
      mergeMap((changed) => {
        const tookMs = scheduler.now() - startedAt;
        const done: CycleEventData =
          write === 'clear'
            ? { type: 'cleared', changed, ...(tries > 1 && { retried: true }), notes, tookMs }
            : { type: 'noted', changed, notes };
        // A write that changed nothing has no echo, unless an earlier try of a clear has one whose answer was lost.
        if (write === 'raise' && !(changed && effects.isStreaming())) inbox.forgetEcho('raised', notes);
        if (write === 'clear' && !changed && tries === 1) inbox.forgetEcho('lowered', notes);
        // An earlier try may have succeeded with its answer lost, and somebody may have raised the alarm between the
        // two.
        const mayHaveCleared = write === 'clear' && (changed || (tries > 1 && !inbox.certainlyWithdrawn));
        const settle = defer(() => {
          const isInSight = wasStreaming && isEchoed && !inbox.isClearDoubtful;
          if (mayHaveCleared && (tries > 1 || !isInSight)) inbox.doubtClear(alarm);
          return EMPTY;
        });
        return concat(of(tell(done)), changed ? awaitEcho(echo, effects) : EMPTY, settle);
      }),
      retryUntilAccepted({
        backoff: DATABASE_BACKOFF,
        startAnew: effects.serverChanged,
        onFailure: (error, attempt) =>
          tell({
            type: 'write-failed',
            what: write === 'clear' ? 'clear' : 'note',
            reason: describeError(error),
            attempt,
          }),
        scheduler,
        random: effects.random,
      }),
    );
  });
}

/** Whether another try would be pointless or wrong after what happened since the first one. */
function isOvertaken(write: RowWrite, inbox: CycleInbox): boolean {
  // The follow-up of a new raise writes its own outcome. Until its health check the row must not say that all is
  // well.
  if (inbox.certainlyRaisedAgain) return true;
  return write === 'raise' && inbox.withdrawn;
}

function awaitEcho(
  echo: Observable<void>,
  { isStreaming, streamLagMs, scheduler }: CycleEffects,
): Observable<never> {
  if (!isStreaming()) return EMPTY;
  const limitMs = ECHO_TIMEOUT_MS + LAGS * streamLagMs();
  return race(echo, timer(limitMs, scheduler).pipe(map(() => undefined))).pipe(ignoreElements());
}
