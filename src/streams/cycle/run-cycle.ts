import { catchError, concat, defer, EMPTY, mergeMap, type Observable, of, switchMap, tap } from 'rxjs';
import { type Alarm, displayName } from '../../domain/alarm.js';
import type { CycleEvent, CycleHappening } from '../../domain/cycle-event.js';
import type { NoteOutcome } from '../../domain/notes.js';
import type { RestartTarget } from '../../domain/restart.js';
import { targetKey } from '../../domain/system-name.js';
import { circuitBreaker } from '../../operators/circuit-breaker.js';
import { limitParallel } from '../../operators/limit-parallel.js';
import type { ProcessSlot } from '../../operators/process-slot.js';
import { AlarmWatch } from './alarm-watch.js';
import { runAttempts } from './attempts.js';
import type { CycleEffects, RowWrite } from './effects.js';
import { recheckHealth } from './recheck.js';
import { writeBack } from './write-back.js';

/** A note is for people: a table that takes no writes must not keep its process from the next check_interval (R10). */
const TRIES: Readonly<Record<RowWrite, number>> = {
  clear: Number.POSITIVE_INFINITY,
  raise: Number.POSITIVE_INFINITY,
  note: 10,
};

/**
 * One cycle: name, admission, leave of the breaker, a place, attempts, write-back. A follow-up begins with a health
 * check, and only an unhealthy process is restarted (R7). The place is free again before anything is written, so that
 * a database that is away holds back nobody's restart.
 */
export function runCycle(
  effects: CycleEffects,
  alarm: Alarm,
  slot: ProcessSlot,
  isFollowUp: boolean,
): Observable<CycleEvent> {
  const { processId } = alarm;
  const name = alarm.processName === undefined ? effects.lookUpName(processId) : of(alarm.processName);
  return name.pipe(
    switchMap((found) => {
      const processName = displayName(processId, found);
      const tell = (happening: CycleHappening): CycleEvent => ({
        processId,
        processName,
        at: effects.scheduler.now(),
        ...happening,
      });
      // A follow-up of this one need not ask the database again.
      const named = { ...alarm, processName: found };
      const cycle = new Cycle(effects, named, slot, isFollowUp, tell);
      if (found === null) return cycle.refuse(`PROCESE has no row for process_id ${processId}`);
      const admission = effects.admit(found);
      if (admission.kind === 'excluded') return of(tell({ type: 'excluded', alarm }));
      if (admission.kind === 'refused') return cycle.refuse(admission.reason);
      return cycle.answer(admission.target);
    }),
  );
}

class Cycle {
  readonly #wasStreaming: boolean;

  constructor(
    private readonly effects: CycleEffects,
    private readonly alarm: Alarm,
    private readonly slot: ProcessSlot,
    private readonly isFollowUp: boolean,
    private readonly tell: (happening: CycleHappening) => CycleEvent,
  ) {
    this.#wasStreaming = effects.isStreaming();
  }

  refuse(reason: string): Observable<CycleEvent> {
    const { tell, alarm } = this;
    return concat(of(tell({ type: 'refused', alarm, reason })), this.#write('note', 'REFUSED', reason));
  }

  answer(target: RestartTarget): Observable<CycleEvent> {
    const { tell, alarm, effects, isFollowUp } = this;
    const detected = of(tell({ type: 'detected', alarm }));
    // What may be the alarm of the cycle before is still checked: a pause lets that one finish.
    const pause = alarm.raised || !isFollowUp ? effects.pauseOf(target.processName) : undefined;
    if (pause) return concat(of(tell({ type: 'paused', alarm, pause })), this.#keepRaised());
    if (!isFollowUp) return concat(detected, this.#restart(target));
    const decided = recheckHealth(target, effects).pipe(
      mergeMap((verdict) => {
        const detail = verdict.healthy ? verdict.detail : verdict.reason;
        const rechecked = of(tell({ type: 'rechecked', alarm, healthy: verdict.healthy, detail }));
        return concat(
          rechecked,
          verdict.healthy
            ? this.#clear((alarm.raised ? undefined : this.slot.owedNote) ?? 'healthy, no restart needed')
            : concat(this.#raiseAgain(detail), this.#restart(target)),
        );
      }),
    );
    return alarm.raised ? concat(detected, decided) : decided;
  }

  #restart(target: RestartTarget): Observable<CycleEvent> {
    const { tell, effects } = this;
    const { breaker } = effects;
    const { processId } = this.alarm;
    let ending = (): Observable<CycleEvent> => EMPTY;
    return concat(
      this.#queued(target).pipe(
        circuitBreaker<CycleEvent, NonNullable<ReturnType<typeof breaker.request>>>({
          request: () => breaker.request(processId),
          report: (permit, outcome) => {
            const transition = breaker.report(processId, permit, outcome);
            if (transition === 'opened') return [tell({ type: 'opened', ...breaker.describe(processId) })];
            return transition === 'closed' ? [tell({ type: 'closed' })] : [];
          },
          outcomeOf: ({ type }) =>
            type === 'verified' ? 'success' : type === 'exhausted' ? 'failure' : undefined,
          whenOpen: () => [tell({ type: 'skipped-open', ...breaker.describe(processId) })],
        }),
        tap((event) => {
          ending = this.#endingOf(event) ?? ending;
        }),
      ),
      defer(() => ending()),
    );
  }

  #queued(target: RestartTarget): Observable<CycleEvent> {
    const { tell, effects, alarm, slot, isFollowUp } = this;
    return defer(() => {
      const watch = new AlarmWatch(effects, alarm, slot, isFollowUp);
      return defer(() => {
        // It may have come while the cycle waited.
        const pause = effects.pauseOf(target.processName);
        if (pause) return of(tell({ type: 'paused', alarm, pause }));
        return runAttempts({ target, effects, tell, isGone: () => watch.isGone() });
      }).pipe(limitParallel(effects.places, targetKey(target.systemName)));
    });
  }

  /** What is to be written for an event that ends the restarting, or undefined for any other event. */
  #endingOf(event: CycleEvent): (() => Observable<CycleEvent>) | undefined {
    switch (event.type) {
      case 'verified':
        return () => this.#clear(`restarted by ${event.report.strategy}, attempt ${event.attempt}`);
      case 'exhausted':
        return () => this.#fail('FAILED', describeExhausted(event));
      case 'paused':
        return () => this.#keepRaised();
      case 'skipped-open':
        // The note of the failure that opened the breaker stands already, unless our own clear overwrote this raise.
        return () => (this.isFollowUp ? this.#fail('OPEN', 'circuit breaker open, not restarted') : EMPTY);
      default:
        return undefined;
    }
  }

  /**
   * A raise that came meanwhile must get its health check before the row says that all is well. A follow-up clears
   * where the raise is a mere possibility, and leaves the check for afterwards: polls that find the alarm standing
   * more often than a health check answers would else keep it from ever being cleared.
   */
  #clear(text: string): Observable<CycleEvent> {
    const { slot, isFollowUp } = this;
    return defer(() => {
      const mustBeChecked = isFollowUp ? slot.certainlyRaisedAgain : slot.raisedAgain;
      slot.owedNote = mustBeChecked ? text : undefined;
      return mustBeChecked ? EMPTY : this.#write('clear', 'OK', text);
    });
  }

  /** A follow-up answers a raise that our own clear may have overwritten: the alarm must stand again (R10). */
  #fail(outcome: NoteOutcome, text: string): Observable<CycleEvent> {
    const note = this.#write('note', outcome, text);
    const raise = defer(() => (this.slot.withdrawn ? EMPTY : this.#write('raise', outcome, text)));
    return this.isFollowUp ? concat(raise, note) : note;
  }

  /** The same where a pause holds the follow-up back: what is answered on resume must stand until then. */
  #keepRaised(): Observable<CycleEvent> {
    const { slot, isFollowUp } = this;
    if (!isFollowUp) return EMPTY;
    return defer(() =>
      slot.withdrawn ? EMPTY : this.#write('raise', 'PAUSED', 'raised again, the process is paused'),
    );
  }

  /**
   * Before the restart of a process whose alarm our own clear has taken back: should we be killed now, the alarm must
   * stand. One try, since the restart does not wait for a database that is away.
   */
  #raiseAgain(reason: string): Observable<CycleEvent> {
    const { slot } = this;
    if (!slot.followsClear || slot.withdrawn) return EMPTY;
    return this.#write('raise', 'FAILED', `not healthy when checked again: ${reason}`, 1);
  }

  #write(
    write: RowWrite,
    outcome: NoteOutcome,
    text: string,
    maxTries = TRIES[write],
  ): Observable<CycleEvent> {
    const { alarm, effects, slot, tell } = this;
    return defer(() => {
      const first = effects.composeNote(outcome, text);
      if (!effects.acknowledges()) {
        return write === 'clear' ? this.#answer(first) : EMPTY;
      }
      const notesOf = (tries: number): string =>
        write === 'clear' && tries > 1
          ? effects.composeNote(outcome, `${text}, written at try ${tries}`)
          : first;
      return writeBack({
        alarm,
        write,
        notesOf,
        slot,
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

function describeExhausted(event: Extract<CycleEvent, { type: 'exhausted' }>): string {
  if (event.step === 'pre-restart') return event.reason;
  return `${event.step} after ${event.attempts} attempt${event.attempts === 1 ? '' : 's'}: ${event.reason}`;
}
