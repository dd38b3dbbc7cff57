import { type Observable, type SchedulerLike, Subject, type Subscription } from 'rxjs';
import {
  type Breaker,
  type BreakerLimits,
  type CycleOutcome,
  type Flapping,
  type GuardedProcess,
  INITIAL_BREAKER,
  msUntilHalfOpen,
  type Permit,
  reportOutcome,
  requestPermit,
  resetBreaker,
  toHalfOpen,
} from '../domain/cycle/circuit-breaker.js';
import { RecentRestarts } from './recent-restarts.js';

/** How many breakers are kept. The state file has all of them and is written at every change. */
const MAX_BREAKERS = 10_000;

/**
 * The breakers of all processes, the restarts that can open them, and the timers that make open ones half-open (R9,
 * R34).
 */
export class Breakers {
  readonly #breakers: Map<number, Breaker>;
  readonly #restarts: RecentRestarts;
  readonly #timers = new Map<number, Subscription>();
  readonly #halfOpened = new Subject<number>();
  readonly #changed = new Subject<void>();

  /** Limits are read each time: a reload may change them. `saved` is what an earlier run of the service left. */
  constructor(
    private readonly limits: () => BreakerLimits,
    private readonly scheduler: SchedulerLike,
    saved: ReadonlyMap<number, Breaker> = new Map(),
    restarts: ReadonlyMap<string, readonly number[]> = new Map(),
  ) {
    this.#breakers = new Map([...saved].slice(0, MAX_BREAKERS));
    this.#restarts = new RecentRestarts(limits, restarts);
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

  isOpen(processId: number): boolean {
    return this.get(processId).state === 'open';
  }

  /** Processes whose breaker is open. */
  open(): number[] {
    return [...this.#breakers].flatMap(([processId, { state }]) => (state === 'open' ? [processId] : []));
  }

  /** When restarts that count began, by system name; ms since the epoch, oldest first. */
  recentRestarts(): ReadonlyMap<string, readonly number[]> {
    return this.#restarts.snapshot(this.scheduler.now());
  }

  /**
   * Asks for a permit for one cycle. There is none while the breaker does not allow one (R9), or if the process flaps
   * (R34). `isManual`: an administrator may restart a process however often it was restarted.
   */
  request(
    { processId, systemName }: GuardedProcess,
    isManual: boolean,
  ): { readonly permit: Permit | undefined; readonly opened: boolean } {
    const before = this.get(processId);
    const restarts = isManual ? [] : this.#restarts.of(systemName);
    const { breaker, permit } = requestPermit(before, this.scheduler.now(), this.limits(), restarts);
    this.#set(processId, breaker);
    return { permit, opened: before.state === 'closed' && breaker.state === 'open' };
  }

  /** A restart for an alarm begins. */
  noteRestart(systemName: string): void {
    if (this.#restarts.note(systemName, this.scheduler.now())) this.#changed.next();
  }

  /** Reports the outcome of a permitted cycle. Returns the change of state, if any. */
  report(
    { processId, systemName }: GuardedProcess,
    permit: Permit,
    outcome: CycleOutcome,
  ): 'opened' | 'closed' | undefined {
    const before = this.get(processId);
    const after = reportOutcome(before, permit, outcome, this.scheduler.now(), this.limits());
    this.#set(processId, after);
    if (before.state === after.state) return undefined;
    if (after.state === 'open') return 'opened';
    if (after.state !== 'closed') return undefined;
    this.#forgetRestarts(systemName);
    return 'closed';
  }

  /**
   * How many cycles failed in a row, when an open breaker becomes half-open (ms since the epoch), and the restarts that
   * opened it.
   */
  describe(processId: number): { failures: number; retryAt: number; flapping?: Flapping } {
    const breaker = this.get(processId);
    const now = this.scheduler.now();
    const retryAt = now + msUntilHalfOpen(breaker, now, this.limits());
    const flapping = breaker.state === 'open' ? breaker.flapping : undefined;
    return { failures: breaker.failures, retryAt, ...(flapping ? { flapping } : {}) };
  }

  /**
   * Closes it for an administrator and forgets the restarts of its system name. Returns false if there was nothing to
   * forget.
   */
  reset({ processId, systemName }: GuardedProcess): boolean {
    const before = this.get(processId);
    const after = resetBreaker(before);
    this.#set(processId, after);
    return this.#forgetRestarts(systemName) || after !== before;
  }

  forgetAllRestarts(): void {
    for (const systemName of this.recentRestarts().keys()) this.#forgetRestarts(systemName);
  }

  /** Its process_id is another process now. Because of the new generation, the result of a running cycle is ignored. */
  forget(processId: number): boolean {
    const before = this.#breakers.get(processId);
    if (!before) return false;
    this.#set(processId, { ...INITIAL_BREAKER, generation: before.generation + 1 });
    return before.state !== 'closed' || before.failures > 0;
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
      if (this.#breakers.size > MAX_BREAKERS) this.#forgetOne(processId);
    }
    this.#schedule(processId, breaker);
    this.#changed.next();
  }

  #forgetRestarts(systemName: string): boolean {
    const isForgotten = this.#restarts.forget(systemName);
    if (isForgotten) this.#changed.next();
    return isForgotten;
  }

  /** One that is closed before one that is open, the oldest first. */
  #forgetOne(latest: number): void {
    const others = [...this.#breakers].filter(([processId]) => processId !== latest);
    const [forgotten] = others.find(([, { state }]) => state === 'closed') ?? others[0] ?? [];
    if (forgotten === undefined) return;
    this.#breakers.delete(forgotten);
    this.#timers.get(forgotten)?.unsubscribe();
    this.#timers.delete(forgotten);
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
