import { EMPTY, mergeMap, type Observable, of, switchMap, tap } from 'rxjs';
import { type Alarm, displayName, isOnRequest, withProcessName } from '../../domain/alarm/alarm.js';
import { NOTE_TEXTS } from '../../domain/alarm/note-texts.js';
import type { CycleEvent, CycleEventData } from '../../domain/cycle/cycle-event.js';
import { hasOrder } from '../../domain/cycle/restart-order.js';
import type { RestartTarget } from '../../domain/cycle/restart-target.js';
import { normalizeUnitName } from '../../domain/system-name.js';
import { concatSteps, type LazySteps } from '../../operators/concat-steps.js';
import { consume } from '../../operators/consume.js';
import type { CycleInbox } from '../../operators/cycle-inbox.js';
import { guardByBreaker } from '../../operators/guard-by-breaker.js';
import type { Slot } from '../../operators/restart-slots.js';
import { runInSlot } from '../../operators/run-in-slot.js';
import { runAttempts } from './attempts.js';
import { confirmRaise } from './confirm-raise.js';
import { CycleBreaker } from './cycle-breaker.js';
import type { CycleEffects } from './effects.js';
import { endingWriteOf } from './ending-write.js';
import { isStartedMeanwhile } from './is-started-meanwhile.js';
import { lookUpAgain } from './look-up-again.js';
import { recheckHealth } from './recheck.js';
import { RowWriter } from './row-writer.js';
import { type Waited, waitInOrder } from './wait-in-order.js';
import { WithdrawalCheck } from './withdrawal-check.js';

/**
 * Runs one cycle: look-up of the name, admission, wait for those that go before it (R35), permit of the breaker, slot,
 * attempts, write to the row. One that `beginsWithCheck`, a follow-up (R7) or for an alarm that was handled before, restarts
 * only a process that is unhealthy. The slot is released before anything is written, so a database that is away does not
 * delay other restarts.
 */
export function runCycle(
  effects: CycleEffects,
  alarm: Alarm,
  inbox: CycleInbox,
  beginsWithCheck: boolean,
): Observable<CycleEvent> {
  const { processId } = alarm;
  let name = alarm.processName;
  let waited: Waited | undefined;
  const lookUp = (): Observable<never> =>
    effects.lookUpName(processId).pipe(
      consume((found) => {
        name = found ? (found.isOurs ? found.name : undefined) : null;
      }),
    );
  /** The configuration, the name and the pauses may have changed during the wait. */
  const answerAgain = (since: number): LazySteps<CycleEvent> => {
    waited = { since, name };
    return [() => lookUpAgain(lookUp(), since, effects), answer];
  };
  const answer = (): LazySteps<CycleEvent> => {
    // The row belongs to another host.
    if (name === undefined) return [];
    // A name from the binlog was not looked up, and nobody else has seen it yet.
    if (name !== null) effects.meetName(processId, name);
    const processName = displayName(processId, name);
    const tell = (data: CycleEventData): CycleEvent => ({
      processId,
      processName,
      at: effects.scheduler.now(),
      ...data,
    });
    // The name goes into the alarm, so that a follow-up need not ask the database again.
    const named = withProcessName(alarm, name);
    const cycle = new Cycle(effects, named, inbox, beginsWithCheck, tell, answerAgain, waited?.since);
    // What an earlier run owed, or somebody asked for, concerned the process that had this process_id then.
    const isOwed = !alarm.raised && alarm.processName === undefined;
    const isOther = waited !== undefined && waited.name !== name;
    if (isOther ? isOwed || isOnRequest(alarm) : isOwed && !waited && !effects.wasVerified(processId))
      return [];
    if (name === null) return cycle.refuse(NOTE_TEXTS.REFUSED.unknownProcess(processId));
    const admission = effects.admit(name);
    if (admission.kind === 'excluded') return [() => of(tell({ type: 'excluded', alarm }))];
    if (admission.kind === 'refused') return cycle.refuse(admission.reason);
    const { target } = admission;
    if (waited) return cycle.answer(target);
    return confirmRaise(alarm, beginsWithCheck, effects, tell, () => cycle.answer(target));
  };
  return name === undefined ? concatSteps(lookUp, answer) : concatSteps(answer);
}

class Cycle {
  readonly #row: RowWriter;
  readonly #breaker: CycleBreaker;
  /** When the cycle began to wait for others or for its slot, ms since the epoch. */
  readonly #since: number;
  /** It had to wait for another process. */
  #hasWaited = false;
  /** It would have had to wait, but too many wait. */
  #isPostponed = false;
  /** The write that follows the restart. */
  #ending: () => Observable<CycleEvent> = () => EMPTY;

  constructor(
    private readonly effects: CycleEffects,
    private readonly alarm: Alarm,
    private readonly inbox: CycleInbox,
    private readonly beginsWithCheck: boolean,
    private readonly tell: (data: CycleEventData) => CycleEvent,
    /** What is done after a wait for others. */
    private readonly answerAgain: (since: number) => LazySteps<CycleEvent>,
    /** When that wait began, if it is over. */
    private readonly waitedSince: number | undefined,
  ) {
    this.#row = new RowWriter(effects, alarm, inbox, beginsWithCheck, tell);
    this.#breaker = new CycleBreaker(effects, alarm.processId, this.#isManual, tell);
    this.#since = waitedSince ?? effects.scheduler.now();
    this.#hasWaited = waitedSince !== undefined;
  }

  refuse(reason: string): LazySteps<CycleEvent> {
    const { tell, alarm } = this;
    return [() => of(tell({ type: 'refused', alarm, reason })), () => this.#row.note('REFUSED', reason)];
  }

  answer(target: RestartTarget): LazySteps<CycleEvent> {
    const { tell, alarm, effects, beginsWithCheck } = this;
    this.#breaker.systemName = normalizeUnitName(target.systemName);
    // A raise that may be the alarm of the cycle before still gets its check: a pause lets that cycle finish.
    const { processName } = target;
    const pause =
      alarm.raised || !beginsWithCheck ? effects.pauseOf(processName, alarm.processId) : undefined;
    if (pause) {
      return [() => of(tell({ type: 'paused', alarm, pause })), () => this.#row.raiseForPause()];
    }
    const restarting = (): Observable<CycleEvent> =>
      beginsWithCheck ? this.#decide(target) : this.#restart(target);
    const steps: LazySteps<CycleEvent> = [restarting, () => this.#ending()];
    if (this.waitedSince !== undefined) return steps;
    return [
      ...(beginsWithCheck && !alarm.raised ? [] : [() => of(tell({ type: 'detected', alarm }))]),
      ...(this.#isOrdered(target) ? [() => this.#wait(target)] : []),
      () => (this.#isPostponed ? [] : this.#hasWaited ? this.answerAgain(this.#since) : steps),
    ];
  }

  #wait(target: RestartTarget): Observable<CycleEvent> {
    const { effects, alarm, inbox, tell } = this;
    const onWaiting = ({ type }: CycleEvent): void => {
      this.#hasWaited = true;
      this.#isPostponed = type === 'postponed';
    };
    // The row may not show what a check is for: our own clear may have overwritten a raise.
    return waitInOrder(target, effects, alarm, inbox, tell, !this.beginsWithCheck).pipe(tap(onWaiting));
  }

  /** Asks the breaker before the slot: a process that must not be restarted waits for no slot. */
  #restart(target: RestartTarget): Observable<CycleEvent> {
    const { slots } = this.effects;
    return runInSlot(slots, this.#breaker.systemName, (slot) => {
      const attempt = (): Observable<CycleEvent> => this.#attempt(target, slot, this.#since);
      const isStarted = isStartedMeanwhile(target, this.alarm, this.#hasWaited, this.effects);
      if (!isStarted) return attempt();
      return isStarted.pipe(
        switchMap((isRestarted) => (isRestarted ? this.#checkFirst(target, slot, attempt, true) : attempt())),
      );
    }).pipe(
      guardByBreaker(this.#breaker),
      tap((event) => this.#noteEnding(event)),
    );
  }

  /** Checks the health first and restarts the process only if it is not healthy. */
  #decide(target: RestartTarget): Observable<CycleEvent> {
    const { slots, scheduler } = this.effects;
    return runInSlot(slots, this.#breaker.systemName, (slot) =>
      this.#checkFirst(target, slot, () =>
        this.#attempt(target, slot, scheduler.now()).pipe(
          guardByBreaker(this.#breaker),
          tap((event) => this.#noteEnding(event)),
        ),
      ),
    );
  }

  #checkFirst(
    target: RestartTarget,
    slot: Slot,
    restart: () => Observable<CycleEvent>,
    isRestarted = false,
  ): Observable<CycleEvent> {
    const { tell, alarm, effects } = this;
    return recheckHealth(target, effects).pipe(
      tap({ subscribe: () => this.inbox.endWait() }),
      mergeMap((verdict) => {
        const { healthy } = verdict;
        const detail = verdict.healthy ? verdict.detail : verdict.reason;
        const rechecked = of(
          tell({ type: 'rechecked', alarm, healthy, detail, ...(isRestarted && { isRestarted }) }),
        );
        if (healthy) {
          const note = (alarm.raised ? undefined : this.inbox.inheritedNote) ?? NOTE_TEXTS.OK.healthy();
          this.#ending = () => this.#row.writeSuccess(note);
          return rechecked;
        }
        // The slot is released because the row is written first, and the database may be away.
        slot.release();
        const next: LazySteps<CycleEvent> = verdict.isUnknown
          ? [() => this.#cannotTell(detail)]
          : [() => this.#row.raiseBeforeRestart(detail), restart];
        return concatSteps(() => rechecked, ...next);
      }),
    );
  }

  /** Nothing is restarted for it (R27): the alarm stands, and is tried again like that of any failed cycle (R10). */
  #cannotTell(reason: string): Observable<CycleEvent> {
    const failed = of(this.tell({ type: 'exhausted', step: 'verify', reason, attempts: 0 }));
    return concatSteps(
      () => this.#row.raiseBeforeRestart(reason),
      () => failed.pipe(tap((event) => this.#noteEnding(event))),
    );
  }

  get #isManual(): boolean {
    return this.alarm.trigger === 'manual';
  }

  /** An administrator waits for nobody. */
  #isOrdered({ settings }: RestartTarget): boolean {
    return hasOrder(settings) && !this.#isManual;
  }

  #attempt(target: RestartTarget, slot: Slot, since: number): Observable<CycleEvent> {
    const { tell, effects, alarm, inbox, beginsWithCheck } = this;
    inbox.endWait();
    // A pause may have begun while the cycle waited for its slot.
    const pause = effects.pauseOf(target.processName, alarm.processId);
    if (pause) return of(tell({ type: 'paused', alarm, pause }));
    const check = new WithdrawalCheck(effects, alarm, inbox, beginsWithCheck, slot, since);
    const isWithdrawn = (): Observable<boolean> => check.isWithdrawn();
    return runAttempts({
      target,
      effects,
      slot,
      raises: inbox.raises,
      tell,
      isWithdrawn,
      seenAt: alarm.seenAt,
      isOnRequest: isOnRequest(alarm),
    }).pipe(tap((event) => this.#breaker.countRestart(event)));
  }

  #noteEnding(event: CycleEvent): void {
    this.#ending = endingWriteOf(event, this.#row, this.beginsWithCheck) ?? this.#ending;
  }
}
