import { type Observable, Subject, tap } from 'rxjs';
import type { StreamSignal } from '../../domain/alarm/binlog-signal.js';
import { RAISED_VISIBLE_AFTER_MS } from '../../domain/alarm/row-visibility.js';
import type { CycleEvent } from '../../domain/cycle/cycle-event.js';
import { describeError } from '../../domain/errors.js';
import type { ServiceObserver } from '../shared/observer-list.js';
import type { ProcessNames } from './process-names.js';

/** What is known about the table: which alarms are raised, and when and how the last reading ended. */
export class TableState implements ServiceObserver {
  /** Times of `performance.now()`: since when the alarm is raised, and when it was last seen. */
  readonly #standing = new Map<number, { readonly since: number; readonly toldAt: number }>();
  #triedAt = performance.now();
  #isKnown = false;
  #problem: string | undefined;
  readonly #readableAgain = new Subject<void>();

  constructor(readonly names: ProcessNames) {}

  /** The standing alarms, and since when each is known to be raised, ms since the epoch. */
  list(): { readonly processId: number; readonly since: number }[] {
    const epoch = Date.now() - performance.now();
    return [...this.#standing].map(([processId, { since }]) => ({
      processId,
      since: Math.round(epoch + since),
    }));
  }

  /** How many alarms are raised; undefined before the first reading. */
  get standingAlarms(): number | undefined {
    return this.#isKnown ? this.#standing.size : undefined;
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

  /** Passes a reading of the standing alarms on and learns from its result. */
  watch<T extends readonly { readonly processId: number }[]>(reading: Observable<T>): Observable<T> {
    return reading.pipe(
      tap({
        next: (rows) => this.#takeRows(new Set(rows.map(({ processId }) => processId))),
        error: (error: unknown) => {
          this.#triedAt = performance.now();
          this.#problem = describeError(error);
        },
      }),
    );
  }

  onSignal(signal: StreamSignal): void {
    if (signal.kind === 'lowered') this.#standing.delete(signal.lowering.processId);
  }

  onEvent(event: CycleEvent): void {
    const { processId } = event;
    this.names.onEvent(event);
    if (event.type === 'cleared') this.#standing.delete(processId);
    // A manual restart does not raise an alarm.
    if ('alarm' in event && event.type !== 'rechecked' && event.alarm.trigger !== 'manual') {
      this.#add(processId, performance.now());
    }
  }

  #takeRows(rows: ReadonlySet<number>): void {
    this.#triedAt = performance.now();
    const wasUnreadable = this.#problem !== undefined;
    this.#problem = undefined;
    this.#isKnown = true;
    for (const [processId, { toldAt }] of this.#standing) {
      if (!rows.has(processId) && this.#triedAt - toldAt > RAISED_VISIBLE_AFTER_MS)
        this.#standing.delete(processId);
    }
    for (const processId of rows) if (!this.#standing.has(processId)) this.#add(processId, this.#triedAt);
    if (wasUnreadable) this.#readableAgain.next();
  }

  #add(processId: number, toldAt: number): void {
    this.#standing.set(processId, { since: this.#standing.get(processId)?.since ?? toldAt, toldAt });
  }
}
