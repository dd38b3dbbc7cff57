import { concat, defer, EMPTY, mergeMap, type Observable, of, switchMap, tap } from 'rxjs';
import { type Alarm, isOnRequest } from '../../domain/alarm/alarm.js';
import { NOTE_TEXTS } from '../../domain/alarm/note-texts.js';
import type { CycleEvent, CycleEventData } from '../../domain/cycle/cycle-event.js';
import { hasOrder } from '../../domain/cycle/restart-order.js';
import type { RestartTarget } from '../../domain/cycle/restart-target.js';
import { normalizeUnitName } from '../../domain/system-name.js';
import { concatSteps, type LazySteps } from '../../operators/concat-steps.js';
import type { CycleInbox } from '../../operators/cycle-inbox.js';
import { guardByBreaker } from '../../operators/guard-by-breaker.js';
import type { Slot } from '../../operators/restart-slots.js';
import { runInSlot } from '../../operators/run-in-slot.js';
import { runAttempts } from './attempts.js';
import { CycleBreaker } from './cycle-breaker.js';
import type { CycleEffects } from './effects.js';
import { endingWriteOf } from './ending-write.js';
import { isStartedMeanwhile } from './is-started-meanwhile.js';
import { recheckHealth } from './recheck.js';
import { RowWriter } from './row-writer.js';
import { waitInOrder } from './wait-in-order.js';
import { WithdrawalCheck } from './withdrawal-check.js';

/** The wait for other processes (R35), of which a cycle has at most one for each name that its process gets. */
export interface WaitForOthers {
  /** When it began, ms of the steady clock; undefined before it is over. */
  readonly overSince: number | undefined;
  /** The process got another name during the wait, with an order of its own. */
  readonly isOfOtherName: boolean;
  /** What is done after it, and after a wait for a slot if the configuration means something else by then. */
  readonly answerAgain: (since: number, nameBefore?: string | null) => LazySteps<CycleEvent>;
  /** Looks up the name after a wait for a slot, if it may have changed; `isRenamed` tells afterwards whether it has. */
  readonly nameAfterWait: (since: number, slot: Slot) => Observable<never> | undefined;
  readonly isRenamed: () => boolean;
}

/** The steps of one cycle whose process is known by name: wait, permit of the breaker, slot, attempts, write to the row. */
export class Cycle {
  readonly #row: RowWriter;
  readonly #breaker: CycleBreaker;
  /** When the cycle began to wait for others or for its slot, ms of the steady clock. */
  readonly #since: number;
  /** It had to wait for another process. */
  #hasWaited = false;
  /** It would have had to wait, but too many wait. */
  #isPostponed = false;
  /** While it waited for its slot, a reload or another name has made its process another target, or none. */
  #isOutdated = false;
  /** The write that follows the restart. */
  #ending: () => Observable<CycleEvent> = () => EMPTY;

  constructor(
    private readonly effects: CycleEffects,
    private readonly alarm: Alarm,
    private readonly inbox: CycleInbox,
    private readonly beginsWithCheck: boolean,
    private readonly tell: (data: CycleEventData) => CycleEvent,
    private readonly wait: WaitForOthers,
  ) {
    this.#row = new RowWriter(effects, alarm, inbox, beginsWithCheck, tell);
    this.#breaker = new CycleBreaker(effects, alarm.processId, this.#isManual, tell);
    this.#since = wait.overSince ?? effects.scheduler.now();
    this.#hasWaited = wait.overSince !== undefined;
  }

  refuse(reason: string, remedy?: string): LazySteps<CycleEvent> {
    const { tell, alarm } = this;
    const refused = { type: 'refused', alarm, reason, ...(remedy !== undefined && { remedy }) } as const;
    return [() => of(tell(refused)), () => this.#row.note('REFUSED', reason)];
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
      beginsWithCheck ? this.#restartUnlessHealthy(target) : this.#restart(target);
    const end = (): Observable<CycleEvent> | LazySteps<CycleEvent> =>
      this.#isOutdated ? this.wait.answerAgain(this.#since, this.alarm.processName) : this.#ending();
    const steps: LazySteps<CycleEvent> = [restarting, end];
    const isTold = this.wait.overSince !== undefined || (beginsWithCheck && !alarm.raised);
    if (this.wait.overSince !== undefined && !this.wait.isOfOtherName) return steps;
    let hasWaitedNow = false;
    const waiting = (): Observable<CycleEvent> =>
      this.#wait(target).pipe(
        tap(() => {
          hasWaitedNow = true;
        }),
      );
    return [
      ...(isTold ? [] : [() => of(tell({ type: 'detected', alarm }))]),
      ...(this.#isOrdered(target) ? [waiting] : []),
      () => (this.#isPostponed ? [] : hasWaitedNow ? this.wait.answerAgain(this.#since) : steps),
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
  #restart(admitted: RestartTarget): Observable<CycleEvent> {
    return this.#inSlot(admitted, (target, slot) => {
      const attempt = (): Observable<CycleEvent> => this.#attempt(target, slot, this.#since);
      const isStarted = isStartedMeanwhile(
        ...([target, this.alarm, this.#raisedAt, this.#hasWaited, this.effects] as const),
      );
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
  #restartUnlessHealthy(admitted: RestartTarget): Observable<CycleEvent> {
    const { scheduler } = this.effects;
    return this.#inSlot(admitted, (target, slot) =>
      this.#checkFirst(target, slot, () =>
        this.#attempt(target, slot, scheduler.now()).pipe(
          guardByBreaker(this.#breaker),
          tap((event) => this.#noteEnding(event)),
        ),
      ),
    );
  }

  /**
   * The wait for the slot may have been long: what counts is the name that the process has and the configuration that is in
   * force when it is over (R22, R36).
   */
  #inSlot(
    { processName }: RestartTarget,
    work: (target: RestartTarget, slot: Slot) => Observable<CycleEvent>,
  ): Observable<CycleEvent> {
    const { slots, admit } = this.effects;
    const { systemName } = this.#breaker;
    return runInSlot(slots, systemName, (slot) => {
      const begin = (): Observable<CycleEvent> => {
        const now = admit(processName);
        const isSame = now.kind === 'accepted' && normalizeUnitName(now.target.systemName) === systemName;
        if (isSame && !this.wait.isRenamed()) return work(now.target, slot);
        this.#isOutdated = true;
        return EMPTY;
      };
      const looking = this.wait.nameAfterWait(this.#since, slot);
      return looking ? concat(looking, defer(begin)) : begin();
    });
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
        // From then on no clear of ours is the reason why a reading does not find the alarm.
        const noteRaised = ({ type }: CycleEvent): void => {
          if (type === 'noted') this.inbox.followsClear = false;
        };
        // The slot is released because the row is written first, and the database may be away.
        slot.release();
        const next: LazySteps<CycleEvent> = verdict.isUnknown
          ? [() => this.#cannotTell(detail)]
          : [() => this.#row.raiseBeforeRestart(detail).pipe(tap(noteRaised)), restart];
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

  /**
   * When it was raised at the latest: what a reading has found may have been raised until that ended, and its cycle
   * began.
   */
  get #raisedAt(): number {
    return this.alarm.raised ? this.alarm.steadyAt : this.#since;
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
      raisedAt: this.#raisedAt,
      isOnRequest: isOnRequest(alarm),
    }).pipe(tap((event) => this.#breaker.countRestart(event)));
  }

  #noteEnding(event: CycleEvent): void {
    this.#ending = endingWriteOf(event, this.#row, this.beginsWithCheck) ?? this.#ending;
  }
}
