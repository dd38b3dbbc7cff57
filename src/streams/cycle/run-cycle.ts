import { defer, EMPTY, mergeMap, type Observable, of, tap } from 'rxjs';
import { type Alarm, displayName, nameAlarm } from '../../domain/alarm/alarm.js';
import type { Outcome, Permit } from '../../domain/cycle/circuit-breaker.js';
import type { CycleEvent, CycleHappening } from '../../domain/cycle/cycle-event.js';
import type { RestartTarget } from '../../domain/cycle/restart-target.js';
import { targetKey } from '../../domain/system-name.js';
import { inTurn, type Steps } from '../../operators/concat-steps.js';
import { handTo } from '../../operators/consume.js';
import type { ProcessSlot } from '../../operators/cycle-inbox.js';
import { type CircuitBreakerPort, circuitBreaker } from '../../operators/guard-by-breaker.js';
import { limitParallel } from '../../operators/limit-concurrency.js';
import { runAttempts } from './attempts.js';
import type { CycleEffects } from './effects.js';
import { recheckHealth } from './recheck.js';
import { CycleRow } from './row-writer.js';
import { AlarmWatch } from './withdrawal-check.js';

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
  let name = alarm.processName;
  const lookUp = (): Observable<never> =>
    effects.lookUpName(processId).pipe(
      handTo((found) => {
        name = found ? (found.isOurs ? found.name : undefined) : null;
      }),
    );
  const answer = (): Steps<CycleEvent> => {
    // A row of another host.
    if (name === undefined) return [];
    const processName = displayName(processId, name);
    const tell = (happening: CycleHappening): CycleEvent => ({
      processId,
      processName,
      at: effects.scheduler.now(),
      ...happening,
    });
    // A follow-up of this one need not ask the database again.
    const cycle = new Cycle(effects, nameAlarm(alarm, name), slot, isFollowUp, tell);
    if (name === null) return cycle.refuse(`PROCESE has no row for process_id ${processId}`);
    const admission = effects.admit(name);
    if (admission.kind === 'excluded') return [() => of(tell({ type: 'excluded', alarm }))];
    if (admission.kind === 'refused') return cycle.refuse(admission.reason);
    return cycle.answer(admission.target);
  };
  return name === undefined ? inTurn(lookUp, answer) : inTurn(answer);
}

class Cycle implements CircuitBreakerPort<CycleEvent, Permit> {
  readonly #row: CycleRow;
  /** What is written when the restarting has ended. */
  #ending: () => Observable<CycleEvent> = nothing;

  constructor(
    private readonly effects: CycleEffects,
    private readonly alarm: Alarm,
    private readonly slot: ProcessSlot,
    private readonly isFollowUp: boolean,
    private readonly tell: (happening: CycleHappening) => CycleEvent,
  ) {
    this.#row = new CycleRow(effects, alarm, slot, isFollowUp, tell);
  }

  refuse(reason: string): Steps<CycleEvent> {
    const { tell, alarm } = this;
    return [() => of(tell({ type: 'refused', alarm, reason })), () => this.#row.note('REFUSED', reason)];
  }

  answer(target: RestartTarget): Steps<CycleEvent> {
    const { tell, alarm, effects, isFollowUp } = this;
    const detected = (): Observable<CycleEvent> => of(tell({ type: 'detected', alarm }));
    // What may be the alarm of the cycle before is still checked: a pause lets that one finish.
    const pause = alarm.raised || !isFollowUp ? effects.pauseOf(target.processName) : undefined;
    if (pause) {
      return [() => of(tell({ type: 'paused', alarm, pause })), () => this.#row.keepRaised()];
    }
    if (!isFollowUp) return [detected, () => this.#restart(target)];
    const decided = (): Observable<CycleEvent> => this.#decide(target);
    return alarm.raised ? [detected, decided] : [decided];
  }

  /** A health check first; only who is not healthy is restarted. */
  #decide(target: RestartTarget): Observable<CycleEvent> {
    const { tell, alarm, effects } = this;
    return recheckHealth(target, effects).pipe(
      mergeMap((verdict) => {
        const detail = verdict.healthy ? verdict.detail : verdict.reason;
        const rechecked = (): Observable<CycleEvent> =>
          of(tell({ type: 'rechecked', alarm, healthy: verdict.healthy, detail }));
        if (verdict.healthy) {
          const note = (alarm.raised ? undefined : this.slot.owedNote) ?? 'healthy, no restart needed';
          return inTurn(rechecked, () => this.#row.clear(note));
        }
        return inTurn(
          rechecked,
          () => this.#row.raiseAgain(detail),
          () => this.#restart(target),
        );
      }),
    );
  }

  #restart(target: RestartTarget): Steps<CycleEvent> {
    const restart = (): Observable<CycleEvent> =>
      this.#queued(target).pipe(
        circuitBreaker(this),
        tap((event) => {
          this.#ending = this.#endingOf(event) ?? this.#ending;
        }),
      );
    return [restart, () => this.#ending()];
  }

  request(): Permit | undefined {
    return this.effects.breaker.request(this.alarm.processId);
  }

  report(permit: Permit, outcome: Outcome): readonly CycleEvent[] {
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

  #queued(target: RestartTarget): Observable<CycleEvent> {
    const { tell, effects, alarm, slot, isFollowUp } = this;
    const watch = new AlarmWatch(effects, alarm, slot, isFollowUp);
    return defer(() => {
      // It may have come while the cycle waited.
      const pause = effects.pauseOf(target.processName);
      if (pause) return of(tell({ type: 'paused', alarm, pause }));
      const isManual = alarm.trigger === 'manual';
      return runAttempts({ target, effects, tell, isGone: () => watch.isGone(), isManual });
    }).pipe(limitParallel(effects.places, targetKey(target.systemName)));
  }

  /** What is to be written for an event that ends the restarting, or undefined for any other event. */
  #endingOf(event: CycleEvent): (() => Observable<CycleEvent>) | undefined {
    switch (event.type) {
      case 'verified':
        return () => this.#row.clear(`restarted by ${event.report.strategy}, attempt ${event.attempt}`);
      case 'exhausted':
        return () => this.#row.fail('FAILED', describeExhausted(event));
      case 'paused':
        return () => this.#row.keepRaised();
      case 'skipped-open':
        // The note of the failure that opened the breaker stands already, unless our own clear overwrote this raise.
        return () =>
          this.isFollowUp ? this.#row.fail('OPEN', 'circuit breaker open, not restarted') : EMPTY;
      default:
        return undefined;
    }
  }
}

function nothing(): Observable<CycleEvent> {
  return EMPTY;
}

function describeExhausted(event: Extract<CycleEvent, { type: 'exhausted' }>): string {
  if (event.step === 'pre-restart') return event.reason;
  return `${event.step} after ${event.attempts} attempt${event.attempts === 1 ? '' : 's'}: ${event.reason}`;
}
