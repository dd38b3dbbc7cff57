import type { CycleOutcome, GuardedProcess, Permit } from '../../domain/cycle/circuit-breaker.js';
import type { CycleEvent, CycleEventData } from '../../domain/cycle/cycle-event.js';
import type { CircuitBreakerPort } from '../../operators/guard-by-breaker.js';
import type { CycleEffects } from './effects.js';

/** The circuit breaker as one cycle meets it: asked for a permit, told of each restart and of the verdict (R9, R34). */
export class CycleBreaker implements CircuitBreakerPort<CycleEvent, Permit> {
  /** This cycle met a breaker that opened for it. */
  #isFlapping = false;
  /** The last one whose restart counts for `max_restarts`. */
  #countedAttempt = 0;
  /** What the restarts of this target are counted by, and no two cycles have at once (R8, R34). */
  systemName = '';

  constructor(
    private readonly effects: CycleEffects,
    private readonly processId: number,
    private readonly isManual: boolean,
    private readonly tell: (data: CycleEventData) => CycleEvent,
  ) {}

  request(): Permit | undefined {
    const { permit, opened } = this.effects.breaker.request(this.#guarded, this.isManual);
    this.#isFlapping = opened;
    return permit;
  }

  report(permit: Permit, outcome: CycleOutcome): readonly CycleEvent[] {
    const { tell, effects } = this;
    const transition = effects.breaker.report(this.#guarded, permit, outcome);
    if (transition === 'opened') return [tell({ type: 'opened', ...this.#describe() })];
    return transition === 'closed' ? [tell({ type: 'closed' })] : [];
  }

  outcomeOf({ type }: CycleEvent): 'success' | 'failure' | undefined {
    return type === 'verified' ? 'success' : type === 'exhausted' ? 'failure' : undefined;
  }

  whenOpen(): readonly CycleEvent[] {
    const { flapping, retryAt, failures } = this.#describe();
    if (this.#isFlapping && flapping) return [this.tell({ type: 'flapping', ...flapping, retryAt })];
    return [this.tell({ type: 'skipped-open', failures, retryAt, ...(flapping ? { flapping } : {}) })];
  }

  /** Counts a restart that is not manual: once per attempt, because not every restart reports that it has begun. */
  countRestart(event: CycleEvent): void {
    if (this.isManual || (event.type !== 'restart-begun' && event.type !== 'restarted')) return;
    if (event.attempt === this.#countedAttempt) return;
    this.#countedAttempt = event.attempt;
    this.effects.breaker.noteRestart(this.systemName);
  }

  get #guarded(): GuardedProcess {
    return { processId: this.processId, systemName: this.systemName };
  }

  #describe(): ReturnType<CycleEffects['breaker']['describe']> {
    return this.effects.breaker.describe(this.processId);
  }
}
