import { EMPTY, type Observable } from 'rxjs';
import { NOTE_TEXTS } from '../../domain/alarm/note-texts.js';
import { describeOpening } from '../../domain/cycle/circuit-breaker.js';
import type { CycleEvent } from '../../domain/cycle/cycle-event.js';
import type { RowWriter } from './row-writer.js';

/** The write that belongs to an event that ends the restart; undefined for any other event. */
export function endingWriteOf(
  event: CycleEvent,
  row: RowWriter,
  beginsWithCheck: boolean,
): (() => Observable<CycleEvent>) | undefined {
  switch (event.type) {
    case 'verified':
      return () => row.writeSuccess(NOTE_TEXTS.OK.restarted(event.report.strategy, event.attempt));
    case 'exhausted':
      return () => row.writeFailure('FAILED', NOTE_TEXTS.FAILED.cycle(event));
    case 'paused':
      return () => row.raiseForPause();
    case 'flapping':
      return () => row.writeFailure('OPEN', NOTE_TEXTS.OPEN.flapping(describeOpening(0, event)));
    case 'skipped-open':
      // The row still has the note of the failure that opened it, unless our own clear overwrote this raise.
      return () => (beginsWithCheck ? row.writeFailure('OPEN', NOTE_TEXTS.OPEN.raisedAgain()) : EMPTY);
    default:
      return undefined;
  }
}
