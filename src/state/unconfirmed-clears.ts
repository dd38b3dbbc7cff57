import { type Observable, Subject } from 'rxjs';
import type { StandingPage } from '../domain/alarm/standing-page.js';
import type { CycleEvent } from '../domain/cycle/cycle-event.js';

/**
 * Processes whose alarm was cleared, until it is known that the clear overwrote no raise, or that this raise has been
 * handled (R12). If the service is stopped or killed before that, the next run finds nothing in the table, and has to
 * check the process itself.
 */
export class UnconfirmedClears {
  readonly #cleared: Map<number, number>;
  /** The processes of an earlier run that no cycle of this run has checked yet. */
  readonly #left: Set<number>;
  readonly #needsHealthCheck = new Subject<number>();
  readonly #changed = new Subject<void>();
  #hasRead = false;

  /** `saved`: alarms that an earlier run cleared or was about to clear, ms since the epoch. */
  constructor(saved: ReadonlyMap<number, number> = new Map()) {
    this.#cleared = new Map(saved);
    this.#left = new Set(saved.keys());
  }

  /** Processes of an earlier run that need a health check now, because their alarm is no longer raised. */
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

  /** Whether an earlier run left this clear unconfirmed and no cycle has checked the process since. */
  isFromEarlierRun(processId: number): boolean {
    return this.#left.has(processId);
  }

  onEvent(event: CycleEvent): void {
    if (event.type !== 'cleared' || !(event.changed || event.retried)) return;
    this.#cleared.set(event.processId, event.at);
    this.#changed.next();
  }

  /** A cycle of the process has ended, and its clear cannot have overwritten a raise that is still unhandled. */
  confirm(processId: number): void {
    this.#left.delete(processId);
    if (this.#cleared.delete(processId)) this.#changed.next();
  }

  /** Its process_id is another process now. */
  forget(processId: number): boolean {
    const had = this.#cleared.has(processId);
    this.confirm(processId);
    return had;
  }

  /**
   * The first page was read. An alarm in it is handled like any alarm. The others need a health check; those of later
   * pages too, so that they do not wait for their page.
   */
  onPage(page: Pick<StandingPage, 'has'>): void {
    if (this.#hasRead) return;
    this.#hasRead = true;
    for (const processId of [...this.#left]) {
      if (page.has(processId)) this.confirm(processId);
      else this.#needsHealthCheck.next(processId);
    }
  }
}
