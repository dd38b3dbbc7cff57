import { concat, defer, EMPTY, ignoreElements, map, mergeMap, type Observable, of, race, timer } from 'rxjs';
import type { CycleEvent, CycleHappening } from '../../domain/cycle-event.js';
import { describeError } from '../../domain/errors.js';
import type { ProcessSlot } from '../../operators/process-slot.js';
import { retryUntilTaken } from '../../operators/retry-until-taken.js';
import type { CycleEffects, RowWrite } from './effects.js';

/** Back-off of writes that the database does not take. */
const BACKOFF = { firstMs: 100, maxMs: 30_000 };
/** A note is for people: a table that takes no writes must not keep its process from the next check_interval (R10). */
const MAX_NOTE_TRIES = 10;
/** How long the cycle stays open for its own write to come back through the binlog. */
const ECHO_TIMEOUT_MS = 2000;

export interface WriteBack {
  readonly processId: number;
  readonly write: RowWrite;
  readonly notes: string;
  readonly slot: ProcessSlot;
  readonly effects: CycleEffects;
  readonly tell: (happening: CycleHappening) => CycleEvent;
}

/**
 * Writes the outcome to the row, for as long as it takes the database to accept it (R12). The result stays open until
 * the write has come back through the binlog: a raise that stands before it there was overwritten by it, arrives
 * while the slot is still ours, and gets its health check.
 */
export function writeBack({
  processId,
  write,
  notes,
  slot,
  effects,
  tell,
}: WriteBack): Observable<CycleEvent> {
  const { scheduler } = effects;
  return defer(() => {
    // A note comes back as no change of the alarm, so there is nothing to wait for.
    const echo = write === 'note' ? EMPTY : slot.expectEcho(write === 'clear' ? 'lowered' : 'raised', notes);
    const startedAt = scheduler.now();
    let tries = 0;
    return defer(() => {
      tries += 1;
      return tries > 1 && isObsolete(write, slot, tries) ? EMPTY : effects.writeRow(write, processId, notes);
    }).pipe(
      mergeMap((changed) => {
        const done: CycleHappening =
          write === 'clear'
            ? { type: 'cleared', changed, notes, tookMs: scheduler.now() - startedAt }
            : { type: 'noted', changed, notes };
        // A clear may have been carried out by an earlier try whose answer was lost; a raise that changed nothing has not.
        if (write === 'raise' && !(changed && effects.isStreaming())) slot.forgetEcho('raised', notes);
        return concat(of(tell(done)), changed ? awaitEcho(echo, effects) : EMPTY);
      }),
      retryUntilTaken({
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
function isObsolete(write: RowWrite, slot: ProcessSlot, tries: number): boolean {
  // The follow-up of a new raise writes what is true then; until its health check the row must not say that all is well.
  if (slot.certainlyRaisedAgain) return true;
  return write === 'raise' ? slot.withdrawn : write === 'note' && tries > MAX_NOTE_TRIES;
}

function awaitEcho(echo: Observable<void>, { isStreaming, scheduler }: CycleEffects): Observable<never> {
  if (!isStreaming()) return EMPTY;
  return race(echo, timer(ECHO_TIMEOUT_MS, scheduler).pipe(map(() => undefined))).pipe(ignoreElements());
}
