import { defer, type Observable, Subject, tap } from 'rxjs';
import { LISTED_AT_MOST } from '../../control/status-report.js';
import { isOnRequest } from '../../domain/alarm/alarm.js';
import type { StreamSignal } from '../../domain/alarm/binlog-signal.js';
import { LOWERED_VISIBLE_AFTER_MS, RAISED_VISIBLE_AFTER_MS } from '../../domain/alarm/row-visibility.js';
import type { StandingPage } from '../../domain/alarm/standing-page.js';
import { BoundedMap } from '../../domain/bounded-map.js';
import type { CycleEvent } from '../../domain/cycle/cycle-event.js';
import { describeError } from '../../domain/errors.js';
import type { ServiceObserver } from '../shared/observer-list.js';
import type { DisplayNames } from './display-names.js';

/** What is known about the table: which alarms are raised, and when and how the last reading ended. */
export class TableState implements ServiceObserver {
  /** Times of `performance.now()`: since when the alarm is raised, and when it was last seen. */
  readonly #standing = new Map<number, { readonly since: number; readonly toldAt: number }>();
  /** When the alarm of a process was last lowered: a reading that began before may still show it. Times of `performance.now()`. */
  readonly #loweredAt = new BoundedMap<number, number>(LISTED_AT_MOST);
  /** The number of alarms by the last count; undefined if all of them are in `#standing`. */
  #count: number | undefined;
  #triedAt = performance.now();
  #isKnown = false;
  #problem: string | undefined;
  readonly #readableAgain = new Subject<void>();

  constructor(readonly names: DisplayNames) {}

  /**
   * The standing alarms, and since when each is known to be raised, ms since the epoch. If there are very many, only some
   * are kept; `standingAlarms` counts all of them.
   */
  list(): { readonly processId: number; readonly since: number }[] {
    const epoch = Date.now() - performance.now();
    return [...this.#standing].map(([processId, { since }]) => ({
      processId,
      since: Math.round(epoch + since),
    }));
  }

  /** Since when the alarm of this process is known to be raised, ms since the epoch; undefined if it is not known to be. */
  sinceOf(processId: number): number | undefined {
    const standing = this.#standing.get(processId);
    return standing && Math.round(Date.now() - performance.now() + standing.since);
  }

  /** How many alarms are raised; undefined before the first reading. */
  get standingAlarms(): number | undefined {
    return this.#isKnown ? Math.max(this.#standing.size, this.#count ?? 0) : undefined;
  }

  /** Whether every standing alarm is in `list`. */
  get isComplete(): boolean {
    return this.#isKnown && this.#standing.size >= (this.#count ?? 0);
  }

  /** Why the last reading failed; undefined if it did not. */
  get problem(): string | undefined {
    return this.#problem;
  }

  /** Emits at the first reading that succeeds after one that failed. */
  get readableAgain(): Observable<void> {
    return this.#readableAgain;
  }

  /** Ms since the last reading ended, with or without a result. */
  get silentForMs(): number {
    return performance.now() - this.#triedAt;
  }

  /** Learns from the reading of a page of the standing alarms, which passes through. */
  watch(reading: Observable<StandingPage>): Observable<StandingPage> {
    return defer(() => {
      const begunAt = performance.now();
      return this.#watch(reading, (page) => this.#takePage(page, begunAt));
    });
  }

  /** Learns from a count of the standing alarms, which passes through. */
  watchCount(reading: Observable<number>): Observable<number> {
    return this.#watch(reading, (count) => {
      this.#count = count;
    });
  }

  #watch<T>(reading: Observable<T>, take: (result: T) => void): Observable<T> {
    return reading.pipe(
      tap({
        next: (result) => {
          this.#triedAt = performance.now();
          const wasUnreadable = this.#problem !== undefined;
          this.#problem = undefined;
          take(result);
          if (wasUnreadable) this.#readableAgain.next();
        },
        error: (error: unknown) => {
          this.#triedAt = performance.now();
          this.#problem = describeError(error);
        },
      }),
    );
  }

  onSignal(signal: StreamSignal): void {
    if (signal.kind === 'lowered') this.#lower(signal.lowering.processId);
  }

  onEvent(event: CycleEvent): void {
    const { processId } = event;
    this.names.onEvent(event);
    if (event.type === 'cleared') {
      this.#lower(processId);
      if (event.changed && this.#count !== undefined) this.#count = Math.max(0, this.#count - 1);
    }
    // A restart that somebody asks for does not raise an alarm.
    if ('alarm' in event && event.type !== 'rechecked' && !isOnRequest(event.alarm)) {
      this.#add(processId, performance.now());
    }
  }

  #takePage(page: StandingPage, begunAt: number): void {
    this.#isKnown = true;
    if (page.isWholeTable) this.#count = undefined;
    for (const [processId, { toldAt }] of this.#standing) {
      if (this.#triedAt - toldAt > RAISED_VISIBLE_AFTER_MS && page.isGone(processId))
        this.#standing.delete(processId);
    }
    for (const { processId, processName } of page.alarms) {
      const loweredAt = this.#loweredAt.get(processId) ?? Number.NEGATIVE_INFINITY;
      const mayBeOld = begunAt - loweredAt < LOWERED_VISIBLE_AFTER_MS;
      if (!this.#standing.has(processId) && !mayBeOld) this.#add(processId, this.#triedAt);
      // The other names are learnt when their cycles begin: a long table must not push out all known names.
      if (this.#standing.has(processId)) this.names.learn(processId, processName);
    }
  }

  #lower(processId: number): void {
    this.#standing.delete(processId);
    this.#loweredAt.set(processId, performance.now());
  }

  #add(processId: number, toldAt: number): void {
    if (this.#standing.size >= LISTED_AT_MOST && !this.#standing.has(processId)) return;
    this.#standing.set(processId, { since: this.#standing.get(processId)?.since ?? toldAt, toldAt });
  }
}
