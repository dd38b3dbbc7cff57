import { type Alarm, displayName } from '../domain/alarm/alarm.js';
import { HandledAlarms } from '../domain/alarm/handled-alarms.js';
import type { CycleEvent } from '../domain/cycle/cycle-event.js';

/**
 * Which standing alarms a reconcile must leave alone: those whose cycle failed, until the next `check_interval` (R10)
 * or until their breaker is due, those that were refused, for as long as their row is the same, those of paused
 * processes until the pause is over, and those that were answered while the table is not written. A raise is never held.
 */
export class SuppressedAlarms {
  readonly #failed = new Map<number, Hold>();
  readonly #settled = new Map<number, NamedHold>();
  readonly #paused = new Map<number, NamedHold>();

  /** `acknowledges`: whether answered alarms are cleared in the table, so that none has to be remembered. */
  constructor(
    readonly answered: HandledAlarms = new HandledAlarms(),
    private readonly acknowledges: () => boolean = () => true,
  ) {}

  isSuppressed(alarm: Alarm): boolean {
    if (alarm.raised) return false;
    if (this.#failed.has(alarm.processId)) return true;
    if (!this.acknowledges() && this.answered.isHandled(alarm)) return true;
    const name = displayName(alarm.processId, alarm.processName);
    return [this.#settled, this.#paused].some((holds) => holds.get(alarm.processId)?.name === name);
  }

  /** Learns from what happened; `since` is its place in the order of events. */
  onEvent(event: CycleEvent, since: number): void {
    switch (event.type) {
      case 'faulted':
        this.#failed.set(event.processId, { since });
        return;
      case 'exhausted':
      case 'skipped-open':
        this.#failed.set(event.processId, { since: WHILE_ITS_CYCLE_RUNS });
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

  /** The cycle of this process has ended, at this place in the order of events: what it had to write is in its row. */
  noteEnd(processId: number, since: number): void {
    for (const holds of [this.#failed, this.#paused]) {
      const hold = holds.get(processId);
      if (hold?.since === WHILE_ITS_CYCLE_RUNS) hold.since = since;
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

  /** A pause is over: whoever `isPaused` no more is answered. */
  releasePaused(isPaused: (processName: string) => boolean): void {
    for (const [id, { name }] of this.#paused) if (!isPaused(name)) this.#paused.delete(id);
  }

  release(processId: number): void {
    this.#failed.delete(processId);
  }

  /**
   * A reconcile saw exactly these alarms standing: every other one is gone, and the next of its process is new. What
   * was noted after its SELECT had begun, at `readSeq`, is of an alarm that it may have been too early to see.
   */
  retainStanding(standing: ReadonlySet<number>, readSeq: number): void {
    for (const holds of [this.#failed, this.#settled, this.#paused]) {
      for (const [id, { since }] of holds) if (!standing.has(id) && since < readSeq) holds.delete(id);
    }
    this.answered.retainStanding(standing, readSeq);
  }
}

/**
 * Later than every reading: the alarm may be one that our own clear took back, which this cycle has still to put back. A
 * reading that misses it until then does not tell that it is gone.
 */
const WHILE_ITS_CYCLE_RUNS = Number.POSITIVE_INFINITY;

interface Hold {
  /** Place in the order of events. */
  since: number;
}

interface NamedHold extends Hold {
  readonly name: string;
}
