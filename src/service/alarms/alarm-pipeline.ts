import { finalize, merge, type Observable, of, Subject, type Subscription, takeUntil } from 'rxjs';
import {
  type Alarm,
  type AlarmSignal,
  createRequestedAlarm,
  type Trigger,
} from '../../domain/alarm/alarm.js';
import type { StreamSignal } from '../../domain/alarm/binlog-signal.js';
import type { CycleEvent } from '../../domain/cycle/cycle-event.js';
import { jittered } from '../../domain/jitter.js';
import { LogicalClock } from '../../domain/logical-clock.js';
import type { CycleCapacity } from '../../operators/cycle-capacity.js';
import { alarmSignals } from '../../streams/alarm-signals.js';
import type { CycleEffects } from '../../streams/cycle/effects.js';
import { handleAlarms } from '../../streams/handle-alarms.js';
import { heldBy } from '../../streams/held-by.js';
import { SuppressedAlarms } from '../../streams/suppressed-alarms.js';
import type { LiveConfig } from '../shared/live-config.js';
import type { ObserverList } from '../shared/observer-list.js';
import type { PersistentState } from '../state/persistent-state.js';
import type { TableReader } from '../table/table-reader.js';
import type { TableState } from '../table/table-state.js';
import { recheckAfterRestart } from './alarm-sources.js';

interface AlarmPipelineOptions {
  readonly settings: LiveConfig;
  readonly sources: {
    readonly binlog: Observable<StreamSignal>;
    readonly ticks: Observable<'check' | 'fallback'>;
    readonly reader: TableReader;
  };
  readonly effects: CycleEffects;
  readonly capacity: CycleCapacity;
  readonly state: PersistentState;
  readonly table: TableState;
  readonly observers: ObserverList;
}

/** The pipeline of the service: binlog and table in, restarts and cycle events out. */
export class AlarmPipeline {
  /** Resolves when the last cycle has ended, after `stop` or `abort`. */
  readonly ended: Promise<void>;
  readonly #requests = new Subject<AlarmSignal>();
  readonly #outOfCycleEvents = new Subject<CycleEvent>();
  readonly #reconcileRequests = new Subject<Trigger>();
  readonly #dropped = new Subject<void>();
  readonly #stopping = new Subject<void>();
  readonly #clock = new LogicalClock();
  readonly #suppressed: SuppressedAlarms;
  #resolveEnded: () => void = () => {};
  #subscription: Subscription | undefined;
  #isStopping = false;

  constructor(private readonly options: AlarmPipelineOptions) {
    this.#suppressed = new SuppressedAlarms(options.state.answered, options.effects.acknowledges);
    this.ended = new Promise((resolve) => {
      this.#resolveEnded = resolve;
    });
  }

  /** Whether `stop` was called: no new cycle begins. */
  get isStopping(): boolean {
    return this.#isStopping;
  }

  /** Subscribes to the sources. From here on alarms are handled. */
  start(): void {
    const { settings, state, table, observers } = this.options;
    state.breakers.halfOpened.subscribe((processId) => {
      const processName = table.names.nameOf(processId);
      this.tell({ type: 'half-opened', processId, processName, at: Date.now() });
    });
    this.#subscription = this.#events()
      .pipe(finalize(() => this.#resolveEnded()))
      .subscribe((event) => observers.tellEvent(event));
    // The new configuration may accept a refused alarm, or name another table. The trigger words are public, and none
    // of them means a reload. `reconnect` comes closest: the service may not know what is in the table.
    settings.reloaded.subscribe(() => {
      this.#suppressed.releaseAll();
      this.reconcile('reconnect');
    });
  }

  /** Begins no new cycle. Running cycles go on. */
  stop(): void {
    this.#isStopping = true;
    this.#stopping.next();
  }

  /** Unsubscribes from the running cycles, which kills their commands. */
  abort(): void {
    this.#subscription?.unsubscribe();
  }

  /** Sends a signal through the pipeline, as if it came from the binlog or the table. */
  send(signal: AlarmSignal): void {
    this.#requests.next(signal);
  }

  /** Passes an event that belongs to no cycle to the observers. */
  tell(event: CycleEvent): void {
    this.#outOfCycleEvents.next(event);
  }

  /** Requests a reading of the table. Cycles that it begins have this trigger. */
  reconcile(trigger: Trigger): void {
    this.#reconcileRequests.next(trigger);
  }

  /** Makes the alarm of this process eligible again before `check_interval`, although its last cycle failed. */
  release(processId: number): void {
    this.#suppressed.release(processId);
  }

  /** Whether the alarm was handled and stays raised because the service does not write to the table. */
  isAnswered(processId: number): boolean {
    return !this.options.effects.acknowledges() && this.#suppressed.answered.has(processId);
  }

  /**
   * Begins a cycle on request, whether an alarm is raised or not. Calls `onBegun` before the first event of the
   * cycle. Returns `running` if a cycle of this process runs already, `stopping` if no new cycle may begin.
   */
  requestCycle(
    { processId, processName }: { readonly processId: number; readonly processName: string },
    by: string,
    onBegun: () => void,
    trigger: 'manual' | 'restart-with' = 'manual',
  ): 'begun' | 'running' | 'stopping' {
    const answers: boolean[] = [];
    this.send({
      kind: 'manual',
      alarm: createRequestedAlarm(processId, processName, by, this.#now, this.#clock, trigger),
      answer(isBegun) {
        answers.push(isBegun);
        if (isBegun) onBegun();
      },
    });
    const [isBegun] = answers;
    if (isBegun === undefined) return 'stopping';
    return isBegun ? 'begun' : 'running';
  }

  get #now(): Pick<Alarm, 'seenAt' | 'steadyAt'> {
    const { wallNow, scheduler } = this.options.effects;
    return { seenAt: wallNow(), steadyAt: scheduler.now() };
  }

  /** Completes when the service stops and the last cycle has ended. */
  #events(): Observable<CycleEvent> {
    const { effects, state, observers } = this.options;
    const signals = merge(
      this.#alarmSignals(),
      recheckAfterRestart(state.unconfirmed.needsHealthCheck, this.#clock),
      this.#requests,
    ).pipe(takeUntil(this.#stopping));
    return merge(
      this.#outOfCycleEvents.pipe(takeUntil(this.#stopping)),
      handleAlarms(signals, {
        effects,
        suppressed: this.#suppressed,
        clock: this.#clock,
        reconcileRequests: this.#reconcileRequests,
        dropped: this.#dropped,
        capacity: this.options.capacity,
        watch: observers,
        onSettled: (processId) => state.unconfirmed.confirm(processId),
      }),
    );
  }

  #alarmSignals(): Observable<AlarmSignal> {
    const { settings, sources, state, effects } = this.options;
    const { binlog, ticks, reader } = sources;
    const isPaused = (processName: string, processId: number): boolean =>
      state.pauses.activeFor(processName, processId) !== undefined;
    return alarmSignals({
      stream: binlog,
      ticks,
      halfOpened: state.breakers.halfOpened,
      pausesEnded: merge(state.pauses.ended, state.pauses.maintenance.ended),
      isPaused,
      isFleet: () => settings.current.monitor.hostId !== undefined,
      random: Math.random,
      heldBy: (processName, processId) => heldBy(processName, processId, effects.admit, isPaused),
      dropped: this.#dropped,
      capacity: this.options.capacity,
      // Reads the table once at the start: alarms may have been raised while the service was down.
      reconcileRequests: merge(of<Trigger>('reconnect'), this.#reconcileRequests),
      isStreaming: effects.isStreaming,
      readStanding: (after) => reader.readStanding(after),
      onNoRoom: () => reader.count(),
      visibleWithinMs: () => settings.current.binlog.visibleWithinMs,
      retryAfterMs: () => jittered(settings.current.monitor.fallbackIntervalMs, Math.random),
      onReconcileError: (error) => reader.fail(error),
      onAllRead: () => reader.allRead(),
      suppressed: this.#suppressed,
      order: effects.order,
      clock: this.#clock,
      scheduler: effects.scheduler,
      wallNow: effects.wallNow,
    });
  }
}
