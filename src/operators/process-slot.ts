import { type Observable, ReplaySubject } from 'rxjs';
import type { Alarm, Lowering } from '../domain/alarm.js';

/**
 * What is kept about one process while its cycle runs: the latest raise (R7), whether somebody took the alarm back,
 * and which writes of our own are still to be seen in the binlog (R12).
 */
export class ProcessSlot {
  readonly #ownWrites = new Map<string, ReplaySubject<void>>();
  readonly #startedBy: number;
  #certain: Alarm | undefined;
  #possible: Alarm | undefined;
  #withdrawn = false;

  constructor(alarm: Alarm) {
    this.#startedBy = alarm.causedBy;
  }

  /** Whether the alarm was raised again, or may have been, since the cycle began. */
  get raisedAgain(): boolean {
    return this.#certain !== undefined || this.#possible !== undefined;
  }

  /** Whether somebody else cleared the alarm and nobody raised it since. */
  get withdrawn(): boolean {
    return this.#withdrawn;
  }

  /** The raise that must be answered when the cycle has ended; after a failed cycle only one that is certain. */
  raiseLeft(cycleSucceeded: boolean): Alarm | undefined {
    return this.#certain ?? (cycleSucceeded ? this.#possible : undefined);
  }

  /**
   * Tells of an own write before it is sent, so that its row change is known when it comes back. Emits and completes
   * when it does; a raise that the binlog has before it was overwritten by it.
   */
  expectEcho(notes: string): Observable<void> {
    const echo = this.#ownWrites.get(notes) ?? new ReplaySubject<void>(1);
    this.#ownWrites.set(notes, echo);
    return echo;
  }

  takeAlarm(alarm: Alarm): void {
    if (alarm.raised) {
      if (this.#isOwn(alarm.notes)) return;
      this.#certain = alarm;
      this.#withdrawn = false;
      return;
    }
    // A reconcile for an event that came after the cycle began may have read a new raise, or still the old one.
    if (alarm.causedBy > this.#startedBy) this.#possible = alarm;
  }

  takeLowering({ notes }: Lowering): void {
    if (this.#isOwn(notes)) return;
    this.#certain = undefined;
    this.#possible = undefined;
    this.#withdrawn = true;
  }

  /** All our writes to this row are of this cycle, so any of them that comes back is the last one sent. */
  takeOwnWrite(): void {
    for (const notes of this.#ownWrites.keys()) this.#isOwn(notes);
  }

  #isOwn(notes: string | null): boolean {
    const echo = notes === null ? undefined : this.#ownWrites.get(notes);
    echo?.next();
    echo?.complete();
    return echo !== undefined;
  }
}
