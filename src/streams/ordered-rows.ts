import type { Alarm } from '../domain/alarm/alarm.js';
import { LOWERED_VISIBLE_AFTER_MS, RAISED_VISIBLE_AFTER_MS } from '../domain/alarm/row-visibility.js';
import { BoundedMap } from '../domain/bounded-map.js';
import type { CycleEvent } from '../domain/cycle/cycle-event.js';
import type { CycleInbox } from '../operators/cycle-inbox.js';
import { OrderedRow } from './ordered-row.js';

/** How many alarms are remembered that no cycle handles but others wait for. */
const MAX_HELD = 1000;

/**
 * What is known of the rows for the order of restarts (R35): every running cycle, and every required process whose alarm no
 * cycle handles. Times are ms of the steady clock.
 */
export class OrderedRows {
  readonly #rows = new Map<number, OrderedRow>();
  /** When the alarm of a process was last lowered: a reading that began before may still show it. */
  readonly #loweredAt = new BoundedMap<number, number>(MAX_HELD);

  /** `isRequired`: whether some other process requires the one of this name. */
  constructor(private readonly isRequired: (processName: string) => boolean) {}

  get(processId: number): OrderedRow | undefined {
    return this.#rows.get(processId);
  }

  get all(): Iterable<OrderedRow> {
    return this.#rows.values();
  }

  begin(alarm: Alarm, inbox: CycleInbox, beginsWithCheck: boolean, now: number): void {
    const { processId } = alarm;
    const row = this.#rows.get(processId) ?? new OrderedRow(processId);
    this.#rows.set(processId, row);
    row.begin(alarm, inbox, beginsWithCheck, now);
  }

  /**
   * `isFaulted`: an error of ours ended the cycle. `isLast`: no cycle follows it, although its alarm may be raised
   * again.
   */
  end(processId: number, isFaulted: boolean, isLast: boolean): void {
    const row = this.#rows.get(processId);
    if (row && !row.end(isFaulted, isLast)) this.#keepOrForget(row);
  }

  onEvent(event: CycleEvent): void {
    this.#rows.get(event.processId)?.onEvent(event);
  }

  /** The binlog shows that the alarm was raised. */
  raise(processId: number, now: number): void {
    this.#rows.get(processId)?.raise(now);
  }

  /** The binlog shows that the alarm was lowered, or the reading that found it may be older than its last clear. */
  lower(processId: number, now: number): void {
    this.#loweredAt.set(processId, now);
    if (this.#rows.get(processId)?.isRunning === false) this.#rows.delete(processId);
  }

  /** A page of the raised alarms, read from `readAt` on. `isHandled`: the alarm stays raised although it was handled. */
  find(alarms: readonly Alarm[], isHandled: (alarm: Alarm) => boolean, readAt: number): void {
    for (const alarm of alarms) {
      const { processId, processName: name } = alarm;
      const known = this.#rows.get(processId);
      // A row that has another name now is another process.
      if (known && !known.isRunning && known.processName !== name) this.#rows.delete(processId);
      if (this.#rows.has(processId) || !name || !this.isRequired(name) || isHandled(alarm)) continue;
      const loweredAt = this.#loweredAt.get(processId) ?? Number.NEGATIVE_INFINITY;
      if (readAt - loweredAt < LOWERED_VISIBLE_AFTER_MS) continue;
      const row = new OrderedRow(processId);
      row.find(name);
      this.#rows.set(processId, row);
      this.#keepOrForget(row);
    }
  }

  /** Takes out the alarms that a reading, begun at `readAt`, shows to be gone. Returns their processes. */
  dropGone(isGone: (processId: number) => boolean, readAt: number): readonly number[] {
    // A row that was raised just now may not be visible to a SELECT yet (R3).
    const gone = [...this.#rows.values()].filter(
      ({ processId, raisedAt }) => isGone(processId) && readAt - raisedAt > RAISED_VISIBLE_AFTER_MS,
    );
    for (const row of gone) {
      if (row.isRunning) row.isGone = true;
      else this.#rows.delete(row.processId);
    }
    return gone.map(({ processId }) => processId);
  }

  /** No cycle runs for it any more. */
  #keepOrForget(row: OrderedRow): void {
    const isNeeded = row.stands && !!row.processName && this.isRequired(row.processName);
    if (!isNeeded || this.#countHeld() > MAX_HELD) this.#rows.delete(row.processId);
  }

  #countHeld(): number {
    return [...this.#rows.values()].filter(({ isRunning }) => !isRunning).length;
  }
}
