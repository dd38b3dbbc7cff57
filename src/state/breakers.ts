import { type Observable, type SchedulerLike, Subject, type Subscription } from 'rxjs';
import {
  type Circuit,
  type CircuitLimits,
  CLOSED,
  halfOpen,
  type Outcome,
  type Permit,
  reportOutcome,
  requestPermit,
  resetCircuit,
  untilHalfOpen,
} from '../domain/cycle/circuit-breaker.js';

/** The breakers of all processes, and the timers that make open ones half-open (R9). */
export class Circuits {
  readonly #circuits: Map<number, Circuit>;
  readonly #timers = new Map<number, Subscription>();
  readonly #halfOpened = new Subject<number>();
  readonly #changed = new Subject<void>();

  /** Limits are asked for each time: a reload may change them. `saved` is what an earlier run of the service left. */
  constructor(
    private readonly limits: () => CircuitLimits,
    private readonly scheduler: SchedulerLike,
    saved: ReadonlyMap<number, Circuit> = new Map(),
  ) {
    this.#circuits = new Map(saved);
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

  snapshot(): ReadonlyMap<number, Circuit> {
    return new Map(this.#circuits);
  }

  get(processId: number): Circuit {
    return this.#circuits.get(processId) ?? CLOSED;
  }

  /** Processes whose breaker is open. */
  open(): number[] {
    return [...this.#circuits].flatMap(([processId, { state }]) => (state === 'open' ? [processId] : []));
  }

  request(processId: number): Permit | undefined {
    const { circuit, permit } = requestPermit(this.get(processId));
    this.#set(processId, circuit);
    return permit;
  }

  report(processId: number, permit: Permit, outcome: Outcome): 'opened' | 'closed' | undefined {
    const before = this.get(processId);
    const after = reportOutcome(before, permit, outcome, this.scheduler.now(), this.limits());
    this.#set(processId, after);
    if (before.state === after.state) return undefined;
    if (after.state === 'open') return 'opened';
    return after.state === 'closed' ? 'closed' : undefined;
  }

  describe(processId: number): { failures: number; retryAt: number } {
    const circuit = this.get(processId);
    const now = this.scheduler.now();
    return { failures: circuit.failures, retryAt: now + untilHalfOpen(circuit, now, this.limits()) };
  }

  /** Closes it for an administrator; returns whether there was anything to close or to forget. */
  reset(processId: number): boolean {
    const before = this.get(processId);
    const after = resetCircuit(before);
    this.#set(processId, after);
    return after !== before;
  }

  /** The reset time changed: open breakers wait for the new one. */
  reschedule(): void {
    for (const [processId, circuit] of this.#circuits) this.#schedule(processId, circuit);
  }

  stop(): void {
    for (const timer of this.#timers.values()) timer.unsubscribe();
    this.#timers.clear();
  }

  #set(processId: number, circuit: Circuit): void {
    const before = this.get(processId);
    if (circuit === before) return;
    if (circuit.state === 'closed' && circuit.failures === 0 && circuit.generation === 0) {
      this.#circuits.delete(processId);
    } else {
      this.#circuits.set(processId, circuit);
    }
    this.#schedule(processId, circuit);
    this.#changed.next();
  }

  #schedule(processId: number, circuit: Circuit): void {
    this.#timers.get(processId)?.unsubscribe();
    this.#timers.delete(processId);
    if (circuit.state !== 'open') return;
    const waitMs = untilHalfOpen(circuit, this.scheduler.now(), this.limits());
    const timer = this.scheduler.schedule(() => {
      this.#timers.delete(processId);
      this.#set(processId, halfOpen(this.get(processId)));
      this.#halfOpened.next(processId);
    }, waitMs);
    this.#timers.set(processId, timer);
  }
}
