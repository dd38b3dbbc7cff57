import { type Alarm, displayName } from '../domain/alarm.js';
import type { CycleEvent } from '../domain/cycle-event.js';

/**
 * Which standing alarms a reconcile must leave alone: those whose cycle failed, until the next `check_interval` (R10)
 * or until their breaker is due, and those that were refused, for as long as their row is the same. A raise is never
 * held.
 */
export class Holds {
  readonly #failed = new Set<number>();
  readonly #settled = new Map<number, string>();

  holds(alarm: Alarm): boolean {
    if (alarm.raised) return false;
    if (this.#failed.has(alarm.processId)) return true;
    return this.#settled.get(alarm.processId) === displayName(alarm.processId, alarm.processName);
  }

  /** Learns from what happened. */
  note(event: CycleEvent): void {
    switch (event.type) {
      case 'exhausted':
      case 'faulted':
      case 'skipped-open':
        this.#failed.add(event.processId);
        return;
      case 'refused':
      case 'excluded':
        this.#settled.set(event.processId, event.processName);
        return;
      case 'verified':
      case 'rechecked':
        this.#failed.delete(event.processId);
        return;
      default:
    }
  }

  /** `check_interval` has passed: every failed cycle may be tried again. */
  releaseFailed(): void {
    this.#failed.clear();
  }

  /** The configuration changed: what was refused or excluded may now be accepted. */
  releaseAll(): void {
    this.#failed.clear();
    this.#settled.clear();
  }

  release(processId: number): void {
    this.#failed.delete(processId);
  }

  /** A reconcile saw exactly these alarms standing: every other one is gone, and the next of its process is new. */
  keepOnly(standing: ReadonlySet<number>): void {
    for (const id of this.#failed) if (!standing.has(id)) this.#failed.delete(id);
    for (const id of this.#settled.keys()) if (!standing.has(id)) this.#settled.delete(id);
  }
}
