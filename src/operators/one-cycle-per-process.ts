import { catchError, defer, EMPTY, Observable, type OperatorFunction } from 'rxjs';
import type { Alarm, EventOrder, ProcessSignal } from '../domain/alarm.js';
import { ProcessSlot } from './process-slot.js';

export interface OneCyclePerProcess<E> {
  /** `isFollowUp`: the alarm was raised during the cycle before; a health check decides first (R7). */
  readonly cycle: (alarm: Alarm, slot: ProcessSlot, isFollowUp: boolean) => Observable<E>;
  /** Whether this event says that the cycle ended with a healthy process. */
  readonly isSuccess: (event: E) => boolean;
  /** A cycle errored: what to tell downstream. The process is free for its next alarm (R13). */
  readonly onError: (error: unknown, alarm: Alarm) => E;
  /** A standing alarm was read before our last cycle of it ended, so it may be the one just cleared: read again. */
  readonly onStale: (alarm: Alarm) => void;
  readonly order: EventOrder;
}

/**
 * Runs one cycle per process at a time (R7). A raise that arrives meanwhile is kept, the latest wins, and gets a
 * follow-up cycle when the running one has ended. Standing alarms that a reconcile finds while their cycle runs are
 * the same alarm and start nothing. Processes are independent of each other. When the source completes no cycle is
 * started any more, and the result completes when the running ones have ended (R22).
 */
export function oneCyclePerProcess<E>(options: OneCyclePerProcess<E>): OperatorFunction<ProcessSignal, E> {
  return (source) =>
    new Observable<E>((subscriber) => {
      const slots = new Map<number, ProcessSlot>();
      const endedAt = new Map<number, number>();
      let sourceDone = false;

      const run = (alarm: Alarm, isFollowUp: boolean): void => {
        const slot = new ProcessSlot(alarm);
        slots.set(alarm.processId, slot);
        let succeeded = false;
        const cycle = defer(() => options.cycle(alarm, slot, isFollowUp)).pipe(
          catchError((error: unknown) => {
            subscriber.next(options.onError(error, alarm));
            return EMPTY;
          }),
        );
        subscriber.add(
          cycle.subscribe({
            next: (event) => {
              succeeded ||= options.isSuccess(event);
              subscriber.next(event);
            },
            complete: () => {
              slots.delete(alarm.processId);
              endedAt.set(alarm.processId, options.order.next());
              const raise = slot.raiseLeft(succeeded);
              if (raise && !sourceDone) run(raise, true);
              else if (sourceDone && slots.size === 0) subscriber.complete();
            },
          }),
        );
      };

      const accept = (signal: ProcessSignal): void => {
        if (signal.kind === 'lowered') {
          slots.get(signal.lowering.processId)?.takeLowering(signal.lowering);
          return;
        }
        if (signal.kind === 'own-write') {
          slots.get(signal.processId)?.takeOwnWrite();
          return;
        }
        const { alarm } = signal;
        const slot = slots.get(alarm.processId);
        if (slot) slot.takeAlarm(alarm);
        else if (!alarm.raised && alarm.knownAt < (endedAt.get(alarm.processId) ?? 0)) options.onStale(alarm);
        else run(alarm, false);
      };

      subscriber.add(
        source.subscribe({
          next: accept,
          error: (error: unknown) => subscriber.error(error),
          complete: () => {
            sourceDone = true;
            if (slots.size === 0) subscriber.complete();
          },
        }),
      );
    });
}
