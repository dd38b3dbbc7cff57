import { Observable, type OperatorFunction, type Subscriber, tap } from 'rxjs';
import type { Alarm, AlarmLowered, AlarmSignal } from '../domain/alarm/alarm.js';
import { includesProcess, NO_EFFECT } from '../domain/alarm/statement-effect.js';
import { BoundedMap } from '../domain/bounded-map.js';
import type { LogicalClock } from '../domain/logical-clock.js';
import type { CycleCapacity } from './cycle-capacity.js';
import { CycleInbox } from './cycle-inbox.js';
import { ForwardingSubscriber } from './forwarding-subscriber.js';
import { SettledProcesses } from './settled-processes.js';

export interface OneCyclePerProcessOptions<E> {
  /** `isFollowUp`: the alarm was raised during the cycle before, so a health check decides first (R7). */
  readonly cycle: (alarm: Alarm, inbox: CycleInbox, isFollowUp: boolean) => Observable<E>;
  /** Whether this event says that the cycle ended with a healthy process. */
  readonly isSuccess: (event: E) => boolean;
  /** Called at the end of each cycle, before a follow-up begins. */
  readonly onEnd?: (alarm: Alarm, inbox: CycleInbox, isFaulted: boolean) => void;
  /** Makes the event for a cycle that errored. The process is free for its next alarm (R13). */
  readonly onError: (error: unknown, alarm: Alarm) => E;
  /** Whether a standing alarm was read so soon after somebody else has lowered it that it may be the old one (R3). */
  readonly isReadTooSoon?: (alarm: Alarm) => boolean;
  /**
   * Called when a standing alarm was read too soon, or before, or possibly before, the last clear of its process: the
   * table must be read again.
   */
  readonly onStale: (alarm: Alarm) => void;
  /** Whether a lowering that comes now may be older than the alarm of this cycle. It takes back nothing by itself then. */
  readonly isLoweringDoubted?: (inbox: CycleInbox) => boolean;
  /** A row change has lowered the alarm of this process, and it is not the echo of a write of our own. */
  readonly onLoweredByOthers?: (processId: number, isDoubted: boolean) => void;
  /** There are so many cycles that a row change found no room: its alarm must be read from the table later. */
  readonly onNoRoom: (alarm: Alarm) => void;
  readonly capacity: CycleCapacity;
  readonly clock: LogicalClock;
}

/**
 * Runs one cycle per process at a time (R7). A raise that arrives during a cycle is kept in its `CycleInbox`; the
 * latest one wins. When the cycle has ended, `pendingRaise` (alarm-knowledge.ts) decides whether it gets a follow-up
 * cycle. A standing alarm that a reconcile finds while its cycle runs is the same alarm and starts nothing. Processes do
 * not affect each other here; `RestartSlots` keeps two of them with one system name apart. A row change that finds no
 * room is dropped; who reads the table asks the `capacity` first. When the source completes, no further cycle starts,
 * and the result completes when the running ones have ended (R22).
 */
export function oneCyclePerProcess<E>(
  options: OneCyclePerProcessOptions<E>,
): OperatorFunction<AlarmSignal, E> {
  const { clock, capacity } = options;
  return (source) =>
    new Observable<E>((subscriber) => {
      const inboxes = new Map<number, CycleInbox>();
      const lastInboxes = new BoundedMap<number, CycleInbox>(MAX_LAST_INBOXES);
      const settled = new SettledProcesses();
      let sourceDone = false;

      const run = (alarm: Alarm, isFollowUp: boolean): void => {
        const { processId } = alarm;
        const before = lastInboxes.get(processId);
        const inbox = new CycleInbox(alarm, clock, before);
        // Nobody has told a cycle that begins now, except through the one before.
        if (isFollowUp && before) inbox.renaming = before.renaming;
        inboxes.set(processId, inbox);
        capacity.begin();
        new CycleRelay(subscriber, alarm, inbox, options, end).run(isFollowUp);
      };
      const end = (inbox: CycleInbox, processId: number, succeeded: boolean): void => {
        inboxes.delete(processId);
        lastInboxes.set(processId, inbox);
        settled.add(processId, clock.next());
        if (!sourceDone) goOn(inbox, succeeded);
        else if (inboxes.size === 0) subscriber.complete();
        // Last: its follow-up goes before what is read now.
        capacity.end();
      };
      const goOn = (inbox: CycleInbox, succeeded: boolean): void => {
        if (subscriber.closed) return;
        const raise = inbox.raiseLeft(succeeded);
        if (raise) run(raise, true);
        else if (inbox.unclear) options.onStale(inbox.unclear);
      };

      const isStale = (alarm: Alarm): boolean =>
        settled.isStale(alarm.processId, alarm.readSeq) || options.isReadTooSoon?.(alarm) === true;
      const acceptAlarm = (alarm: Alarm): void => {
        const { processId } = alarm;
        const inbox = inboxes.get(processId);
        if (inbox) inbox.takeAlarm(alarm);
        // The echo of our own raise may come after the cycle that wrote it has ended.
        else if (alarm.raised && lastInboxes.get(processId)?.takeEcho('raised', alarm.notes)) return;
        else if (!alarm.raised && isStale(alarm)) options.onStale(alarm);
        else if (alarm.raised && !capacity.hasRoomForRaise) options.onNoRoom(alarm);
        else run(alarm, false);
      };
      const acceptLowering = (lowering: AlarmLowered): void => {
        const { processId } = lowering;
        const inbox = inboxes.get(processId);
        const isDoubted = inbox !== undefined && options.isLoweringDoubted?.(inbox) === true;
        const isOurs = inbox
          ? inbox.takeLowering(lowering, isDoubted)
          : lastInboxes.get(processId)?.takeEcho('lowered', lowering.notes);
        if (!isOurs) options.onLoweredByOthers?.(processId, isDoubted);
        if (!inbox) settled.add(processId, clock.next());
      };
      const acceptManual = (alarm: Alarm, answer: (isBegun: boolean) => void): void => {
        const isFree = !inboxes.has(alarm.processId);
        // Before the cycle starts, because it may end at once, and the caller must know of its begin first.
        answer(isFree);
        if (isFree) run(alarm, false);
      };
      const accept = (signal: AlarmSignal): void => {
        if (subscriber.closed) return;
        if (signal.kind === 'alarm') acceptAlarm(signal.alarm);
        else if (signal.kind === 'lowered') acceptLowering(signal.lowering);
        else if (signal.kind === 'manual') acceptManual(signal.alarm, signal.answer);
        else if (signal.kind === 'probe') signal.passed();
        else if (signal.kind === 'renamed')
          inboxes.get(signal.renaming.processId)?.takeRenaming(signal.renaming);
        else if (signal.kind === 'own-write') inboxes.get(signal.processId)?.takeOwnWrite();
        else {
          const { lowers } = signal.effect ?? NO_EFFECT;
          const { concerns } = signal;
          // A change of PROCESE that says whom it concerns is told as one.
          for (const id of concerns ?? inboxes.keys())
            inboxes.get(id)?.takePossibleRaise(includesProcess(lowers, id), concerns === undefined);
        }
      };

      subscriber.add(
        source.pipe(tap(accept)).subscribe({
          error: (error: unknown) => subscriber.error(error),
          complete: () => {
            sourceDone = true;
            if (inboxes.size === 0) subscriber.complete();
          },
        }),
      );
    });
}

/** The last inbox of a process recognises writes that come back late. */
const MAX_LAST_INBOXES = 5000;

/** The subscriber of a running cycle. */
class CycleRelay<E> extends ForwardingSubscriber<E> {
  #succeeded = false;

  constructor(
    to: Subscriber<E>,
    private readonly alarm: Alarm,
    private readonly inbox: CycleInbox,
    private readonly options: OneCyclePerProcessOptions<E>,
    private readonly end: (inbox: CycleInbox, processId: number, succeeded: boolean) => void,
  ) {
    super(to);
  }

  run(isFollowUp: boolean): void {
    const { options, alarm, inbox } = this;
    this.guard(() => options.cycle(alarm, inbox, isFollowUp).subscribe(this));
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
    const { options, alarm, inbox, to } = this;
    const faults = [...errors];
    try {
      options.onEnd?.(alarm, inbox, faults.length > 0);
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
    const { inbox, alarm } = this;
    this.unsubscribe();
    this.end(inbox, alarm.processId, this.#succeeded);
  }
}
