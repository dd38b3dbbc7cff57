import { Observable } from 'rxjs';
import type { StreamSignal } from '../../domain/alarm/binlog.js';
import type { CycleEvent } from '../../domain/cycle/cycle-event.js';

/** Whoever wants to know what happens: log, state, status, metrics. It must not wait; nothing waits for it. */
export interface ServiceObserver {
  onEvent?(event: CycleEvent): void;
  onSignal?(signal: StreamSignal): void;
}

/** Tells everybody, in the order of the list. One who throws keeps it neither from the others nor from the cycles (R13). */
export class ObserverList {
  readonly #observers: Set<ServiceObserver>;

  constructor(
    observers: readonly ServiceObserver[],
    private readonly onFailure: (error: unknown) => void,
  ) {
    this.#observers = new Set(observers);
  }

  /** For those who come and go: the cycle events from the subscription on. Never completes. */
  readonly events = new Observable<CycleEvent>((subscriber) => {
    const observer: ServiceObserver = { onEvent: (event) => subscriber.next(event) };
    this.#observers.add(observer);
    return () => this.#observers.delete(observer);
  });

  tellEvent(event: CycleEvent): void {
    this.#tell((observer) => observer.onEvent?.(event));
  }

  tellSignal(signal: StreamSignal): void {
    this.#tell((observer) => observer.onSignal?.(signal));
  }

  #tell(tell: (observer: ServiceObserver) => void): void {
    // A copy: who is told may leave, and so change the list.
    for (const observer of [...this.#observers]) {
      try {
        tell(observer);
      } catch (error) {
        this.onFailure(error);
      }
    }
  }
}
