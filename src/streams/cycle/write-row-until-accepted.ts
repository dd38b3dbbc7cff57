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
import type { CycleEvent, CycleEventData } from '../../domain/cycle/cycle-event.js';
import { describeError } from '../../domain/errors.js';
import type { CycleInbox } from '../../operators/cycle-inbox.js';
import { retryUntilAccepted } from '../../operators/retry-until-accepted.js';
import type { CycleEffects, RowWrite } from './effects.js';

/** Back-off of writes that the database does not take. */
const BACKOFF = { firstMs: 100, maxMs: 30_000 };
/** How long the cycle stays open for its own write to come back through the binlog. */
const ECHO_TIMEOUT_MS = 2000;

interface WriteRowOptions {
  readonly alarm: Alarm;
  readonly write: RowWrite;
  /** The text of the note, with the number of the try: two clears, or raises, must not look the same when they come back. */
  readonly notesOf: (tries: number) => string;
  readonly inbox: CycleInbox;
  /** Whether the stream was up when the cycle began. */
  readonly wasStreaming: boolean;
  readonly effects: CycleEffects;
  /** Default: as many as it takes. */
  readonly maxTries?: number;
  readonly tell: (happening: CycleEventData) => CycleEvent;
}

/**
 * Writes the outcome to the row, for as long as it takes the database to accept it (R12). The result stays open until
 * the write has come back through the binlog: a raise that stands before it there was overwritten by it, arrives
 * while the inbox is still ours, and gets its health check. Where the binlog did not show all that came before the clear,
 * there may have been such a raise, and one more health check is asked for as well.
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
      // From now on the row may say that all is well, whatever the answer will be.
      inbox.hasCleared ||= write === 'clear';
      notes = notesOf(tries);
      // A note comes back as no change of the alarm, so there is nothing to wait for.
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
        // A clear may have been carried out by an earlier try whose answer was lost; a raise that changed nothing has not.
        if (write === 'raise' && !(changed && effects.isStreaming())) inbox.forgetEcho('raised', notes);
        // An earlier try may have been carried out and its answer lost; who knows what was raised between two of them.
        const mayHaveCleared = write === 'clear' && (changed || (tries > 1 && !inbox.certainlyWithdrawn));
        const settle = defer(() => {
          const isInSight = wasStreaming && isEchoed && !inbox.isClearDoubtful;
          if (mayHaveCleared && (tries > 1 || !isInSight)) inbox.doubtClear(alarm);
          return EMPTY;
        });
        return concat(of(tell(done)), changed ? awaitEcho(echo, effects) : EMPTY, settle);
      }),
      retryUntilAccepted({
        backoff: BACKOFF,
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

/** Whether what happened since the first try makes another one pointless or wrong. */
function isOvertaken(write: RowWrite, inbox: CycleInbox): boolean {
  // The follow-up of a new raise writes what is true then; until its health check the row must not say that all is well.
  if (inbox.certainlyRaisedAgain) return true;
  return write === 'raise' && inbox.withdrawn;
}

function awaitEcho(echo: Observable<void>, { isStreaming, scheduler }: CycleEffects): Observable<never> {
  if (!isStreaming()) return EMPTY;
  return race(echo, timer(ECHO_TIMEOUT_MS, scheduler).pipe(map(() => undefined))).pipe(ignoreElements());
}
