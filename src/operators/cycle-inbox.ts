import { type Observable, Subject } from 'rxjs';
import type { Alarm, AlarmLowered, Renaming } from '../domain/alarm/alarm.js';
import {
  type AlarmInput,
  alarmToReread,
  isRaisedAgain,
  nextKnowledge,
  pendingRaise,
  UNCHANGED,
} from '../domain/alarm/alarm-knowledge.js';
import type { LogicalClock } from '../domain/logical-clock.js';
import { type OwnChange, OwnWriteEchoes } from './own-write-echoes.js';

/** What a cycle passes to the next cycle of its process. */
interface CycleHandover {
  /** Whether the cycle has cleared the alarm in the table, or tried to. */
  readonly mayHaveCleared: boolean;
  /** The note for its follow-up to write, because a raise may have come before its clear. */
  readonly noteForFollowUp: string | undefined;
}

const NOTHING: CycleHandover = { mayHaveCleared: false, noteForFollowUp: undefined };

/**
 * What is known about one process while its cycle runs: its alarm (`AlarmKnowledge`, R7), the writes of our own that
 * have not come back through the binlog yet (R12), and what one cycle passes to the next.
 *
 * How a raise during a cycle is handled: `oneCyclePerProcess` puts it here, `runCycle` and `RowWriter` ask for it
 * before they write, and `raiseLeft` decides whether a follow-up cycle begins.
 */
export class CycleInbox {
  readonly #echoes: OwnWriteEchoes;
  /** Readings that were triggered before this sequence number tell nothing new. */
  #startedBy: number;
  #latestCause: number;
  #raises: Subject<void> | undefined;
  #knowledge = UNCHANGED;
  /** Whether the binlog may have missed a change during this cycle. */
  #hadGap = false;

  /** Whether this cycle has cleared the alarm in the table, or tried to. */
  hasCleared = false;

  /** When this cycle, or else the one before, last sent a clear; ms of the steady clock. */
  clearedAt = Number.NEGATIVE_INFINITY;

  /**
   * Whether the alarm may have been lowered since it was last raised, by a statement whose rows the binlog does not show, or
   * because a reading has not found it.
   */
  mayBeLowered = false;

  /** Until then, ms of the steady clock, a lowering that a relay tells may be older than the alarm that a reading has found. */
  doubtsLoweringsUntil = Number.NEGATIVE_INFINITY;

  /** The last change of the name in PROCESE that the cycle has not answered. */
  renaming: Renaming | undefined;
  /** When it was told: a reading that began before says nothing of it. */
  #renamedAt = 0;

  /** Whether a change that the binlog does not show may have changed the name, since it was last looked up. */
  mayBeRenamed = false;

  /** When a row change last raised the alarm during this cycle, ms of the steady clock. */
  raisedAt = Number.NEGATIVE_INFINITY;

  /**
   * Whether an earlier cycle may have cleared it. If a follow-up then finds the process unhealthy, it must raise the
   * alarm again.
   */
  followsClear: boolean;

  /** The note that the cycle before left to be written. */
  readonly inheritedNote: string | undefined;

  /** The note that this cycle leaves for its follow-up to write. */
  owedNote: string | undefined;

  /** `before`: the inbox of the last cycle. Late echoes of its writes must not be taken for changes by others. */
  constructor(
    alarm: Alarm,
    private readonly clock: Pick<LogicalClock, 'next'>,
    before?: CycleInbox,
  ) {
    this.#startedBy = alarm.causeSeq;
    this.#latestCause = alarm.causeSeq;
    const { mayHaveCleared, noteForFollowUp } = before ? before.#handover() : NOTHING;
    this.inheritedNote = noteForFollowUp;
    this.followsClear = mayHaveCleared;
    if (before) this.clearedAt = before.clearedAt;
    this.#echoes = new OwnWriteEchoes(before ? before.#echoes : undefined, alarm.notes);
  }

  /** Whether the alarm was raised again, or may have been, since the cycle began. */
  get raisedAgain(): boolean {
    return isRaisedAgain(this.#knowledge);
  }

  /** Whether a row change has shown a new raise since the cycle began. */
  get certainlyRaisedAgain(): boolean {
    return this.#knowledge.is === 'raised-again';
  }

  /** Whether somebody else cleared the alarm and no new raise is known since. */
  get withdrawn(): boolean {
    return this.#knowledge.is === 'withdrawn';
  }

  /** The same, and nothing in the binlog since then is a raise or may hide one. */
  get certainlyWithdrawn(): boolean {
    return this.#knowledge.is === 'withdrawn' && this.#knowledge.sure;
  }

  /**
   * Whether our clear may have overwritten a raise that the binlog has not shown us. If somebody else cleared the
   * alarm before, our clear should have changed nothing; a row that it did change was raised out of sight.
   */
  get isClearDoubtful(): boolean {
    return this.#hadGap || this.withdrawn;
  }

  /** The raise that needs a follow-up cycle. After a failed cycle only a certain raise counts. */
  raiseLeft(cycleSucceeded: boolean): Alarm | undefined {
    return pendingRaise(this.#knowledge, cycleSucceeded);
  }

  /**
   * An alarm that a reading found raised after the withdrawal. Only a reading from after the cycle can tell whether
   * it is a new one.
   */
  get unclear(): Alarm | undefined {
    return alarmToReread(this.#knowledge);
  }

  /** Emits at each row change that raises the alarm again. */
  get raises(): Observable<void> {
    this.#raises ??= new Subject();
    return this.#raises;
  }

  /**
   * Call this before a write of our own is sent, so that its row change is recognised when it comes back. Emits and
   * completes at that moment. The write has overwritten every raise that the binlog shows before it.
   */
  expectEcho(change: OwnChange, notes: string): Observable<void> {
    return this.#echoes.expect(change, notes);
  }

  /** Emits when a clear of an earlier cycle comes back that has not yet; undefined if there is none. */
  get lateClear(): Observable<void> | undefined {
    return this.#echoes.late('lowered');
  }

  /** The write changed nothing or cannot come back. A row change that looks like its echo was made by somebody else. */
  forgetEcho(change: OwnChange, notes: string): void {
    this.#echoes.forget(change, notes);
  }

  /**
   * The wait for a slot is over: the restart or the health check that begins now answers every raise that came before,
   * also one that a reading has been triggered for and has not found yet. Otherwise each of thousands of waiting cycles
   * would get one more health check, at the end of the queue.
   */
  endWait(): void {
    this.#hadGap = false;
    if (this.withdrawn) {
      // Whether there is something to answer is just what such a reading can tell.
      this.#startedBy = this.#latestCause;
      return;
    }
    this.#startedBy = this.clock.next();
    this.#knowledge = UNCHANGED;
  }

  /** A raise, or an alarm that a reading found raised. */
  takeAlarm(alarm: Alarm): void {
    this.#latestCause = Math.max(this.#latestCause, alarm.causeSeq);
    this.#learnNameOf(alarm);
    if (!alarm.raised) {
      // If the reconcile was triggered after the cycle began, it may have seen a new raise or still the old one.
      if (alarm.causeSeq > this.#startedBy) this.#learn({ kind: 'seen-raised', alarm });
      return;
    }
    if (this.takeEcho('raised', alarm.notes)) return;
    this.raisedAt = alarm.steadyAt;
    this.mayBeLowered = false;
    this.#learn({ kind: 'raised', alarm });
    this.#raises?.next();
  }

  /**
   * A change that may hide a raise: the SELECT that follows may come too late to see what our clear overwrote.
   * `mayBeRenamed`: it may also hide a change of PROCESE.
   */
  takePossibleRaise(mayBeLowered = false, mayBeRenamed = true): void {
    this.mayBeRenamed ||= mayBeRenamed;
    if (mayBeRenamed && this.renaming) this.takeRenaming({ processId: this.renaming.processId });
    this.mayBeLowered ||= mayBeLowered;
    this.#hadGap = true;
    this.#learn({ kind: 'hidden-change' });
  }

  /** Our clear may have overwritten a raise, so one more health check is needed (R12). */
  doubtClear(alarm: Alarm): void {
    this.#learn({ kind: 'clear-doubted', alarm: { ...alarm, raised: false } });
  }

  /** The binlog shows that the alarm was cleared; `isDoubted`: perhaps before it was raised. Returns whether it was by us. */
  takeLowering({ notes }: AlarmLowered, isDoubted = false): boolean {
    const isOurs = this.takeEcho('lowered', notes);
    if (isDoubted && !isOurs) this.takePossibleRaise(true, false);
    else this.#learn({ kind: isOurs ? 'own-clear-came-back' : 'lowered-by-others' });
    return isOurs;
  }

  /** The binlog shows that the process has another name. */
  takeRenaming(renaming: Renaming): void {
    this.renaming = renaming;
    this.#renamedAt = this.clock.next();
  }

  /** An alarm that comes after a new name was told has the name of its own commit, or must be asked for it. */
  #learnNameOf({ raised, readSeq, processId, processName }: Alarm): void {
    if (!this.renaming || (!raised && readSeq < this.#renamedAt)) return;
    this.takeRenaming(typeof processName === 'string' ? { processId, processName } : { processId });
  }

  /**
   * The binlog shows a statement of ours. A statement does not show its notes, so every write of ours counts as
   * returned.
   */
  takeOwnWrite(): void {
    this.#echoes.seeAll();
  }

  /** Whether this row change is the echo of a write of our own. */
  takeEcho(change: OwnChange, notes: string | null): boolean {
    return this.#echoes.isEcho(change, notes);
  }

  #handover(): CycleHandover {
    return { mayHaveCleared: this.hasCleared, noteForFollowUp: this.owedNote };
  }

  #learn(input: AlarmInput): void {
    this.#knowledge = nextKnowledge(this.#knowledge, input);
  }
}
