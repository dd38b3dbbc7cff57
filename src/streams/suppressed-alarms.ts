import { type Alarm, displayName } from '../domain/alarm/alarm.js';
import { HandledAlarms } from '../domain/alarm/handled-alarms.js';
import type { CycleEvent } from '../domain/cycle/cycle-event.js';

/**
 * The standing alarms that a reconcile must not handle:
 *
 * - failed cycles, until the next `check_interval` (R10) or until their breaker is half-open;
 * - refused and excluded names, while the name in the row stays the same;
 * - paused processes, until the pause ends;
 * - handled alarms, if the service does not write to the table.
 *
 * A new raise is never suppressed.
 */
export class SuppressedAlarms {
  readonly #failed = new Map<number, Suppression>();
  readonly #settled = new Map<number, Suppression>();
  readonly #paused = new Map<number, Suppression>();

  /** `acknowledges`: whether handled alarms are cleared in the table. If so they need not be remembered. */
  constructor(
    readonly answered: HandledAlarms = new HandledAlarms(),
    private readonly acknowledges: () => boolean = () => true,
  ) {}

  /** Whether a reconcile must not handle this alarm. */
  isSuppressed(alarm: Alarm): boolean {
    if (alarm.raised) return false;
    if (!this.acknowledges() && this.answered.isHandled(alarm)) return true;
    const name = displayName(alarm.processId, alarm.processName);
    return [this.#failed, this.#settled, this.#paused].some(
      (entries) => entries.get(alarm.processId)?.name === name,
    );
  }

  /** Learns from an event; `since` is its sequence number. */
  onEvent(event: CycleEvent, since: number): void {
    switch (event.type) {
      case 'faulted':
        this.#failed.set(event.processId, { since, name: event.processName });
        return;
      case 'exhausted':
      case 'skipped-open':
      case 'flapping':
        this.#failed.set(event.processId, { since: WHILE_ITS_CYCLE_RUNS, name: event.processName });
        return;
      case 'refused':
      case 'excluded':
        this.#settled.set(event.processId, { since, name: event.processName });
        return;
      case 'paused':
        this.#paused.set(event.processId, { since: WHILE_ITS_CYCLE_RUNS, name: event.processName });
        if (event.alarm.raised) this.answered.remove(event.processId);
        return;
      case 'detected':
        if (event.alarm.raised) this.answered.remove(event.processId);
        return;
      case 'answered':
        this.answered.add(event.processId, since);
        return;
      case 'attempt-started':
      case 'cleared':
        this.answered.remove(event.processId);
        return;
      case 'verified':
      case 'rechecked':
        this.#failed.delete(event.processId);
        return;
      default:
    }
  }

  /** The cycle of this process has ended, at sequence number `since`: its last write is in the row. */
  noteEnd(processId: number, since: number): void {
    for (const entries of [this.#failed, this.#paused]) {
      const entry = entries.get(processId);
      if (entry?.since === WHILE_ITS_CYCLE_RUNS) entry.since = since;
    }
  }

  /** `check_interval` has passed: all failed cycles may be tried again. */
  releaseFailed(): void {
    this.#failed.clear();
  }

  /** The configuration has changed: failed, refused and excluded alarms may be handled again. */
  releaseAll(): void {
    this.#failed.clear();
    this.#settled.clear();
  }

  /** A pause has ended: alarms of processes that no other pause applies to may be handled again. */
  releasePaused(isPaused: (processName: string, processId: number) => boolean): void {
    for (const [id, { name }] of this.#paused) if (!isPaused(name, id)) this.#paused.delete(id);
  }

  /** The failed cycle of this process may be tried again. */
  release(processId: number): void {
    this.#failed.delete(processId);
  }

  /**
   * A reconcile found exactly these alarms raised. Every other alarm is gone, and the next one of its process is new.
   * Entries made after the SELECT began (`readSeq`) are kept: it may have been too early to see their alarms.
   */
  retainStanding(standing: ReadonlySet<number>, readSeq: number): void {
    for (const entries of [this.#failed, this.#settled, this.#paused]) {
      for (const [id, { since }] of entries) if (!standing.has(id) && since < readSeq) entries.delete(id);
    }
    this.answered.retainStanding(standing, readSeq);
  }
}

/**
 * Later than every reading. While the cycle runs, its own clear may have taken the alarm back and it may still have
 * to raise it again. A reading that does not find the alarm proves nothing until then.
 */
const WHILE_ITS_CYCLE_RUNS = Number.POSITIVE_INFINITY;

interface Suppression {
  /** Sequence number of the event. */
  since: number;
  /** A process_id that has another name now is another process. */
  readonly name: string;
}
