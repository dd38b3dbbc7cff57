import type { Alarm } from './alarm.js';
import { LOWERED_VISIBLE_AFTER_MS } from './row-visibility.js';

interface HandledAlarm {
  /** Sequence number; 0 for an alarm of an earlier run of the service. */
  readonly since: number;
  /** When the binlog showed that it was lowered, ms of the steady clock. */
  readonly loweredAt?: number;
}

/**
 * The alarms that were handled and are still raised, because the service does not write to the table (`acknowledge =
 * none`). None of them is handled again until it was seen at 0 or is raised again, also across restarts of the service.
 * A raise is never suppressed.
 */
export class HandledAlarms {
  readonly #handled: Map<number, HandledAlarm>;
  #tellChange: () => void = () => {};

  /** `saved`: the process_ids that an earlier run left. `isCut`: there were more, and they are forgotten. */
  constructor(
    saved: Iterable<number> = [],
    readonly isCut = false,
  ) {
    this.#handled = new Map([...saved].map((processId) => [processId, { since: 0 }]));
  }

  /** Called after every change that must survive a restart of the service. */
  onChange(tell: () => void): void {
    this.#tellChange = tell;
  }

  /** The first `max` processes whose alarm was handled and has not been seen at 0 since. */
  snapshot(max = Number.POSITIVE_INFINITY): readonly number[] {
    const ids: number[] = [];
    for (const [id, { loweredAt }] of this.#handled) {
      if (ids.length >= max) break;
      if (loweredAt === undefined) ids.push(id);
    }
    return ids;
  }

  has(processId: number): boolean {
    const handled = this.#handled.get(processId);
    return handled !== undefined && handled.loweredAt === undefined;
  }

  /** Whether this alarm, which a reconcile found, has been handled. */
  isHandled({ processId, steadyAt }: Alarm): boolean {
    const handled = this.#handled.get(processId);
    if (!handled) return false;
    return handled.loweredAt === undefined || steadyAt - handled.loweredAt <= LOWERED_VISIBLE_AFTER_MS;
  }

  add(processId: number, since: number): void {
    this.#handled.set(processId, { since });
    this.#tellChange();
  }

  /** It was raised again, or written to the table after all. */
  remove(processId: number): void {
    if (this.#handled.delete(processId)) this.#tellChange();
  }

  /** The binlog showed that it was lowered: an alarm that is seen from now on is a new one. */
  lower(processId: number, now: number): void {
    const handled = this.#handled.get(processId);
    if (!handled) return;
    this.#handled.set(processId, { ...handled, loweredAt: now });
    this.#tellChange();
  }

  /** A page whose SELECT began at `readSeq` shows that these alarms are gone. */
  forgetGone(isGone: (processId: number) => boolean, readSeq: number): void {
    for (const [id, { since }] of this.#handled) if (since < readSeq && isGone(id)) this.remove(id);
  }
}
