import type { Alarm } from '../domain/alarm/alarm.js';
import { LOWERED_VISIBLE_AFTER_MS } from '../domain/alarm/row-visibility.js';
import { BoundedMap } from '../domain/bounded-map.js';

/** More than are lowered while a reading may still miss that. For what is forgotten too early a cycle may begin. */
const MAX_KEPT = 5000;

/** Remembers which alarms somebody else has lowered just now: a reading that begins soon after may still show them (R3). */
export class RecentLowerings {
  /** ms of the steady clock. */
  readonly #loweredAt = new BoundedMap<number, number>(MAX_KEPT);

  add(processId: number, now: number): void {
    this.#loweredAt.set(processId, now);
  }

  /** Whether the reading that found this alarm began too soon to show that it was lowered. */
  mayBeLowered({ processId, steadyAt }: Pick<Alarm, 'processId' | 'steadyAt'>): boolean {
    const sinceMs = steadyAt - (this.#loweredAt.get(processId) ?? Number.NEGATIVE_INFINITY);
    // One that began before the lowering is recognised by its sequence number.
    return sinceMs >= 0 && sinceMs <= LOWERED_VISIBLE_AFTER_MS;
  }
}
