import { type Observable, type SchedulerLike, Subject, type Subscription } from 'rxjs';
import {
  type Breaker,
  type BreakerLimits,
  type CycleOutcome,
  INITIAL_BREAKER,
  msUntilHalfOpen,
  type Permit,
  reportOutcome,
  requestPermit,
  resetBreaker,
  toHalfOpen,
} from '../domain/cycle/circuit-breaker.js';

/** The breakers of all processes, and the timers that make open ones half-open (R9). */
export class Breakers {
  readonly #breakers: Map<number, Breaker>;
  readonly #timers = new Map<number, Subscription>();
  readonly #halfOpened = new Subject<number>();
  readonly #changed = new Subject<void>();

  /** Limits are read each time: a reload may change them. `saved` is what an earlier run of the service left. */
  constructor(
    private readonly limits: () => BreakerLimits,
    private readonly scheduler: SchedulerLike,
    saved: ReadonlyMap<number, Breaker> = new Map(),
  ) {
    this.#breakers = new Map(saved);
    this.reschedule();
  }

  /** Processes whose reset time has passed. */
  get halfOpened(): Observable<number> {
    return this.#halfOpened;
  }

  /** Something changed that must survive a restart of the service. */
  get changed(): Observable<void> {
    return this.#changed;
  }

  snapshot(): ReadonlyMap<number, Breaker> {
    return new Map(this.#breakers);
  }

  get(processId: number): Breaker {
    return this.#breakers.get(processId) ?? INITIAL_BREAKER;
  }

  /** Processes whose breaker is open. */
  open(): number[] {
    return [...this.#breakers].flatMap(([processId, { state }]) => (state === 'open' ? [processId] : []));
  }

  /** Returns a permit for one cycle, or undefined while the breaker does not allow one (R9). */
  request(processId: number): Permit | undefined {
    const { breaker, permit } = requestPermit(this.get(processId));
    this.#set(processId, breaker);
    return permit;
  }

  /** Reports the outcome of a permitted cycle. Returns the change of state, if any. */
  report(processId: number, permit: Permit, outcome: CycleOutcome): 'opened' | 'closed' | undefined {
    const before = this.get(processId);
    const after = reportOutcome(before, permit, outcome, this.scheduler.now(), this.limits());
    this.#set(processId, after);
    if (before.state === after.state) return undefined;
    if (after.state === 'open') return 'opened';
    return after.state === 'closed' ? 'closed' : undefined;
  }

  /** How many cycles failed in a row, and when an open breaker becomes half-open (ms since the epoch). */
  describe(processId: number): { failures: number; retryAt: number } {
    const breaker = this.get(processId);
    const now = this.scheduler.now();
    return { failures: breaker.failures, retryAt: now + msUntilHalfOpen(breaker, now, this.limits()) };
  }

  /** Closes it for an administrator. Returns false if it was closed and had counted no failures. */
  reset(processId: number): boolean {
    const before = this.get(processId);
    const after = resetBreaker(before);
    this.#set(processId, after);
    return after !== before;
  }

  /** The reset time changed: open breakers wait for the new one. */
  reschedule(): void {
    for (const [processId, breaker] of this.#breakers) this.#schedule(processId, breaker);
  }

  stop(): void {
    for (const timer of this.#timers.values()) timer.unsubscribe();
    this.#timers.clear();
  }

  #set(processId: number, breaker: Breaker): void {
    const before = this.get(processId);
    if (breaker === before) return;
    if (breaker.state === 'closed' && breaker.failures === 0 && breaker.generation === 0) {
      this.#breakers.delete(processId);
    } else {
      this.#breakers.set(processId, breaker);
    }
    this.#schedule(processId, breaker);
    this.#changed.next();
  }

  #schedule(processId: number, breaker: Breaker): void {
    this.#timers.get(processId)?.unsubscribe();
    this.#timers.delete(processId);
    if (breaker.state !== 'open') return;
    const waitMs = msUntilHalfOpen(breaker, this.scheduler.now(), this.limits());
    const timer = this.scheduler.schedule(() => {
      this.#timers.delete(processId);
      this.#set(processId, toHalfOpen(this.get(processId)));
      this.#halfOpened.next(processId);
    }, waitMs);
    this.#timers.set(processId, timer);
  }
}
