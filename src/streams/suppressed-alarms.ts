import { type Alarm, displayName, type Trigger } from '../domain/alarm/alarm.js';
import { isNoteOf } from '../domain/alarm/format-note.js';
import { HandledAlarms } from '../domain/alarm/handled-alarms.js';
import type { StatementEffect } from '../domain/alarm/statement-effect.js';
import type { CycleEvent } from '../domain/cycle/cycle-event.js';
import type { CycleInbox } from '../operators/cycle-inbox.js';
import { AlarmsSinceBegin } from './alarms-since-begin.js';
import type { HeldBy } from './held-by.js';
import { ReportLimit } from './report-limit.js';
import {
  hasLostNote,
  MAX_REMEMBERED,
  remember,
  type Suppression,
  WHILE_ITS_CYCLE_RUNS,
} from './suppression.js';

/** What is known of the alarm at the end of its cycle. */
type CycleEnd = Pick<CycleInbox, 'withdrawn' | 'certainlyWithdrawn' | 'hasCleared' | 'followsClear'>;

/**
 * The standing alarms that a reconcile must not handle:
 *
 * - failed and postponed cycles, until the next `check_interval` (R10) or until their breaker is half-open;
 * - refused and excluded names, while the name in the row stays the same;
 * - paused processes, until the pause ends;
 * - handled alarms, if the service does not write to the table.
 *
 * A new raise is never suppressed. Only some refused, excluded and paused names are remembered. Beyond that, a
 * refused row is recognised by its note, and the others are not reported.
 */
export class SuppressedAlarms {
  readonly #failed = new Map<number, Suppression>();
  /** Also what is excluded. */
  readonly #refused = new Map<number, Suppression>();
  readonly #paused = new Map<number, Suppression>();
  readonly #all = [this.#failed, this.#refused, this.#paused];
  readonly #reports = new ReportLimit();
  readonly #sinceBegin = new AlarmsSinceBegin();
  /** Processes whose alarm may have been raised again during their last cycle, with the sequence number of its end. */
  readonly #raisedMeanwhile = new Map<number, number>();

  /** `acknowledges`: whether handled alarms are cleared in the table. If so they need not be remembered. */
  constructor(
    readonly answered: HandledAlarms = new HandledAlarms(),
    private readonly acknowledges: () => boolean = () => true,
  ) {}

  /** Whether a reconcile must not handle this alarm. */
  isSuppressed(alarm: Alarm): boolean {
    if (alarm.raised) return false;
    if (this.isHandled(alarm)) return true;
    if (this.#sinceBegin.mayBeNew(alarm)) return false;
    const name = displayName(alarm.processId, alarm.processName);
    return this.#all.some((entries) => {
      const entry = entries.get(alarm.processId);
      return entry?.name === name && !hasLostNote(entry, alarm);
    });
  }

  /** Whether it was handled, and stays raised because the service does not write to the table. */
  isHandled(alarm: Alarm): boolean {
    return !this.acknowledges() && this.answered.isHandled(alarm);
  }

  /**
   * Whether an alarm that is refused, excluded or paused, but not remembered yet, is reported now. If not, the next
   * reading finds it again.
   */
  isReportedNow(alarm: Alarm, reason: HeldBy): boolean {
    if (this.#reports.isReached) return false;
    const known = reason === 'paused' ? this.#paused : this.#refused;
    const isDue =
      known.size < MAX_REMEMBERED ||
      (reason === 'refused' && this.acknowledges() && !isNoteOf('REFUSED', alarm.notes));
    return isDue && this.#reports.take(alarm.steadyAt);
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
      case 'postponed':
        this.#failed.set(event.processId, { since: WHILE_ITS_CYCLE_RUNS, name: event.processName });
        return;
      case 'refused':
      case 'excluded':
        this.#reports.begin(event.processId);
        remember(this.#refused, event, since);
        return;
      case 'paused':
        this.#reports.begin(event.processId);
        remember(this.#paused, event, WHILE_ITS_CYCLE_RUNS);
        if (event.alarm.raised) this.answered.remove(event.processId);
        return;
      case 'detected':
        if (event.alarm.raised) this.answered.remove(event.processId);
        return;
      case 'noted':
        this.#noteWritten(event, since);
        return;
      case 'answered':
        this.answered.add(event.processId, since);
        return;
      case 'attempt-started':
        this.#sinceBegin.beginAttempt(event.processId, since);
        this.answered.remove(event.processId);
        return;
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

  /**
   * The binlog showed a statement without its rows. An alarm that it may have lowered is no longer suppressed if a later
   * reading finds it raised.
   */
  takeStatement(effect: StatementEffect, seq: number, now: number): void {
    this.#sinceBegin.takeStatement(effect, seq, now);
    // If the statement does not say whose alarm it lowered, all alarms that were ever handled would be handled again.
    if (effect.lowers !== 'any') for (const id of effect.lowers) this.answered.lower(id, now);
  }

  /** Somebody else has lowered the alarm of this process, as a row change shows: the next one is new. */
  takeLowering(processId: number, now: number): void {
    this.answered.lower(processId, now);
    if (!this.#all.some((entries) => entries.get(processId)?.since === WHILE_ITS_CYCLE_RUNS))
      this.#forget(processId);
  }

  /**
   * Whether a raise that a relay tells is that of an alarm which a reading has found before, and whose cycle has failed: nothing
   * has lowered it since. It waits for the next check like that (R10).
   */
  isRaiseOfFailed({ processId, processName }: Alarm): boolean {
    const failed = this.#failed.get(processId);
    if (!failed || failed.since === WHILE_ITS_CYCLE_RUNS) return false;
    if (processName !== undefined && failed.name !== displayName(processId, processName)) return false;
    return this.#sinceBegin.has(processId) && !this.#sinceBegin.mayBeLowered(processId);
  }

  /** Returns whether this alarm may have been raised during the cycle before: a health check decides first (R7). */
  noteBegin(alarm: Alarm, inbox: CycleInbox): boolean {
    this.#sinceBegin.begin(alarm, inbox);
    return this.#raisedMeanwhile.delete(alarm.processId);
  }

  /**
   * The cycle of this process has ended, at sequence number `since`: its last write is in the row. Returns why the
   * table must be read: the alarm may have been raised again meanwhile and nothing shows that, or may be tried again already.
   */
  noteEnd(processId: number, since: number, inbox: CycleEnd): Trigger | undefined {
    this.#reports.end(processId);
    for (const entries of [this.#failed, this.#paused]) {
      const entry = entries.get(processId);
      if (entry?.since === WHILE_ITS_CYCLE_RUNS) entry.since = since;
    }
    const isDoubtful = this.#isRaisedMeanwhile(processId, inbox);
    if (isDoubtful) this.#raisedMeanwhile.set(processId, since);
    const released = this.#sinceBegin.takeRelease(processId);
    if (!this.#isKept(processId)) this.#sinceBegin.forget(processId);
    return isDoubtful ? 'binlog' : released;
  }

  /** Whether the alarm may have been lowered during its cycle, and raised again. If it was lowered, nothing is kept of it. */
  #isRaisedMeanwhile(processId: number, inbox: CycleEnd): boolean {
    const isKept = this.#isKept(processId);
    // Our own clear may have lowered what a reading lacked.
    const wasGone = this.#sinceBegin.wasGone(processId) && !inbox.hasCleared && !inbox.followsClear;
    if (!inbox.withdrawn && !wasGone) return isKept && this.#sinceBegin.mayBeLowered(processId);
    const isHeld = isKept || (!this.acknowledges() && this.answered.has(processId));
    this.#forget(processId);
    this.answered.remove(processId);
    return isHeld && !inbox.certainlyWithdrawn;
  }

  #forget(processId: number): void {
    for (const entries of this.#all) entries.delete(processId);
  }

  #noteWritten({ processId }: CycleEvent, since: number): void {
    const entry = this.#refused.get(processId);
    if (entry) entry.notedAt = since;
  }

  #isKept(processId: number): boolean {
    return this.#all.some((entries) => entries.has(processId));
  }

  /** `check_interval` has passed: all failed cycles may be tried again. */
  releaseFailed(): void {
    for (const id of this.#failed.keys()) this.#release(this.#failed, id, 'poll');
  }

  /** The configuration has changed: failed, refused and excluded alarms may be handled again. */
  releaseAll(): void {
    for (const id of this.#failed.keys()) this.#release(this.#failed, id, 'reconnect');
    this.#refused.clear();
  }

  /** A pause has ended: alarms of processes that no other pause applies to may be handled again. */
  releasePaused(isPaused: (processName: string, processId: number) => boolean): void {
    for (const [id, { name }] of this.#paused)
      if (!isPaused(name, id)) this.#release(this.#paused, id, 'resume');
  }

  /** The breaker of this process has become half-open, or was closed by hand: its failed cycle may be tried again. */
  release(processId: number): void {
    this.#release(this.#failed, processId, 'circuit-reset');
  }

  #release(entries: Map<number, Suppression>, processId: number, trigger: Trigger): void {
    // What the reading that follows finds of it belongs to its cycle, which may write for long while the database is away.
    if (entries.get(processId)?.since === WHILE_ITS_CYCLE_RUNS) this.#sinceBegin.release(processId, trigger);
    entries.delete(processId);
  }

  /** It was raised again, and no cycle handles that: the reading that finds it must not take it for the old alarm. */
  releaseRaised(processId: number): void {
    this.#failed.delete(processId);
    this.answered.remove(processId);
  }

  /**
   * A page shows that these alarms are gone: the next alarm of their process is new. Its SELECT began at `readSeq`; what
   * was noted after that may concern an alarm that the SELECT was too early to see. `readAt`: when that was, ms of
   * the steady clock.
   */
  forgetGone(isGone: (processId: number) => boolean, readSeq: number, readAt: number): void {
    this.#sinceBegin.takePage(isGone, readSeq, readAt);
    for (const entries of this.#all) {
      for (const [id, { since }] of entries) if (since < readSeq && isGone(id)) entries.delete(id);
    }
    for (const [id, since] of this.#raisedMeanwhile) {
      if (since < readSeq && isGone(id)) this.#raisedMeanwhile.delete(id);
    }
    this.answered.forgetGone(isGone, readSeq);
  }
}
