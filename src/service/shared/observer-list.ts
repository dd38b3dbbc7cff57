import { asapScheduler, filter, Observable, observeOn, takeUntil } from 'rxjs';
import type { Alarm } from '../../domain/alarm/alarm.js';
import type { StreamSignal } from '../../domain/alarm/binlog-signal.js';
import type { CycleEvent } from '../../domain/cycle/cycle-event.js';
import type { ServerChange } from '../../domain/database-server.js';
import { describeError } from '../../domain/errors.js';
import type { CycleObserver } from '../../streams/handle-alarms.js';
import type { Log } from '../../telemetry/log/log.js';
import { maskEvent, maskSignal } from './mask-events.js';

/**
 * A part that learns what happens: the log, the state, the status, the metrics. It must return quickly, because the
 * pipeline calls it synchronously.
 */
export interface ServiceObserver {
  onEvent?(event: CycleEvent): void;
  onSignal?(signal: StreamSignal): void;
  /** A reading of the table has ended. `problem` is the reason if it failed. */
  onReading?(problem: string | undefined): void;
  /** `beginsWithCheck`: a health check decides first whether a restart is needed. Called again if that is known only later. */
  onCycleBegin?(alarm: Alarm, beginsWithCheck: boolean): void;
  onCycleEnd?(processId: number): void;
  /** Another database server is used from now on, or it may write now, or no longer (R37). */
  onServerChange?(change: ServerChange): void;
  /** A new configuration was taken, or refused. */
  onReload?(): void;
}

/**
 * Calls every observer, in the order of the list. One that throws affects neither the others nor the cycles (R13). A
 * command or a server may have printed a secret; it is masked here, once, before the observers get it (R24).
 */
export class ObserverList implements CycleObserver {
  readonly #observers: Set<ServiceObserver>;

  constructor(
    observers: readonly ServiceObserver[],
    private readonly log: Log,
    private readonly mask: (text: string) => string = (text) => text,
  ) {
    this.#observers = new Set(observers);
  }

  /** The cycle events from the subscription on, for temporary observers. Never completes. */
  readonly events = new Observable<CycleEvent>((subscriber) =>
    this.add({ onEvent: (event) => subscriber.next(event) }),
  );

  /**
   * The events of the running cycle of this process, from the subscription on. Completes when it has ended; what is told of it in
   * the same turn belongs to it.
   */
  eventsOfCycle(processId: number): Observable<CycleEvent> {
    const ends = new Observable<number>((subscriber) =>
      this.add({ onCycleEnd: (ended) => subscriber.next(ended) }),
    );
    const isOver = ends.pipe(
      filter((ended) => ended === processId),
      observeOn(asapScheduler),
    );
    return this.events.pipe(
      filter((event) => event.processId === processId),
      takeUntil(isOver),
    );
  }

  /** For one that is made later; it is told last. Returns what takes it out again. */
  add(observer: ServiceObserver): () => void {
    this.#observers.add(observer);
    return () => void this.#observers.delete(observer);
  }

  tellEvent(event: CycleEvent): void {
    const masked = maskEvent(event, this.mask);
    this.#tell((observer) => observer.onEvent?.(masked));
  }

  tellSignal(signal: StreamSignal): void {
    const masked = maskSignal(signal, this.mask);
    this.#tell((observer) => observer.onSignal?.(masked));
  }

  tellReading(problem: string | undefined): void {
    const masked = problem === undefined ? undefined : this.mask(problem);
    this.#tell((observer) => observer.onReading?.(masked));
  }

  begun(alarm: Alarm, beginsWithCheck: boolean): void {
    this.#tell((observer) => observer.onCycleBegin?.(alarm, beginsWithCheck));
  }

  ended(processId: number): void {
    this.#tell((observer) => observer.onCycleEnd?.(processId));
  }

  tellServerChange(change: ServerChange): void {
    this.#tell((observer) => observer.onServerChange?.(change));
  }

  tellReload(): void {
    this.#tell((observer) => observer.onReload?.());
  }

  #tell(tell: (observer: ServiceObserver) => void): void {
    // Iterates over a copy, because an observer may leave while it is called.
    for (const observer of [...this.#observers]) {
      try {
        tell(observer);
      } catch (error) {
        this.log.error('monitor_service', `internal error, the service goes on: ${describeError(error)}`);
      }
    }
  }
}
