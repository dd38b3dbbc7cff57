import { concat, defer, EMPTY, ignoreElements, map, mergeMap, type Observable, of, race, timer } from 'rxjs';
import type { CycleEvent, CycleHappening } from '../../domain/cycle-event.js';
import { describeError } from '../../domain/errors.js';
import type { ProcessSlot } from '../../operators/process-slot.js';
import { retryUntilTaken } from '../../operators/retry-until-taken.js';
import type { CycleEffects, RowWrite } from './effects.js';

/** Back-off of writes that the database does not take. */
const BACKOFF = { firstMs: 100, maxMs: 30_000 };
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
    const echo = slot.expectEcho(notes);
    const startedAt = scheduler.now();
    return defer(() => effects.writeRow(write, processId, notes)).pipe(
      mergeMap((changed) => {
        const done: CycleHappening =
          write === 'clear'
            ? { type: 'cleared', changed, notes, tookMs: scheduler.now() - startedAt }
            : { type: 'noted', changed, notes };
        return concat(of(tell(done)), changed && write !== 'note' ? awaitEcho(echo, effects) : EMPTY);
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

function awaitEcho(echo: Observable<void>, { isStreaming, scheduler }: CycleEffects): Observable<never> {
  if (!isStreaming()) return EMPTY;
  return race(echo, timer(ECHO_TIMEOUT_MS, scheduler).pipe(map(() => undefined))).pipe(ignoreElements());
}
