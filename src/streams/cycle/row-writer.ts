import { catchError, concat, defer, EMPTY, type Observable, of, switchMap } from 'rxjs';
import type { Alarm } from '../../domain/alarm/alarm.js';
import { NOTE_TEXTS, type NotePrefix, withTries } from '../../domain/alarm/note-texts.js';
import type { CycleEvent, CycleEventData } from '../../domain/cycle/cycle-event.js';
import type { CycleInbox } from '../../operators/cycle-inbox.js';
import type { CycleEffects, RowWrite } from './effects.js';
import { writeRowUntilAccepted } from './write-row-until-accepted.js';

/** A note is for people: a table that takes no writes must not keep its process from the next check_interval (R10). */
const TRIES: Readonly<Record<RowWrite, number>> = {
  clear: Number.POSITIVE_INFINITY,
  raise: Number.POSITIVE_INFINITY,
  note: 10,
};

/**
 * What one cycle writes into its process's row of STATUS_PROCESS, each as an Observable that writes when it is
 * subscribed to and completes when the write is taken or given up (R12).
 */
export class RowWriter {
  readonly #wasStreaming: boolean;

  constructor(
    private readonly effects: CycleEffects,
    private readonly alarm: Alarm,
    private readonly inbox: CycleInbox,
    private readonly beginsWithCheck: boolean,
    private readonly tell: (happening: CycleEventData) => CycleEvent,
  ) {
    this.#wasStreaming = effects.isStreaming();
  }

  note(outcome: NotePrefix, text: string): Observable<CycleEvent> {
    return this.#write('note', outcome, text);
  }

  /**
   * A raise that came meanwhile must get its health check before the row says that all is well. A cycle that begins with
   * a check clears where the raise is a mere possibility, and leaves the check for afterwards: polls that find the alarm standing
   * more often than a health check answers would else keep it from ever being cleared.
   */
  writeSuccess(text: string): Observable<CycleEvent> {
    const { inbox, beginsWithCheck } = this;
    return defer(() => {
      const mustBeChecked = beginsWithCheck ? inbox.certainlyRaisedAgain : inbox.raisedAgain;
      inbox.owedNote = mustBeChecked ? text : undefined;
      return mustBeChecked ? EMPTY : this.#write('clear', 'OK', text);
    });
  }

  /** A cycle that begins with a check answers a raise that a clear of ours may have overwritten: it must stand again (R10). */
  writeFailure(outcome: NotePrefix, text: string): Observable<CycleEvent> {
    const note = this.note(outcome, text);
    const raise = defer(() => (this.inbox.withdrawn ? EMPTY : this.#write('raise', outcome, text)));
    return this.beginsWithCheck ? concat(raise, note) : note;
  }

  /** The same where a pause holds such a cycle back: what is answered on resume must stand until then. */
  raiseForPause(): Observable<CycleEvent> {
    const { inbox, beginsWithCheck } = this;
    if (!beginsWithCheck) return EMPTY;
    return defer(() =>
      inbox.withdrawn ? EMPTY : this.#write('raise', 'PAUSED', NOTE_TEXTS.PAUSED.raisedAgain()),
    );
  }

  /**
   * Before the restart of a process whose alarm our own clear has taken back: should we be killed now, the alarm must
   * stand. One try, since the restart does not wait for a database that is away.
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

  #answer(notes: string): Observable<CycleEvent> {
    const { alarm, effects, tell } = this;
    const answered = of(tell({ type: 'answered', notes }));
    if (alarm.trigger !== 'manual') return answered;
    // Without an alarm there is nothing answered: the next one would be taken for it.
    return defer(() => effects.isStillRaised(alarm.processId)).pipe(
      catchError(() => of(false)),
      switchMap((raised) =>
        raised ? answered : of(tell({ type: 'cleared', changed: false, notes, tookMs: 0 })),
      ),
    );
  }
}
