import type { Alarm, Trigger } from '../domain/alarm/alarm.js';
import { RAISED_VISIBLE_AFTER_MS } from '../domain/alarm/row-visibility.js';
import type { StatementEffect } from '../domain/alarm/statement-effect.js';
import { BoundedMap } from '../domain/bounded-map.js';
import type { CycleInbox } from '../operators/cycle-inbox.js';
import { LoweredByStatement } from './lowered-by-statement.js';

/** How many processes are kept whose cycle has begun. */
const MAX_BEGUN = 10_000;

interface Begun {
  /** Sequence number of the alarm. */
  readonly seq: number;
  /** Readings that began before this sequence number say nothing of what its last attempt answers. */
  readSince: number;
  /** When a row change raised it, ms of the steady clock; what a reading has found is visible to the next one. */
  readonly raisedAt: number;
  readonly inbox: Pick<CycleInbox, 'mayBeLowered' | 'raisedAt'>;
}

/**
 * For each process whose cycle runs, or was the last one and matters still: what has happened to its alarm since that
 * cycle began, and no row change has told.
 */
export class AlarmsSinceBegin {
  readonly #begun = new BoundedMap<number, Begun>(MAX_BEGUN);
  readonly #lowered = new LoweredByStatement();
  /** Processes whose alarm a reading has not found while their cycle ran. */
  readonly #gone = new BoundedMap<number, true>(MAX_BEGUN);
  /** Processes that may be tried again although their failed cycle still writes, and why. */
  readonly #released = new Map<number, Trigger>();

  begin({ processId, causeSeq, raised, steadyAt }: Alarm, inbox: Begun['inbox']): void {
    this.#gone.delete(processId);
    const raisedAt = raised ? steadyAt : Number.NEGATIVE_INFINITY;
    this.#begun.set(processId, { seq: causeSeq, readSince: causeSeq, raisedAt, inbox });
  }

  /** An attempt begins, at sequence number `seq`. What was raised before it is answered by it. */
  beginAttempt(processId: number, seq: number): void {
    this.#gone.delete(processId);
    const begun = this.#begun.get(processId);
    if (begun) begun.readSince = seq;
  }

  has(processId: number): boolean {
    return this.#begun.has(processId);
  }

  takeStatement(effect: StatementEffect, seq: number, now: number): void {
    this.#lowered.take(effect, this.#begun.keys(), seq, now);
  }

  /** A page whose SELECT began at sequence number `readSeq` and at `readAt`, ms of the steady clock. */
  takePage(isGone: (processId: number) => boolean, readSeq: number, readAt: number): void {
    for (const [id, { readSince, raisedAt, inbox }] of this.#begun) {
      // A row that was raised just now may not be visible to a SELECT yet (R3).
      const isTooSoon = readAt - Math.max(raisedAt, inbox.raisedAt) <= RAISED_VISIBLE_AFTER_MS;
      if (readSince >= readSeq || isTooSoon || !isGone(id)) continue;
      this.#gone.set(id, true);
      // Its cycle looks at the row before it restarts anything.
      inbox.mayBeLowered = true;
    }
  }

  /** Whether a statement may have lowered the alarm. */
  mayBeLowered(processId: number): boolean {
    return this.#lowered.mayBeLowered(processId, this.#seqOf(processId));
  }

  /** Whether the alarm that a reading has found may be a new one, because of a statement. */
  mayBeNew(alarm: Alarm): boolean {
    return this.#lowered.mayBeNew(alarm, this.#seqOf(alarm.processId));
  }

  /** Whether a reading has shown that the alarm is gone. */
  wasGone(processId: number): boolean {
    return this.#gone.has(processId);
  }

  /** The alarm may be tried again: what a reading found before the end of the cycle is thrown away if that fails. */
  release(processId: number, trigger: Trigger): void {
    this.#released.set(processId, trigger);
  }

  /** The cycle has ended. Returns why the alarm may be tried again. */
  takeRelease(processId: number): Trigger | undefined {
    const trigger = this.#released.get(processId);
    this.#released.delete(processId);
    return trigger;
  }

  /** Nothing is kept for this process any more. */
  forget(processId: number): void {
    this.#begun.delete(processId);
    this.#gone.delete(processId);
    this.#lowered.forget(processId);
  }

  #seqOf(processId: number): number {
    return this.#begun.get(processId)?.seq ?? 0;
  }
}
