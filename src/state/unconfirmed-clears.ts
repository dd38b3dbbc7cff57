import { type Observable, Subject } from 'rxjs';
import type { CycleEvent } from '../domain/cycle/cycle-event.js';

/**
 * Processes whose alarm was cleared, until it is known that no raise was overwritten by it, or that one has been answered
 * (R12). That knowledge may not come in this run of the service: it is stopped or killed. The next run then finds nothing
 * in the table, and has to look at the process itself.
 */
export class UnconfirmedClears {
  readonly #cleared: Map<number, number>;
  /** What an earlier run left, until a cycle of this run has looked at it. */
  readonly #left: Set<number>;
  readonly #needsHealthCheck = new Subject<number>();
  readonly #changed = new Subject<void>();
  #hasRead = false;

  /** `saved` is what an earlier run may have cleared, ms since the epoch; it need not have come to it. */
  constructor(saved: ReadonlyMap<number, number> = new Map()) {
    this.#cleared = new Map(saved);
    this.#left = new Set(saved.keys());
  }

  /** Processes of an earlier run that need a health check now, since their alarm does not stand any more. */
  get needsHealthCheck(): Observable<number> {
    return this.#needsHealthCheck;
  }

  /** Something changed that must survive a restart of the service. */
  get changed(): Observable<void> {
    return this.#changed;
  }

  snapshot(): ReadonlyMap<number, number> {
    return new Map(this.#cleared);
  }

  /** Whether an earlier run left it, and nobody has looked at it since. */
  isFromEarlierRun(processId: number): boolean {
    return this.#left.has(processId);
  }

  onEvent(event: CycleEvent): void {
    if (event.type !== 'cleared' || !(event.changed || event.retried)) return;
    this.#cleared.set(event.processId, event.at);
    this.#changed.next();
  }

  /** A cycle of it has ended, and nothing is left that its clear may have overwritten. */
  confirm(processId: number): void {
    this.#left.delete(processId);
    if (this.#cleared.delete(processId)) this.#changed.next();
  }

  /** A reading saw exactly these alarms standing. What stands is answered as any alarm is; what does not is needsHealthCheck. */
  takeStanding(standing: ReadonlySet<number>): void {
    if (this.#hasRead) return;
    this.#hasRead = true;
    for (const processId of [...this.#left]) {
      if (standing.has(processId)) this.confirm(processId);
      else this.#needsHealthCheck.next(processId);
    }
  }
}
