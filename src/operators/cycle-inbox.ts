import { type Observable, ReplaySubject, Subject } from 'rxjs';
import type { Alarm, AlarmLowered } from '../domain/alarm/alarm.js';

/** How a write of our own comes back as a row change. A mere note is none: it leaves `alarma` as it was. */
export type OwnChange = 'lowered' | 'raised';

interface OwnWrite {
  readonly echo: ReplaySubject<void>;
  isSeen: boolean;
}

/** While the stream is down no write comes back at all, so not all of them are waited for. */
const LATE_WRITES_KEPT = 8;

/**
 * What is kept about one process while its cycle runs: the latest raise (R7), whether somebody took the alarm back,
 * and which writes of our own are still to be seen in the binlog (R12).
 */
export class CycleInbox {
  /** Made when there is one: of the thousands of cycles that wait in a storm none has written yet. */
  #ownWrites: Map<string, OwnWrite> | undefined;
  #raises: Subject<void> | undefined;
  readonly #startedBy: number;
  #certain: Alarm | undefined;
  #possible: Alarm | undefined;
  #withdrawn = false;
  #isWithdrawalDoubtful = false;
  #isClearDoubtful = false;

  /** Whether the cycle has taken the alarm back in the table, or tried to. */
  hasCleared = false;

  /** Whether a cycle before may have done so: a follow-up that finds the process ill must put the alarm back. */
  followsClear: boolean;

  /** What a cycle left for its follow-up to write, because a raise may have come before its clear. */
  owedNote: string | undefined;

  /** `before`: the slot of the last cycle; a write of its that comes back late must not pass for a foreign one. */
  constructor(alarm: Alarm, before?: CycleInbox) {
    this.#startedBy = alarm.causeSeq;
    this.owedNote = before?.owedNote;
    this.followsClear = before?.hasCleared ?? false;
    this.#ownWrites = before ? before.#lateWrites(alarm) : undefined;
  }

  /** Whether the alarm was raised again, or may have been, since the cycle began. */
  get raisedAgain(): boolean {
    return this.#certain !== undefined || this.#possible !== undefined;
  }

  /** Whether a row change has told of a new raise since the cycle began. */
  get certainlyRaisedAgain(): boolean {
    return this.#certain !== undefined;
  }

  /** Whether somebody else cleared the alarm and nobody is known to have raised it since. */
  get withdrawn(): boolean {
    return this.#withdrawn;
  }

  /** Whether somebody else cleared the alarm and nothing that came since in the binlog tells of a raise, or may be one. */
  get certainlyWithdrawn(): boolean {
    return this.#withdrawn && !this.#isWithdrawalDoubtful;
  }

  /**
   * Whether a clear of ours may have overwritten a raise that the binlog has not shown to us. After somebody else's clear
   * ours should have found nothing: what it found was kept out of the binlog.
   */
  get isClearDoubtful(): boolean {
    return this.#isClearDoubtful || this.#withdrawn;
  }

  /** The raise that must be answered when the cycle has ended; after a failed cycle only one that is certain. */
  raiseLeft(cycleSucceeded: boolean): Alarm | undefined {
    return this.#certain ?? (cycleSucceeded ? this.#possible : undefined);
  }

  /** An alarm seen standing after the withdrawal: only a reading from after the cycle tells whether it is a new one. */
  get unclear(): Alarm | undefined {
    return this.#withdrawn ? this.#possible : undefined;
  }

  /**
   * Tells of an own write before it is sent, so that its row change is known when it comes back. Emits and completes
   * when it does; a raise that the binlog has before it was overwritten by it.
   */
  expectEcho(change: OwnChange, notes: string): Observable<void> {
    const key = keyOf(change, notes);
    const write = this.#ownWrites?.get(key) ?? { echo: new ReplaySubject<void>(1), isSeen: false };
    this.#ownWrites ??= new Map();
    this.#ownWrites.set(key, write);
    return write.echo;
  }

  /** The write changed nothing, or cannot come back: what looks like its echo is somebody else's change. */
  forgetEcho(change: OwnChange, notes: string): void {
    this.#ownWrites?.delete(keyOf(change, notes));
  }

  /** Emits at each row change that raises the alarm again. */
  get raises(): Observable<void> {
    this.#raises ??= new Subject();
    return this.#raises;
  }

  takeAlarm(alarm: Alarm): void {
    if (alarm.raised) {
      if (this.takeEcho('raised', alarm.notes)) return;
      this.#certain = alarm;
      this.#withdrawn = false;
      this.#raises?.next();
      return;
    }
    // A reconcile for an event that came after the cycle began may have read a new raise, or still the old one.
    if (alarm.causeSeq > this.#startedBy) this.#possible = alarm;
  }

  /** A change that may be a raise: a SELECT that follows it can come too late to see what a clear of ours overwrote. */
  takePossibleRaise(): void {
    this.#isClearDoubtful = true;
    this.#isWithdrawalDoubtful = true;
  }

  /** The clear that was written may have overwritten a raise: one more health check must tell (R12). */
  doubtClear(alarm: Alarm): void {
    this.#possible ??= { ...alarm, raised: false };
  }

  takeLowering({ notes }: AlarmLowered): void {
    if (this.takeEcho('lowered', notes)) {
      // After somebody else's clear ours found an alarm: one that nobody told us of.
      this.#isWithdrawalDoubtful = true;
      return;
    }
    this.#certain = undefined;
    this.#possible = undefined;
    this.#withdrawn = true;
    this.#isWithdrawalDoubtful = false;
  }

  /** A statement does not tell its notes: any of ours that comes back is taken for the last one sent. */
  takeOwnWrite(): void {
    for (const write of this.#ownWrites?.values() ?? []) see(write);
  }

  /**
   * Whether this row change is a write of our own that has come back. A clear may come back twice, where its answer
   * was lost and it was sent again; a raise only once: a tool that raises without notes of its own leaves ours there.
   */
  takeEcho(change: OwnChange, notes: string | null): boolean {
    const write = notes === null ? undefined : this.#ownWrites?.get(keyOf(change, notes));
    if (!write || (change === 'raised' && write.isSeen)) return false;
    see(write);
    return true;
  }

  // An alarm that was raised over the notes of our clear came after it: what lowers it with the same notes is foreign.
  #lateWrites({ notes }: Alarm): Map<string, OwnWrite> | undefined {
    const overwritten = keyOf('lowered', notes ?? '');
    const late = [...(this.#ownWrites ?? [])].filter(([key, { isSeen }]) => !isSeen && key !== overwritten);
    return late.length > 0 ? new Map(late.slice(-LATE_WRITES_KEPT)) : undefined;
  }
}

function see(write: OwnWrite): void {
  write.isSeen = true;
  write.echo.next();
  write.echo.complete();
}

function keyOf(change: OwnChange, notes: string): string {
  return `${change} ${notes}`;
}
