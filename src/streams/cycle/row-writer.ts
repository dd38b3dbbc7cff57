import { concat, defer, EMPTY, map, type Observable } from 'rxjs';
import { type Alarm, isOnRequest } from '../../domain/alarm/alarm.js';
import { NOTE_TEXTS, type NotePrefix, withTries } from '../../domain/alarm/note-texts.js';
import type { CycleEvent, CycleEventData } from '../../domain/cycle/cycle-event.js';
import type { CycleInbox } from '../../operators/cycle-inbox.js';
import type { CycleEffects, RowWrite } from './effects.js';
import { standsAfterCycle } from './stands-after-cycle.js';
import { writeRowUntilAccepted } from './write-row-until-accepted.js';

/**
 * How often each write is tried. A note only informs people: a table that rejects it must not delay the retry at the
 * next `check_interval` (R10).
 */
const TRIES: Readonly<Record<RowWrite, number>> = {
  clear: Number.POSITIVE_INFINITY,
  raise: Number.POSITIVE_INFINITY,
  note: 10,
};

/**
 * Writes the outcome of one cycle into the row of its process in STATUS_PROCESS. Each method returns an Observable
 * that writes on subscription and completes when the database has accepted the write or it was given up (R12).
 */
export class RowWriter {
  readonly #wasStreaming: boolean;

  constructor(
    private readonly effects: CycleEffects,
    private readonly alarm: Alarm,
    private readonly inbox: CycleInbox,
    private readonly beginsWithCheck: boolean,
    private readonly tell: (data: CycleEventData) => CycleEvent,
  ) {
    this.#wasStreaming = effects.isStreaming();
  }

  /** Writes a note and leaves the alarm raised. */
  note(outcome: NotePrefix, text: string): Observable<CycleEvent> {
    return this.#write('note', outcome, text);
  }

  /**
   * Clears the alarm, with a note. A raise that came in the meantime gets its health check before the row says that
   * all is well. A cycle that began with a check clears first if the raise is only a possibility, and the check
   * follows: otherwise polls that find the alarm raised more often than a health check takes would prevent the clear
   * for ever.
   */
  writeSuccess(text: string): Observable<CycleEvent> {
    const { inbox, beginsWithCheck } = this;
    return defer(() => {
      const mustBeChecked = beginsWithCheck ? inbox.certainlyRaisedAgain : inbox.raisedAgain;
      inbox.owedNote = mustBeChecked ? text : undefined;
      return mustBeChecked ? EMPTY : this.#write('clear', 'OK', text);
    });
  }

  /**
   * Writes why the cycle failed. If the cycle began with a check, our own clear may have overwritten its raise, so
   * the alarm is raised again (R10).
   */
  writeFailure(outcome: NotePrefix, text: string): Observable<CycleEvent> {
    const note = this.note(outcome, text);
    const raise = defer(() => (this.inbox.withdrawn ? EMPTY : this.#write('raise', outcome, text)));
    return this.beginsWithCheck && !isOnRequest(this.alarm) ? concat(raise, note) : note;
  }

  /** The same for a cycle that a pause stops: the alarm must be raised when the pause ends. */
  raiseForPause(): Observable<CycleEvent> {
    const { inbox, beginsWithCheck } = this;
    if (!beginsWithCheck || isOnRequest(this.alarm)) return EMPTY;
    return defer(() =>
      inbox.withdrawn ? EMPTY : this.#write('raise', 'PAUSED', NOTE_TEXTS.PAUSED.raisedAgain()),
    );
  }

  /**
   * Raises the alarm again if our own clear has overwritten it, before the process is restarted: if we are killed
   * now, the alarm must be in the table. Tries once, because the restart does not wait for a database that is away.
   */
  raiseBeforeRestart(reason: string): Observable<CycleEvent> {
    const { inbox } = this;
    if (!inbox.followsClear || inbox.withdrawn) return EMPTY;
    return this.#write('raise', 'FAILED', NOTE_TEXTS.FAILED.recheck(reason), 1);
  }

  #write(
    write: RowWrite,
    outcome: NotePrefix,
    text: string,
    maxTries = TRIES[write],
  ): Observable<CycleEvent> {
    const { alarm, effects, inbox, tell } = this;
    return defer(() => {
      const first = effects.composeNote(outcome, text);
      if (!effects.acknowledges()) {
        return write === 'clear' ? this.#answer(first) : EMPTY;
      }
      const notesOf = (tries: number): string =>
        write !== 'note' && tries > 1 ? effects.composeNote(outcome, withTries(text, tries)) : first;
      return writeRowUntilAccepted({
        alarm,
        write,
        notesOf,
        inbox,
        wasStreaming: this.#wasStreaming,
        effects,
        maxTries,
        tell,
      });
    });
  }

  /** Without a raised alarm nothing was handled; otherwise the next alarm would be taken for this one. */
  #answer(notes: string): Observable<CycleEvent> {
    const { alarm, inbox, effects, tell } = this;
    return standsAfterCycle(alarm, inbox, effects).pipe(
      map((stands) =>
        tell(stands ? { type: 'answered', notes } : { type: 'cleared', changed: false, notes, tookMs: 0 }),
      ),
    );
  }
}
