import { Observable, type SchedulerLike, type Subscriber } from 'rxjs';
import { type Alarm, isOnRequest } from '../domain/alarm/alarm.js';
import type { CycleEvent } from '../domain/cycle/cycle-event.js';
import {
  type AwaitedRow,
  findAwaited,
  isAwaited,
  type RestartOrder,
  type RowState,
} from '../domain/cycle/restart-order.js';
import type { CycleCapacity } from '../operators/cycle-capacity.js';
import type { CycleInbox } from '../operators/cycle-inbox.js';
import { OrderedRows } from './ordered-rows.js';

interface WaitsInOrderOptions {
  readonly scheduler: SchedulerLike;
  /** Whether any process has an order. If not, nothing is remembered here. */
  readonly isInUse: () => boolean;
  /** Whether some other process requires the one of this name. */
  readonly isRequired: (processName: string) => boolean;
  /** Cycles that wait here leave their room to others. */
  readonly capacity: CycleCapacity;
  /** How many cycles may wait; absent: 1000. */
  readonly maxWaiting?: number;
}

/** What a cycle waits for; `isPostponed`: it does not wait, because too many wait. */
interface OrderedWait {
  readonly rows: readonly RowState[];
  readonly isPostponed: boolean;
}

/** How many cycles may wait, and leave their room to others. The table is the queue for all others. */
const MAX_WAITING = 1000;
/** How long a name may be looked up that could be one to wait for, ms: the database may be away for longer. */
const MAX_LOOK_UP_MS = 3000;

/**
 * Makes each cycle wait for the processes that `after` and `requires` name (R35). A cycle that waits here holds no slot, no
 * target and no permit.
 *
 * Every decision is made a moment after its cause. By then all alarms of one page or of one transaction are known,
 * whatever the order of their rows, and every observer has seen the verdict that ends a wait.
 */
export class WaitsInOrder {
  readonly #rows: OrderedRows;
  readonly #waits = new Set<Wait>();
  /** The processes that wait, and those they wait for: only an event of one of them can end a wait. */
  #concerned = new Set<number>();
  #isDue = false;
  #waiting = 0;

  constructor(private readonly options: WaitsInOrderOptions) {
    this.#rows = new OrderedRows(options.isRequired);
  }

  /** How many cycles wait for another process. */
  get waiting(): number {
    return this.#waiting;
  }

  /**
   * Emits the rows that the cycle of this process waits for, at once and at each event that concerns them. Completes when
   * it waits for none, or the alarm that it is for is gone. It does not wait for alarms that come later. `order` is called
   * for each decision, because a reload may change it. If too many wait, one that `mayBePostponed` does not: waiting cycles
   * of one process would fill the room for all others.
   */
  wait(
    order: () => RestartOrder,
    alarm: Alarm,
    inbox: CycleInbox,
    mayBePostponed: boolean,
  ): Observable<OrderedWait> {
    const { scheduler } = this.options;
    const { processId } = alarm;
    const isForAlarm = !isOnRequest(alarm);
    return new Observable((subscriber) => {
      const asked = {
        subscriber,
        order,
        processId,
        isForAlarm,
        inbox,
        mayBePostponed: mayBePostponed && isForAlarm,
      };
      const wait: Wait = { ...asked, isLate: false, isWaiting: false, isAside: false };
      this.#waits.add(wait);
      this.#concerned.add(processId);
      this.#decideSoon(processId);
      const endLookUps = (): void => {
        wait.isLate = true;
        this.#decideSoon(processId);
      };
      subscriber.add(scheduler.schedule(endLookUps, MAX_LOOK_UP_MS));
      return () => this.#leave(wait);
    });
  }

  /** The configuration has changed. */
  reconsider(): void {
    for (const { processId } of this.#waits) this.#decideSoon(processId);
  }

  begun(alarm: Alarm, inbox: CycleInbox, beginsWithCheck: boolean): void {
    if (!this.options.isInUse()) return;
    this.#rows.begin(alarm, inbox, beginsWithCheck, this.options.scheduler.now());
    this.#decideSoon(alarm.processId);
  }

  /** `isFaulted`: an error of ours ended it. `isLast`: no cycle follows it, although its alarm may be raised again. */
  ended(processId: number, isFaulted: boolean, isLast: boolean): void {
    if (!this.#rows.get(processId)) return;
    this.#rows.end(processId, isFaulted, isLast);
    this.#decideSoon(processId);
  }

  onEvent(event: CycleEvent): void {
    if (!this.#rows.get(event.processId)) return;
    this.#rows.onEvent(event);
    this.#decideSoon(event.processId);
  }

  /** The binlog shows that the alarm was raised. */
  raised(processId: number): void {
    this.#rows.raise(processId, this.options.scheduler.now());
  }

  /** The binlog shows that the alarm was lowered, or the reading that found it may be older than its last clear. */
  lowered(processId: number): void {
    this.#rows.lower(processId, this.options.scheduler.now());
    this.#decideSoon(processId);
  }

  /** A page of the raised alarms, whose reading began at `readAt`, ms of the steady clock. */
  onPage(
    alarms: readonly Alarm[],
    isGone: (processId: number) => boolean,
    isHandled: (alarm: Alarm) => boolean,
    readAt: number,
  ): void {
    this.#rows.find(alarms, isHandled, readAt);
    for (const processId of this.#rows.dropGone(isGone, readAt)) this.#decideSoon(processId);
  }

  #decideSoon(processId: number): void {
    if (this.#isDue || !this.#concerned.has(processId)) return;
    this.#isDue = true;
    this.options.scheduler.schedule(() => {
      this.#isDue = false;
      // A copy: a wait that ends may begin others.
      for (const wait of [...this.#waits]) this.#decide(wait);
      this.#concerned = new Set(
        [...this.#waits].flatMap(({ processId: id, awaited = [] }) => [
          id,
          ...awaited.map((row) => row.processId),
        ]),
      );
    });
  }

  #decide(wait: Wait): void {
    const { subscriber, processId, isForAlarm, inbox } = wait;
    if (subscriber.closed) return;
    const order = wait.order();
    wait.awaited ??= findAwaited(order, processId, this.#rows.all);
    const awaited = wait.awaited.filter((awaitedRow) => {
      const row = this.#rows.get(awaitedRow.processId);
      return isAwaited(order, awaitedRow, row) && !(wait.isLate && row?.processName === undefined);
    });
    wait.awaited = awaited;
    const isGone = isForAlarm && (inbox.withdrawn || this.#rows.get(processId)?.isGone === true);
    if (awaited.length === 0 || isGone) {
      subscriber.complete();
      return;
    }
    const rows = awaited.flatMap((row) => this.#rows.get(row.processId) ?? []);
    if (!wait.isWaiting) {
      const isFull = this.#waiting >= (this.options.maxWaiting ?? MAX_WAITING);
      if (isFull && wait.mayBePostponed) {
        subscriber.next({ rows, isPostponed: true });
        subscriber.complete();
        return;
      }
      wait.isWaiting = true;
      this.#waiting += 1;
      wait.isAside = !isFull;
      if (wait.isAside) this.options.capacity.end();
    }
    subscriber.next({ rows, isPostponed: false });
  }

  #leave(wait: Wait): void {
    this.#waits.delete(wait);
    if (wait.isWaiting) this.#waiting -= 1;
    if (wait.isAside) this.options.capacity.begin();
  }
}

interface Wait {
  readonly subscriber: Subscriber<OrderedWait>;
  readonly order: () => RestartOrder;
  readonly processId: number;
  /** If not, `restart_with` asked for it, with or without an alarm. */
  readonly isForAlarm: boolean;
  readonly mayBePostponed: boolean;
  readonly inbox: CycleInbox;
  /** It no longer waits for a process whose name is not known. */
  isLate: boolean;
  /** Undefined until it has been decided. */
  awaited?: readonly AwaitedRow[];
  isWaiting: boolean;
  isAside: boolean;
}
