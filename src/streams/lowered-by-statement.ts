import type { Alarm } from '../domain/alarm/alarm.js';
import { LOWERED_VISIBLE_AFTER_MS } from '../domain/alarm/row-visibility.js';
import { includesProcess, type StatementEffect } from '../domain/alarm/statement-effect.js';

interface Lowered {
  /** Sequence number of the statement. */
  readonly seq: number;
  /** When it came, ms of the steady clock. */
  readonly at: number;
  /** A later statement, or the same one, may have raised the alarm again. */
  readonly isRaised: boolean;
}

/**
 * The alarms that a statement may have lowered, if the binlog shows no rows (STATEMENT and MIXED). An alarm that a
 * reading finds after that may be a new one.
 */
export class LoweredByStatement {
  readonly #byProcess = new Map<number, Lowered>();
  #any: Lowered | undefined;

  /** `concerns`: the processes to remember this for. */
  take({ lowers, raises }: StatementEffect, concerns: Iterable<number>, seq: number, at: number): void {
    if (lowers === 'any') {
      this.#any = { seq, at, isRaised: false };
      this.#byProcess.clear();
    }
    for (const id of concerns) {
      if (lowers !== 'any' && lowers.includes(id)) this.#byProcess.set(id, { seq, at, isRaised: false });
      const lowered = this.#of(id);
      if (lowered && includesProcess(raises, id)) this.#byProcess.set(id, { ...lowered, isRaised: true });
    }
  }

  /** Whether a reading may have found a new alarm: not the one whose cycle began at `since`. */
  mayBeNew({ processId, steadyAt }: Pick<Alarm, 'processId' | 'steadyAt'>, since: number): boolean {
    const lowered = this.#of(processId);
    if (!lowered || lowered.seq <= since) return false;
    // A reading that comes too soon may still see the alarm that was lowered (R3).
    return lowered.isRaised || steadyAt - lowered.at > LOWERED_VISIBLE_AFTER_MS;
  }

  /** Whether a statement since `since` may have lowered the alarm of this process. */
  mayBeLowered(processId: number, since: number): boolean {
    return (this.#of(processId)?.seq ?? 0) > since;
  }

  /** The process is no longer of concern. */
  forget(processId: number): void {
    this.#byProcess.delete(processId);
  }

  #of(processId: number): Lowered | undefined {
    return this.#byProcess.get(processId) ?? this.#any;
  }
}
