import { type Alarm, isOnRequest } from '../domain/alarm/alarm.js';
import type { CycleEvent } from '../domain/cycle/cycle-event.js';
import type { RowState } from '../domain/cycle/restart-order.js';
import type { CycleInbox } from '../operators/cycle-inbox.js';

/** Events that end the wait for a cycle. Nobody waits for the write that follows: the database may be away. */
const VERDICTS: ReadonlyMap<CycleEvent['type'], 'settled' | 'stands'> = new Map([
  ['verified', 'settled'],
  ['withdrawn', 'settled'],
  ['told-late', 'settled'],
  ['exhausted', 'stands'],
  ['refused', 'stands'],
  ['excluded', 'stands'],
  ['paused', 'stands'],
  ['skipped-open', 'stands'],
  ['flapping', 'stands'],
  ['faulted', 'stands'],
  ['postponed', 'stands'],
]);

/** What `WaitsInOrder` knows of one row: its alarm, and the cycle that runs for it. */
export class OrderedRow implements RowState {
  processName: string | null | undefined;
  verdicts = 0;
  stands = false;
  settled = 0;
  /** During its cycle a reading has shown that its alarm is gone. */
  isGone = false;
  /** When the binlog showed the raise, ms; a raise that a reading has found is visible to the next one. */
  raisedAt = Number.NEGATIVE_INFINITY;
  #inbox: CycleInbox | undefined;
  #isDecided = false;
  /** Its restart or its health check has begun: a raise from now on needs another cycle. */
  #hasBegun = false;

  constructor(readonly processId: number) {}

  get isRunning(): boolean {
    return this.#inbox !== undefined;
  }

  get verdictsDue(): number {
    if (!this.#inbox) return 0;
    const isRaisedAgain = this.#inbox.certainlyRaisedAgain && (this.#hasBegun || this.#isDecided);
    return (this.#isDecided ? 0 : 1) + (isRaisedAgain ? 1 : 0);
  }

  /** A reading has found its alarm, and no cycle of it runs. */
  find(processName: string): void {
    this.processName = processName;
    this.stands = true;
  }

  begin(alarm: Alarm, inbox: CycleInbox, beginsWithCheck: boolean, now: number): void {
    const { processName, raised } = alarm;
    this.processName = processName;
    this.#inbox = inbox;
    this.#isDecided = false;
    this.#hasBegun = beginsWithCheck;
    this.isGone = false;
    // A restart that was asked for, or a check of what an earlier run has cleared, has no alarm.
    if (!isOnRequest(alarm) && (raised || processName !== undefined)) this.stands = true;
    if (raised) this.raisedAt = now;
  }

  raise(now: number): void {
    this.stands = true;
    this.isGone = false;
    this.raisedAt = now;
  }

  onEvent(event: CycleEvent): void {
    const { type } = event;
    this.processName ??= event.processName;
    if (type === 'pre-restart-started' || type === 'attempt-started') this.#hasBegun = true;
    if (type === 'cleared') this.#settle();
    const verdict = type === 'rechecked' ? (event.healthy ? 'settled' : undefined) : VERDICTS.get(type);
    if (verdict === undefined || this.#isDecided) return;
    if (verdict === 'settled') this.#settle();
    this.#decideNow();
  }

  /** Returns whether another cycle follows. */
  end(isFaulted: boolean, isLast: boolean): boolean {
    if (!this.#isDecided) {
      // It belongs to another host, or has another name now.
      if (!isFaulted) this.#settle();
      this.#decideNow();
    }
    if (!isLast && this.#inbox?.certainlyRaisedAgain) return true;
    this.#inbox = undefined;
    return false;
  }

  #decideNow(): void {
    this.#isDecided = true;
    this.verdicts += 1;
  }

  /** An alarm that was raised during the cycle stays raised. */
  #settle(): void {
    if (this.#inbox?.certainlyRaisedAgain) return;
    this.stands = false;
    this.settled += 1;
  }
}
