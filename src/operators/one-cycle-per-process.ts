import { Observable, type OperatorFunction, type Subscriber, tap } from 'rxjs';
import type { Alarm, AlarmLowered, AlarmSignal, LogicalClock } from '../domain/alarm/alarm.js';
import { CycleInbox } from './cycle-inbox.js';
import { ForwardingSubscriber } from './forwarding-subscriber.js';

export interface OneCyclePerProcessOptions<E> {
  /** `isFollowUp`: the alarm was raised during the cycle before; a health check decides first (R7). */
  readonly cycle: (alarm: Alarm, slot: CycleInbox, isFollowUp: boolean) => Observable<E>;
  /** Whether this event says that the cycle ended with a healthy process. */
  readonly isSuccess: (event: E) => boolean;
  /** Called at the end of each cycle, before anything follows it. */
  readonly onEnd?: (alarm: Alarm, slot: CycleInbox, isFaulted: boolean) => void;
  /** A cycle errored: what to tell downstream. The process is free for its next alarm (R13). */
  readonly onError: (error: unknown, alarm: Alarm) => E;
  /** A standing alarm was read before the alarm of this process was last cleared, or may have been: read again. */
  readonly onStale: (alarm: Alarm) => void;
  readonly order: LogicalClock;
}

/**
 * Runs one cycle per process at a time (R7). A raise that arrives meanwhile is kept, the latest wins, and gets a
 * follow-up cycle when the running one has ended. Standing alarms that a reconcile finds while their cycle runs are
 * the same alarm and start nothing. Processes are independent of each other. When the source completes no cycle is
 * started any more, and the result completes when the running ones have ended (R22).
 */
export function oneCyclePerProcess<E>(
  options: OneCyclePerProcessOptions<E>,
): OperatorFunction<AlarmSignal, E> {
  const { order } = options;
  return (source) =>
    new Observable<E>((subscriber) => {
      const slots = new Map<number, CycleInbox>();
      const lastSlots = new Map<number, CycleInbox>();
      /** Place in the order of events at which a cycle ended or an alarm was lowered; older readings are stale. */
      const settledAt = new Map<number, number>();
      let sourceDone = false;

      const run = (alarm: Alarm, isFollowUp: boolean): void => {
        const { processId } = alarm;
        const slot = new CycleInbox(alarm, lastSlots.get(processId));
        slots.set(processId, slot);
        new CycleRelay(subscriber, alarm, slot, options, end).run(isFollowUp);
      };
      const end = (slot: CycleInbox, processId: number, succeeded: boolean): void => {
        slots.delete(processId);
        lastSlots.set(processId, slot);
        settledAt.set(processId, order.next());
        if (!sourceDone) goOn(slot, succeeded);
        else if (slots.size === 0) subscriber.complete();
      };
      const goOn = (slot: CycleInbox, succeeded: boolean): void => {
        if (subscriber.closed) return;
        const raise = slot.raiseLeft(succeeded);
        if (raise) run(raise, true);
        else if (slot.unclear) options.onStale(slot.unclear);
      };

      const acceptAlarm = (alarm: Alarm): void => {
        const { processId } = alarm;
        const slot = slots.get(processId);
        if (slot) slot.takeAlarm(alarm);
        // The echo of our own raise may come after the cycle that wrote it.
        else if (alarm.raised && lastSlots.get(processId)?.takeEcho('raised', alarm.notes)) return;
        else if (!alarm.raised && alarm.readSeq < (settledAt.get(processId) ?? 0)) options.onStale(alarm);
        else run(alarm, false);
      };
      const acceptLowering = (lowering: AlarmLowered): void => {
        const { processId } = lowering;
        const slot = slots.get(processId);
        if (slot) {
          slot.takeLowering(lowering);
          return;
        }
        lastSlots.get(processId)?.takeEcho('lowered', lowering.notes);
        settledAt.set(processId, order.next());
      };
      const acceptManual = (alarm: Alarm, answer: (isBegun: boolean) => void): void => {
        const isFree = !slots.has(alarm.processId);
        // First: the cycle may end at once, and its end is news only to who knows of its begin.
        answer(isFree);
        if (isFree) run(alarm, false);
      };
      const accept = (signal: AlarmSignal): void => {
        if (subscriber.closed) return;
        if (signal.kind === 'alarm') acceptAlarm(signal.alarm);
        else if (signal.kind === 'lowered') acceptLowering(signal.lowering);
        else if (signal.kind === 'manual') acceptManual(signal.alarm, signal.answer);
        else if (signal.kind === 'probe') signal.passed();
        else if (signal.kind === 'own-write') slots.get(signal.processId)?.takeOwnWrite();
        else for (const slot of slots.values()) slot.takePossibleRaise();
      };

      subscriber.add(
        source.pipe(tap(accept)).subscribe({
          error: (error: unknown) => subscriber.error(error),
          complete: () => {
            sourceDone = true;
            if (slots.size === 0) subscriber.complete();
          },
        }),
      );
    });
}

/** What a running cycle is to this operator. */
class CycleRelay<E> extends ForwardingSubscriber<E> {
  #succeeded = false;

  constructor(
    to: Subscriber<E>,
    private readonly alarm: Alarm,
    private readonly slot: CycleInbox,
    private readonly options: OneCyclePerProcessOptions<E>,
    private readonly end: (slot: CycleInbox, processId: number, succeeded: boolean) => void,
  ) {
    super(to);
  }

  run(isFollowUp: boolean): void {
    const { options, alarm, slot } = this;
    this.guard(() => options.cycle(alarm, slot, isFollowUp).subscribe(this));
  }

  protected override _next(event: E): void {
    this.guard(() => {
      this.#succeeded ||= this.options.isSuccess(event);
      this.to.next(event);
    });
  }

  protected override _error(error: unknown): void {
    this.#end(error);
  }

  protected override _complete(): void {
    this.#end();
  }

  #end(...errors: readonly unknown[]): void {
    const { options, alarm, slot, to } = this;
    const faults = [...errors];
    try {
      options.onEnd?.(alarm, slot, faults.length > 0);
    } catch (fault) {
      faults.push(fault);
    }
    try {
      for (const fault of faults) to.next(options.onError(fault, alarm));
    } catch (fault) {
      to.error(fault);
    }
    this.#leave();
  }

  #leave(): void {
    const { slot, alarm } = this;
    this.unsubscribe();
    this.end(slot, alarm.processId, this.#succeeded);
  }
}
