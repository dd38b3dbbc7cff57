import { type Observable, Subject } from 'rxjs';
import type { Alarm, AlarmLowered } from '../domain/alarm/alarm.js';
import {
  type AlarmInput,
  alarmToReread,
  isRaisedAgain,
  nextKnowledge,
  pendingRaise,
  UNCHANGED,
} from '../domain/alarm/alarm-knowledge.js';
import { type OwnChange, OwnWriteEchoes } from './own-write-echoes.js';

/** What a cycle leaves to the next one of its process, and to no other. */
interface CycleHandover {
  /** The cycle has taken the alarm back in the table, or tried to. */
  readonly mayHaveCleared: boolean;
  /** What it left for its follow-up to write, because a raise may have come before its clear. */
  readonly noteForFollowUp: string | undefined;
}

const NOTHING: CycleHandover = { mayHaveCleared: false, noteForFollowUp: undefined };

/**
 * What is kept about one process while its cycle runs: what is known of its alarm (`AlarmKnowledge`, R7), which writes of
 * our own are still to be seen in the binlog (R12), and what passes between this cycle and the next.
 */
export class CycleInbox {
  readonly #echoes: OwnWriteEchoes;
  readonly #startedBy: number;
  #raises: Subject<void> | undefined;
  #knowledge = UNCHANGED;
  /** The binlog was blind at some time in this cycle. */
  #hadGap = false;

  /** Whether the cycle has taken the alarm back in the table, or tried to. */
  hasCleared = false;

  /** Whether a cycle before may have done so: a follow-up that finds the process ill must put the alarm back. */
  followsClear: boolean;

  /** What the cycle before left to be written. */
  readonly inheritedNote: string | undefined;

  /** What this cycle leaves for its follow-up to write. */
  owedNote: string | undefined;

  /** `before`: the inbox of the last cycle; a write of its that comes back late must not pass for a foreign one. */
  constructor(alarm: Alarm, before?: CycleInbox) {
    this.#startedBy = alarm.causeSeq;
    const { mayHaveCleared, noteForFollowUp } = before ? before.#handover() : NOTHING;
    this.inheritedNote = noteForFollowUp;
    this.followsClear = mayHaveCleared;
    this.#echoes = new OwnWriteEchoes(before ? before.#echoes : undefined, alarm.notes);
  }

  /** Whether the alarm was raised again, or may have been, since the cycle began. */
  get raisedAgain(): boolean {
    return isRaisedAgain(this.#knowledge);
  }

  /** Whether a row change has told of a new raise since the cycle began. */
  get certainlyRaisedAgain(): boolean {
    return this.#knowledge.is === 'raised-again';
  }

  /** Whether somebody else cleared the alarm and nobody is known to have raised it since. */
  get withdrawn(): boolean {
    return this.#knowledge.is === 'withdrawn';
  }

  /** Whether somebody else cleared the alarm and nothing that came since in the binlog tells of a raise, or may be one. */
  get certainlyWithdrawn(): boolean {
    return this.#knowledge.is === 'withdrawn' && this.#knowledge.sure;
  }

  /**
   * Whether a clear of ours may have overwritten a raise that the binlog has not shown to us. After somebody else's clear
   * ours should have found nothing: what it found was kept out of the binlog.
   */
  get isClearDoubtful(): boolean {
    return this.#hadGap || this.withdrawn;
  }

  /** The raise that must be answered when the cycle has ended; after a failed cycle only one that is certain. */
  raiseLeft(cycleSucceeded: boolean): Alarm | undefined {
    return pendingRaise(this.#knowledge, cycleSucceeded);
  }

  /** An alarm seen standing after the withdrawal: only a reading from after the cycle tells whether it is a new one. */
  get unclear(): Alarm | undefined {
    return alarmToReread(this.#knowledge);
  }

  /** Emits at each row change that raises the alarm again. */
  get raises(): Observable<void> {
    this.#raises ??= new Subject();
    return this.#raises;
  }

  /**
   * Tells of an own write before it is sent, so that its row change is known when it comes back. Emits and completes
   * when it does; a raise that the binlog has before it was overwritten by it.
   */
  expectEcho(change: OwnChange, notes: string): Observable<void> {
    return this.#echoes.expect(change, notes);
  }

  /** The write changed nothing, or cannot come back: what looks like its echo is somebody else's change. */
  forgetEcho(change: OwnChange, notes: string): void {
    this.#echoes.forget(change, notes);
  }

  takeAlarm(alarm: Alarm): void {
    if (!alarm.raised) {
      // A reconcile for an event that came after the cycle began may have read a new raise, or still the old one.
      if (alarm.causeSeq > this.#startedBy) this.#learn({ kind: 'seen-raised', alarm });
      return;
    }
    if (this.takeEcho('raised', alarm.notes)) return;
    this.#learn({ kind: 'raised', alarm });
    this.#raises?.next();
  }

  /** A change that may be a raise: a SELECT that follows it can come too late to see what a clear of ours overwrote. */
  takePossibleRaise(): void {
    this.#hadGap = true;
    this.#learn({ kind: 'hidden-change' });
  }

  /** The clear that was written may have overwritten a raise: one more health check must tell (R12). */
  doubtClear(alarm: Alarm): void {
    this.#learn({ kind: 'clear-doubted', alarm: { ...alarm, raised: false } });
  }

  takeLowering({ notes }: AlarmLowered): void {
    const isOurs = this.takeEcho('lowered', notes);
    this.#learn({ kind: isOurs ? 'own-clear-came-back' : 'lowered-by-others' });
  }

  /** A statement does not tell its notes: any of ours that comes back is taken for the last one sent. */
  takeOwnWrite(): void {
    this.#echoes.seeAll();
  }

  /** Whether this row change is a write of our own that has come back. */
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
