import { defer, type Observable, Subject, tap } from 'rxjs';
import { LISTED_AT_MOST } from '../../control/status-report.js';
import { type Alarm, isOnRequest } from '../../domain/alarm/alarm.js';
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
  /**
   * Times of `performance.now()`: since when the alarm is raised, and when a row change told that: a reading may not
   * see it yet.
   */
  readonly #standing = new Map<number, { readonly since: number; readonly toldAt: number }>();
  /**
   * When the alarm of a process was last lowered: a reading that began before may still show it. Times of
   * `performance.now()`.
   */
  readonly #loweredAt = new BoundedMap<number, number>(LISTED_AT_MOST);
  /** The number of alarms by the last count; undefined if all of them are in `#standing`. */
  #count: number | undefined;
  /** How many alarms have been cleared; only the difference counts. */
  #cleared = 0;
  /** When the latest of the readings began whose result is known. */
  #knownSince = Number.NEGATIVE_INFINITY;
  #triedAt = performance.now();
  #isKnown = false;
  #problem: string | undefined;
  readonly #readableAgain = new Subject<void>();
  readonly #changed = new Subject<number>();

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

  /** Emits each process whose alarm is in `list` from now on, or no longer, whatever has told that. */
  get changed(): Observable<number> {
    return this.#changed;
  }

  /** Ms since the last reading ended, with or without a result. */
  get silentForMs(): number {
    return performance.now() - this.#triedAt;
  }

  /** Learns from the reading of a page of the standing alarms, which passes through. */
  watch(reading: Observable<StandingPage>): Observable<StandingPage> {
    return this.#watch(reading, (page, { begunAt }) => this.#takePage(page, begunAt));
  }

  /** Learns from a count of the standing alarms, which passes through. */
  watchCount(reading: Observable<number>): Observable<number> {
    return this.#watch(reading, (count, { cleared }) => {
      // What was cleared meanwhile may have been counted. Nothing would take it off again.
      this.#count = Math.max(0, count - (this.#cleared - cleared));
    });
  }

  #watch<T>(reading: Observable<T>, take: (result: T, begin: Begin) => void): Observable<T> {
    return defer(() => {
      const begin = { begunAt: performance.now(), cleared: this.#cleared };
      return reading.pipe(
        tap({
          next: (result) => {
            const wasUnreadable = this.#problem !== undefined;
            this.#end(begin, undefined);
            take(result, begin);
            if (wasUnreadable && this.#problem === undefined) this.#readableAgain.next();
          },
          error: (error: unknown) => this.#end(begin, describeError(error)),
        }),
      );
    });
  }

  /** Two readings may overlap: the one that began later tells whether the table can be read. */
  #end({ begunAt }: Begin, problem: string | undefined): void {
    this.#triedAt = performance.now();
    if (begunAt < this.#knownSince) return;
    this.#knownSince = begunAt;
    this.#problem = problem;
  }

  onSignal(signal: StreamSignal): void {
    if (signal.kind === 'lowered') this.#lower(signal.lowering.processId);
  }

  /** A cycle begins for an alarm that is known now: what lowered one before it is over. */
  onCycleBegin(alarm: Alarm): void {
    if (!isOnRequest(alarm)) this.#loweredAt.delete(alarm.processId);
  }

  onEvent(event: CycleEvent): void {
    const { processId } = event;
    this.names.onEvent(event);
    if (event.type === 'cleared' && event.changed) {
      this.#cleared += 1;
      if (this.#count !== undefined) this.#count = Math.max(0, this.#count - 1);
    }
    if (LOWERED.has(event.type)) this.#lower(processId);
    // A restart that somebody asks for does not raise an alarm. What was lowered during the cycle is not its alarm any
    // more.
    if (!('alarm' in event) || event.type === 'rechecked' || isOnRequest(event.alarm)) return;
    if (this.#loweredAt.has(processId)) return;
    this.#add(processId, event.alarm.raised);
  }

  #takePage(page: StandingPage, begunAt: number): void {
    this.#isKnown = true;
    if (page.isWholeTable) this.#count = undefined;
    for (const [processId, { toldAt }] of this.#standing) {
      if (begunAt - toldAt > RAISED_VISIBLE_AFTER_MS && page.isGone(processId)) this.#remove(processId);
    }
    for (const { processId, processName } of page.alarms) {
      const loweredAt = this.#loweredAt.get(processId) ?? Number.NEGATIVE_INFINITY;
      const mayBeOld = begunAt - loweredAt < LOWERED_VISIBLE_AFTER_MS;
      if (!this.#standing.has(processId) && !mayBeOld) this.#add(processId, false);
      // The other names are learnt when their cycles begin: a long table must not push out all known names.
      if (this.#standing.has(processId)) this.names.learn(processId, processName);
    }
  }

  #lower(processId: number): void {
    this.#remove(processId);
    this.#loweredAt.set(processId, performance.now());
  }

  #remove(processId: number): void {
    if (this.#standing.delete(processId)) this.#changed.next(processId);
  }

  /** `isTold`: by a row change. Otherwise a reading has shown it, and the next one that lacks it tells that it is gone. */
  #add(processId: number, isTold: boolean): void {
    const known = this.#standing.get(processId);
    if (this.#standing.size >= LISTED_AT_MOST && !known) return;
    const now = performance.now();
    const toldAt = isTold ? now : (known?.toldAt ?? Number.NEGATIVE_INFINITY);
    this.#standing.set(processId, { since: known?.since ?? now, toldAt });
    if (!known) this.#changed.next(processId);
  }
}

/** What was known when a reading began. */
interface Begin {
  /** By `performance.now()`. */
  readonly begunAt: number;
  readonly cleared: number;
}

/** Events that tell that the alarm is not raised, or is no longer. */
const LOWERED: ReadonlySet<CycleEvent['type']> = new Set(['cleared', 'withdrawn', 'told-late']);
