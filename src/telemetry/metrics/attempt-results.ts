import type { Counter, Registry } from 'prom-client';
import type { CycleEvent } from '../../domain/cycle/cycle-event.js';
import { createCounter } from './create-metric.js';

/** If the restart itself failed, the strategy is not known: `auto` may have tried two. */
const NO_STRATEGY = 'none';

/** Counts attempts by the strategy that restarted the process, and by result. */
export class AttemptResults {
  readonly #attempts: Counter<'process' | 'strategy' | 'result'>;
  /** The strategy by which the running attempt of a process has restarted it. */
  readonly #strategies = new Map<number, string>();

  constructor(registry: Registry) {
    this.#attempts = createCounter(registry, 'monitor_service_attempts_total');
  }

  onEvent(event: CycleEvent, process: string): void {
    const { processId } = event;
    switch (event.type) {
      case 'restarted':
        this.#strategies.set(processId, event.report.strategy);
        break;
      case 'verified':
        this.#strategies.delete(processId);
        this.#attempts.inc({ process, strategy: event.report.strategy, result: 'verified' });
        break;
      case 'attempt-failed': {
        const strategy = this.#strategies.get(processId) ?? NO_STRATEGY;
        this.#strategies.delete(processId);
        const result = event.step === 'verify' ? 'unhealthy' : 'restart-failed';
        this.#attempts.inc({ process, strategy, result });
        break;
      }
      default:
    }
  }
}
