import { EMPTY, mergeMap, type Observable, of, tap } from 'rxjs';
import { type Alarm, displayName, withProcessName } from '../../domain/alarm/alarm.js';
import { NOTE_TEXTS } from '../../domain/alarm/note-texts.js';
import type { CycleOutcome, Permit } from '../../domain/cycle/circuit-breaker.js';
import type { CycleEvent, CycleEventData } from '../../domain/cycle/cycle-event.js';
import type { RestartTarget } from '../../domain/cycle/restart-target.js';
import { normalizeUnitName } from '../../domain/system-name.js';
import { concatSteps, type LazySteps } from '../../operators/concat-steps.js';
import { consume } from '../../operators/consume.js';
import type { CycleInbox } from '../../operators/cycle-inbox.js';
import { type CircuitBreakerPort, guardByBreaker } from '../../operators/guard-by-breaker.js';
import type { Slot } from '../../operators/keyed-semaphore.js';
import { limitConcurrency } from '../../operators/limit-concurrency.js';
import { runAttempts } from './attempts.js';
import type { CycleEffects } from './effects.js';
import { recheckHealth } from './recheck.js';
import { RowWriter } from './row-writer.js';
import { WithdrawalCheck } from './withdrawal-check.js';

/**
 * One cycle: name, admission, leave of the breaker, a slot, attempts, write-back. One that `beginsWithCheck` restarts
 * only a process that its health check finds unhealthy: a follow-up (R7), or a cycle for an alarm that was handled
 * before and is still raised. The slot is free again before anything is written: a database that is away holds back
 * nobody's restart.
 */
export function runCycle(
  effects: CycleEffects,
  alarm: Alarm,
  inbox: CycleInbox,
  beginsWithCheck: boolean,
): Observable<CycleEvent> {
  const { processId } = alarm;
  let name = alarm.processName;
  const lookUp = (): Observable<never> =>
    effects.lookUpName(processId).pipe(
      consume((found) => {
        name = found ? (found.isOurs ? found.name : undefined) : null;
      }),
    );
  const answer = (): LazySteps<CycleEvent> => {
    // A row of another host.
    if (name === undefined) return [];
    const processName = displayName(processId, name);
    const tell = (happening: CycleEventData): CycleEvent => ({
      processId,
      processName,
      at: effects.scheduler.now(),
      ...happening,
    });
    // A follow-up of this one need not ask the database again.
    const cycle = new Cycle(effects, withProcessName(alarm, name), inbox, beginsWithCheck, tell);
    if (name === null) return cycle.refuse(NOTE_TEXTS.REFUSED.unknownProcess(processId));
    const admission = effects.admit(name);
    if (admission.kind === 'excluded') return [() => of(tell({ type: 'excluded', alarm }))];
    if (admission.kind === 'refused') return cycle.refuse(admission.reason);
    return cycle.answer(admission.target);
  };
  return name === undefined ? concatSteps(lookUp, answer) : concatSteps(answer);
}

class Cycle implements CircuitBreakerPort<CycleEvent, Permit> {
  readonly #row: RowWriter;
  /** What is written when the restarting has ended. */
  #ending: () => Observable<CycleEvent> = nothing;

  constructor(
    private readonly effects: CycleEffects,
    private readonly alarm: Alarm,
    private readonly inbox: CycleInbox,
    private readonly beginsWithCheck: boolean,
    private readonly tell: (happening: CycleEventData) => CycleEvent,
  ) {
    this.#row = new RowWriter(effects, alarm, inbox, beginsWithCheck, tell);
  }

  refuse(reason: string): LazySteps<CycleEvent> {
    const { tell, alarm } = this;
    return [() => of(tell({ type: 'refused', alarm, reason })), () => this.#row.note('REFUSED', reason)];
  }

  answer(target: RestartTarget): LazySteps<CycleEvent> {
    const { tell, alarm, effects, beginsWithCheck } = this;
    const detected = (): Observable<CycleEvent> => of(tell({ type: 'detected', alarm }));
    // What may be the alarm of the cycle before is still checked: a pause lets that one finish.
    const pause = alarm.raised || !beginsWithCheck ? effects.pauseOf(target.processName) : undefined;
    if (pause) {
      return [() => of(tell({ type: 'paused', alarm, pause })), () => this.#row.raiseForPause()];
    }
    const restarting = (): Observable<CycleEvent> =>
      beginsWithCheck ? this.#decide(target) : this.#restart(target);
    const ending = (): Observable<CycleEvent> => this.#ending();
    return beginsWithCheck && !alarm.raised ? [restarting, ending] : [detected, restarting, ending];
  }

  /** Who must not be restarted now, by its breaker, waits for no place. */
  #restart(target: RestartTarget): Observable<CycleEvent> {
    const { slots, scheduler } = this.effects;
    const since = scheduler.now();
    return limitConcurrency(slots, keyOf(target), (slot) => this.#attempt(target, slot, since)).pipe(
      guardByBreaker(this),
      tap((event) => this.#noteEnding(event)),
    );
  }

  /** A health check first; only who is not healthy is restarted. */
  #decide(target: RestartTarget): Observable<CycleEvent> {
    const { tell, alarm, effects } = this;
    return limitConcurrency(effects.slots, keyOf(target), (slot) =>
      recheckHealth(target, effects).pipe(
        mergeMap((verdict) => {
          const detail = verdict.healthy ? verdict.detail : verdict.reason;
          const rechecked = tell({ type: 'rechecked', alarm, healthy: verdict.healthy, detail });
          if (verdict.healthy) {
            const note = (alarm.raised ? undefined : this.inbox.inheritedNote) ?? NOTE_TEXTS.OK.healthy();
            this.#ending = () => this.#row.writeSuccess(note);
            return of(rechecked);
          }
          // The row is written first, and the database may be away.
          slot.release();
          return concatSteps(
            () => of(rechecked),
            () => this.#row.raiseBeforeRestart(detail),
            () =>
              this.#attempt(target, slot, effects.scheduler.now()).pipe(
                guardByBreaker(this),
                tap((event) => this.#noteEnding(event)),
              ),
          );
        }),
      ),
    );
  }

  request(): Permit | undefined {
    return this.effects.breaker.request(this.alarm.processId);
  }

  report(permit: Permit, outcome: CycleOutcome): readonly CycleEvent[] {
    const { tell, effects, alarm } = this;
    const transition = effects.breaker.report(alarm.processId, permit, outcome);
    if (transition === 'opened') return [tell({ type: 'opened', ...this.#describeBreaker() })];
    return transition === 'closed' ? [tell({ type: 'closed' })] : [];
  }

  outcomeOf({ type }: CycleEvent): 'success' | 'failure' | undefined {
    return type === 'verified' ? 'success' : type === 'exhausted' ? 'failure' : undefined;
  }

  whenOpen(): readonly CycleEvent[] {
    return [this.tell({ type: 'skipped-open', ...this.#describeBreaker() })];
  }

  #describeBreaker(): ReturnType<CycleEffects['breaker']['describe']> {
    return this.effects.breaker.describe(this.alarm.processId);
  }

  #attempt(target: RestartTarget, slot: Slot, since: number): Observable<CycleEvent> {
    const { tell, effects, alarm, inbox, beginsWithCheck } = this;
    // It may have come while the cycle waited.
    const pause = effects.pauseOf(target.processName);
    if (pause) return of(tell({ type: 'paused', alarm, pause }));
    const watch = new WithdrawalCheck(effects, alarm, inbox, beginsWithCheck, slot, since);
    const isManual = alarm.trigger === 'manual';
    const isWithdrawn = (): Observable<boolean> => watch.isWithdrawn();
    return runAttempts({ target, effects, slot, raises: inbox.raises, tell, isWithdrawn, isManual });
  }

  #noteEnding(event: CycleEvent): void {
    this.#ending = this.#endingOf(event) ?? this.#ending;
  }

  /** What is to be written for an event that ends the restarting, or undefined for any other event. */
  #endingOf(event: CycleEvent): (() => Observable<CycleEvent>) | undefined {
    switch (event.type) {
      case 'verified':
        return () => this.#row.writeSuccess(NOTE_TEXTS.OK.restarted(event.report.strategy, event.attempt));
      case 'exhausted':
        return () => this.#row.writeFailure('FAILED', NOTE_TEXTS.FAILED.cycle(event));
      case 'paused':
        return () => this.#row.raiseForPause();
      case 'skipped-open':
        // The note of the failure that opened the breaker stands already, unless our own clear overwrote this raise.
        return () =>
          this.beginsWithCheck ? this.#row.writeFailure('OPEN', NOTE_TEXTS.OPEN.raisedAgain()) : EMPTY;
      default:
        return undefined;
    }
  }
}

function keyOf({ systemName }: RestartTarget): string {
  return normalizeUnitName(systemName);
}

function nothing(): Observable<CycleEvent> {
  return EMPTY;
}
