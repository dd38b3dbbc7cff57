import { type BreakerLimits, withinWindow } from '../domain/cycle/circuit-breaker.js';

/**
 * When the restarts of each system name began (R34). Bounded: keeps the last `max_restarts` of a name, and only names
 * that were restarted within the last `restart_window`. Times are ms since the epoch.
 */
export class RecentRestarts {
  readonly #times: Map<string, readonly number[]>;
  #nextSweep = MAX_UNSWEPT;

  constructor(
    private readonly limits: () => BreakerLimits,
    saved: ReadonlyMap<string, readonly number[]> = new Map(),
  ) {
    this.#times = new Map(saved);
  }

  /** The restarts of a name, oldest first. */
  of(systemName: string): readonly number[] {
    return this.#times.get(systemName) ?? [];
  }

  /** Records the begin of a restart. Returns false if restarts are not counted. */
  note(systemName: string, now: number): boolean {
    const limits = this.limits();
    if (limits.maxRestarts === 0) return false;
    const recent = [...withinWindow(this.of(systemName), now, limits), now].slice(-limits.maxRestarts);
    this.#times.set(systemName, recent);
    if (this.#times.size > this.#nextSweep) this.#sweep(now);
    return true;
  }

  forget(systemName: string): boolean {
    return this.#times.delete(systemName);
  }

  /** The restarts that count at `now`. */
  snapshot(now: number): ReadonlyMap<string, readonly number[]> {
    this.#sweep(now);
    return new Map(this.#times);
  }

  #sweep(now: number): void {
    for (const [systemName, times] of this.#times) {
      if (withinWindow(times, now, this.limits()).length === 0) this.#times.delete(systemName);
    }
    this.#nextSweep = Math.max(MAX_UNSWEPT, 2 * this.#times.size);
  }
}

const MAX_UNSWEPT = 1000;
